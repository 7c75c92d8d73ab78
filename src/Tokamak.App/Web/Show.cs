using System.Globalization;
using Tokamak.App.Brands;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Web;

/// <summary>
/// How figures and dates are written, in one place and independent of the machine's settings. Amounts are in the
/// brand's whole units and shown exactly; rates round halves away from zero.
/// </summary>
/// <param name="language">Of the person who reads.</param>
/// <param name="currency">Of the brand; Taiwan's dollar where nothing is said.</param>
public sealed class Show(Language language, Currency? currency = null)
{
    /// <summary>U+2212: as wide as the figures, and read out as "minus", which a hyphen is not.</summary>
    public const string Minus = "−";

    private const int BasisPointsPerTenthPercent = 10;
    private const int CommissionDecimals = 4;
    private readonly Currency _currency = currency ?? Currency.Taiwan;

    private bool Chinese => language == Language.Chinese;

    public Currency Currency => _currency;

    public string Money(Int128 amount) => Money(amount, _currency.Decimals);

    /// <summary>An amount in ten-thousandths of a unit, as commission is posted (R12): to the last of them.</summary>
    public string MoneyE4(Int128 amountE4) => Money(amountE4, _currency.Decimals + CommissionDecimals);

    /// <summary>An amount without the currency, for a table whose heading names it.</summary>
    public string Amount(Int128 amount) => Money(amount, _currency.Decimals, unit: "");

    /// <summary>As <see cref="MoneyE4"/>, without the currency.</summary>
    public string AmountE4(Int128 amountE4) => Money(amountE4, _currency.Decimals + CommissionDecimals, unit: "");

    /// <summary>An amount as it is typed into a field: without currency, thousands together.</summary>
    public string Plain(Int128 amount) => Money(amount, _currency.Decimals, unit: "").Replace(",", "", StringComparison.Ordinal);

    /// <summary>A difference of two amounts, always with a sign.</summary>
    public string MoneyChange(Int128 difference) => (difference > 0 ? "+" : "") + Money(difference);

    public string Count(long count) => Signed(count, Grouped);

    /// <summary>Basis points as per cent with one decimal: 1234 is 12.3%.</summary>
    public string Rate(long basisPoints) =>
        Signed(Tenths(basisPoints), tenths => $"{Grouped(tenths / 10)}.{(int)(tenths % 10)}%");

    /// <summary>Basis points as per cent with all their decimals: 225 is 2.25%, 300 is 3%.</summary>
    public string ExactRate(long basisPoints) => Signed(basisPoints, size =>
        $"{Grouped(size / 100)}.{((long)(size % 100)).ToString("00", CultureInfo.InvariantCulture)}".TrimEnd('0').TrimEnd('.') + "%");

    /// <summary>A difference of two rates, in percentage points and always with a sign.</summary>
    public string RateChange(long basisPoints)
    {
        var tenths = Tenths(basisPoints);
        var points = Signed(tenths, t => $"{Grouped(t / 10)}.{(int)(t % 10)}");
        return (tenths > 0 ? "+" : "") + points + (Chinese ? " 個百分點" : " pp");
    }

    public string Month(Month month) => Chinese
        ? $"{Year(month.Year)}年{month.FirstDay.Month}月"
        : month.FirstDay.ToString("MMMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>For the axis of a chart.</summary>
    public string ShortMonth(Month month) => Chinese
        ? $"{Year(month.Year)}/{month.FirstDay.Month}"
        : month.FirstDay.ToString("MMM yyyy", CultureInfo.InvariantCulture);

    public string Day(DateOnly day) => Chinese
        ? $"{Year(day.Year)}年{day.Month}月{day.Day}日"
        : day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>Date and time of day on a clock in that zone.</summary>
    public string Moment(Instant at, Zone zone)
    {
        var local = new DateTime(at.Ticks, DateTimeKind.Unspecified).AddSeconds(zone.OffsetSecondsAt(at));
        return $"{Day(DateOnly.FromDateTime(local))} {local.ToString("HH:mm", CultureInfo.InvariantCulture)}";
    }

    private static long Tenths(long basisPoints)
    {
        var tenths = basisPoints / BasisPointsPerTenthPercent;
        var rest = basisPoints % BasisPointsPerTenthPercent;
        return tenths + (Math.Abs(rest) * 2 >= BasisPointsPerTenthPercent ? Math.Sign(rest) : 0);
    }

    private static string Signed(Int128 value, Func<Int128, string> write, string unit = "") =>
        (value < 0 ? Minus : "") + unit + write(Int128.Abs(value));

    private string Money(Int128 amount, int decimals) => Money(amount, decimals, _currency.Sign + " ");

    private static string Money(Int128 amount, int decimals, string unit)
    {
        Int128 one = 1;
        for (var i = 0; i < decimals; i++) one *= 10;
        return Signed(amount, size => decimals == 0 ? Grouped(size) : $"{Grouped(size / one)}.{((long)(size % one)).ToString(CultureInfo.InvariantCulture).PadLeft(decimals, '0')}", unit);
    }

    private static string Grouped(Int128 value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Year(int year) => year.ToString(CultureInfo.InvariantCulture);
}
