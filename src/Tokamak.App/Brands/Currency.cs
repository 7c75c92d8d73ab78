namespace Tokamak.App.Brands;

/// <summary>
/// How a brand's amounts are to be read: the ISO code of its policy, and how many decimals its whole units stand for
/// (TWD is traded in whole dollars: 0; cents: 2). Facts know only whole units; this is for showing them.
/// </summary>
public sealed record Currency(string Code, int Decimals)
{
    public const int MostDecimals = 6;

    public static readonly Currency Taiwan = new("TWD", 0);

    /// <summary>What stands before an amount.</summary>
    public string Sign => Code == Taiwan.Code ? "NT$" : Code;
}
