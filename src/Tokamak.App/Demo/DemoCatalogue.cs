using Tokamak.Core.Referral;

namespace Tokamak.App.Demo;

/// <summary>What the demo brand sells and what a basket looks like, in New Taiwan dollars.</summary>
internal static class DemoCatalogue
{
    private sealed record Category(string Name, int SummerWeight, int WinterWeight, int[] Prices);

    private static readonly Category[] Categories =
    [
        new("tops", 34, 24, [390, 490, 590, 690, 790, 890, 990, 1280]),
        new("bottoms", 22, 18, [690, 890, 990, 1190, 1290, 1490, 1980]),
        new("outerwear", 5, 20, [1580, 1980, 2480, 2980, 3680, 4280, 5980]),
        new("shoes", 16, 16, [1280, 1680, 1980, 2480, 2980, 3480, 4280]),
        new("bags", 8, 8, [890, 1280, 1680, 1980, 2480, 3280]),
        new("accessories", 15, 14, [290, 390, 490, 590, 690, 880]),
    ];

    private static readonly int[] Summer = [.. Categories.Select(category => category.SummerWeight)];
    private static readonly int[] Winter = [.. Categories.Select(category => category.WinterWeight)];
    private static readonly int[] LineCounts = [52, 30, 13, 5];
    private static readonly int[] Quantities = [86, 11, 3];
    private static readonly int[] PayPercents = [100, 90, 85, 80, 70];
    private static readonly int[] UsualDiscounts = [58, 19, 11, 8, 4];
    private static readonly int[] AnniversaryDiscounts = [22, 20, 22, 24, 12];

    /// <summary>The lines of one sale: its discount shared by all lines, points spent on the first.</summary>
    public static SaleLine[] Basket(Dice dice, DateOnly day, Fulfil fulfil, bool member)
    {
        var weights = day.Month is >= 4 and <= 9 ? Summer : Winter;
        var pay = PayPercents[dice.Weighted(DemoCalendar.Anniversary(day) ? AnniversaryDiscounts : UsualDiscounts)];
        var points = member && dice.Chance(120) ? dice.Between(1, 6) * 50 : 0;
        var lines = new SaleLine[dice.Weighted(LineCounts) + 1];
        for (var i = 0; i < lines.Length; i++)
        {
            var category = Categories[dice.Weighted(weights)];
            var quantity = dice.Weighted(Quantities) + 1;
            var net = (long)dice.Pick(category.Prices) * quantity * pay / 100;
            lines[i] = new SaleLine(i + 1, category.Name, quantity, Math.Max(0, net - (i == 0 ? points : 0)), fulfil, null);
        }
        return lines;
    }
}
