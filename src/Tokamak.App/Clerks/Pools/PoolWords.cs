using System.Globalization;
using Tokamak.App.Data;
using Tokamak.App.Web;

namespace Tokamak.App.Clerks.Pools;

/// <summary>How pools are spoken of, and how an amount is typed.</summary>
public static class PoolWords
{
    public static string Way(Texts t, PoolWay way) => way switch
    {
        PoolWay.Equal => t["pool.way.equal"],
        PoolWay.Hours => t["pool.way.hours"],
        PoolWay.ByHand => t["pool.way.byhand"],
        _ => throw new ArgumentOutOfRangeException(nameof(way), way, null),
    };

    /// <summary>In a file for payroll: never translated.</summary>
    public static string Code(PoolWay way) => way switch
    {
        PoolWay.Equal => "equal",
        PoolWay.Hours => "hours",
        PoolWay.ByHand => "by hand",
        _ => throw new ArgumentOutOfRangeException(nameof(way), way, null),
    };

    /// <summary>An amount of the currency, its thousands apart or not, 0 or more; nothing for none.</summary>
    /// <param name="typed">As people type it.</param>
    /// <param name="decimals">Of the currency.</param>
    /// <param name="units">In the smallest unit; null for none.</param>
    public static bool IsAmount(string? typed, int decimals, out long? units)
    {
        units = null;
        var text = (typed ?? "").Trim();
        if (text.Length == 0) return true;
        if (!decimal.TryParse(text, NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) || amount > Most) return false;
        for (var i = 0; i < decimals; i++) amount *= 10;
        if (amount % 1 != 0) return false;
        units = (long)amount;
        return true;
    }

    /// <summary>Above any store's pool, and small enough for any number of decimals.</summary>
    private const decimal Most = 1_000_000_000_000;
}
