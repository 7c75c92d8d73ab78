namespace Tokamak.App.Referral.Pages;

/// <summary>Shares for showing; never computed with.</summary>
public static class Share
{
    private const int Whole = 10_000;

    /// <summary>Basis points of a part in a whole, halves away from zero; null where there is no whole to speak of.</summary>
    public static long? Bps(Int128 part, Int128 whole)
    {
        if (whole <= 0) return null;
        var twice = Int128.Abs(part) * Whole * 2;
        var rounded = (twice + whole) / (whole * 2);
        return long.CreateSaturating(part < 0 ? -rounded : rounded);
    }
}
