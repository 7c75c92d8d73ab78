using System.Globalization;

namespace Tokamak.Core.Kernel;

/// <summary>A calendar month, which is also a settlement period (R14). Written <c>2026-01</c>. The default is 0001-01.</summary>
public readonly record struct Month(int Index) : IComparable<Month>
{
    public static Month Of(DateOnly day) => new(((day.Year - 1) * 12) + day.Month - 1);

    public int Year => (Index / 12) + 1;
    public DateOnly FirstDay => new(Year, (Index % 12) + 1, 1);
    public DateOnly LastDay => new(Year, (Index % 12) + 1, DateTime.DaysInMonth(Year, (Index % 12) + 1));
    public Month Next => new(Index + 1);

    public int CompareTo(Month other) => Index.CompareTo(other.Index);
    public static bool operator <(Month a, Month b) => a.Index < b.Index;
    public static bool operator >(Month a, Month b) => a.Index > b.Index;
    public static bool operator <=(Month a, Month b) => a.Index <= b.Index;
    public static bool operator >=(Month a, Month b) => a.Index >= b.Index;

    public override string ToString() => FirstDay.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    public static bool TryParse(string? text, out Month month)
    {
        month = default;
        if (!DateOnly.TryParseExact(text + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return false;
        month = Of(day);
        return true;
    }
}
