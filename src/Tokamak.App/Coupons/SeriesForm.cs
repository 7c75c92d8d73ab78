using System.Globalization;
using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Coupons;

/// <summary>A new series as it was typed: texts, so that what cannot be read goes back as it was.</summary>
public sealed class SeriesForm
{
    public string? Id { get; set; }
    public string? NameZh { get; set; }
    public string? NameEn { get; set; }
    public string? Issuer { get; set; }
    public string? Kind { get; set; }
    public string? SharedCode { get; set; }
    public string? Channel { get; set; }
    public List<string>? Stores { get; set; }
    public string? Holding { get; set; }
    public string? From { get; set; }

    /// <summary>The last day.</summary>
    public string? Until { get; set; }
    public string? Total { get; set; }
    public string? Each { get; set; }
    public string? OnReturn { get; set; }
    public string? Bearer { get; set; }
    public string? Department { get; set; }

    /// <summary>What was meant, with all that is wrong with it, each once.</summary>
    public (CouponSeries Series, IReadOnlyList<SeriesFault> Faults) Read(Zone zone)
    {
        List<SeriesFault> faults = [];
        var kind = WordOf(Kind, CouponKind.RandomCodes);
        var series = new CouponSeries
        {
            Id = Plain(Id), Name = new CouponName(Plain(NameZh), Plain(NameEn)), IssuingStore = Plain(Issuer) is { Length: > 0 } store ? store : null, Kind = kind,
            // What was typed for the other kind is left alone.
            SharedCode = kind == CouponKind.SharedCode ? Plain(SharedCode) : null,
            Channels = Channel is CouponSeries.StoreChannel or CouponSeries.OnlineChannel ? [Channel] : null, Stores = Stores is { Count: > 0 } ? [.. Stores.Distinct().Order(StringComparer.Ordinal)] : null,
            Holding = kind == CouponKind.SharedCode ? CouponHolding.Transferable : WordOf(Holding, CouponHolding.HolderOnly),
            From = DayOf(From, zone, 0, faults), Until = DayOf(Until, zone, 1, faults), TotalUses = CountOf(Total, SeriesFault.TotalUses, faults), MemberUses = CountOf(Each, SeriesFault.MemberUses, faults),
            OnReturn = WordOf(OnReturn, CouponOnReturn.GiveBack), Bearer = WordOf(Bearer, CouponBearer.Issuer), Department = Plain(Department),
        };
        faults.AddRange(SeriesRules.Check(series));
        return (series, [.. faults.Distinct()]);
    }

    private static string Plain(string? typed) => (typed ?? "").Trim();

    private static TWord WordOf<TWord>(string? typed, TWord otherwise)
        where TWord : struct, Enum => Enum.TryParse<TWord>(typed, out var word) && Enum.IsDefined(word) ? word : otherwise;

    private static Instant? DayOf(string? typed, Zone zone, int daysLater, List<SeriesFault> faults)
    {
        if (Plain(typed).Length == 0) return null;
        if (DateOnly.TryParseExact(typed, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1 and < 9999)
            return zone.InstantOf(day.AddDays(daysLater).ToDateTime(TimeOnly.MinValue));
        faults.Add(SeriesFault.Validity);
        return null;
    }

    private static long? CountOf(string? typed, SeriesFault fault, List<SeriesFault> faults)
    {
        if (Plain(typed).Length == 0) return null;
        if (long.TryParse(Plain(typed), NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var count)) return count;
        faults.Add(fault);
        return null;
    }
}
