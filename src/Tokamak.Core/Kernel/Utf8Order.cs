namespace Tokamak.Core.Kernel;

/// <summary>
/// Compares texts as their UTF-8 bytes would. That is the order of their UTF-16 units but where one text has a character beyond the Basic
/// Multilingual Plane (written there by two surrogates, D800 to DFFF) and the other one of U+E000 to U+FFFF.
/// </summary>
public sealed class Utf8Order : IComparer<string>
{
    public static readonly Utf8Order Instance = new();

    private Utf8Order()
    {
    }

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null) return x is null ? (y is null ? 0 : -1) : 1;
        var common = x.AsSpan().CommonPrefixLength(y);
        if (common == x.Length || common == y.Length) return x.Length.CompareTo(y.Length);
        var (a, b) = (x[common], y[common]);
        return (char.IsSurrogate(a), char.IsSurrogate(b)) switch
        {
            (true, false) => b >= '\uE000' ? 1 : a.CompareTo(b),
            (false, true) => a >= '\uE000' ? -1 : a.CompareTo(b),
            _ => a.CompareTo(b),
        };
    }
}
