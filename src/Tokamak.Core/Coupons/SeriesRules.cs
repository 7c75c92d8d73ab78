namespace Tokamak.Core.Coupons;

/// <summary>What is wrong with a series that somebody wants to make; one for each field that may be wrong.</summary>
public enum SeriesFault : byte { Id, Name, SharedCode, SharedHolder, Channels, Stores, Validity, TotalUses, MemberUses, Department }

/// <summary>Whether a series may be made.</summary>
public static class SeriesRules
{
    public const int MostLettersOfId = 40, MostLettersOfName = 60, MostLettersOfDepartment = 40, MostStores = 500;

    /// <summary>A billion: more than anybody issues.</summary>
    public const long MostUses = 1_000_000_000;

    // Addresses of pages beside that of a series.
    private static readonly string[] Reserved = ["new", "clearing"];

    /// <summary>Everything that is wrong, in the order of the fields.</summary>
    public static IReadOnlyList<SeriesFault> Check(CouponSeries series)
    {
        List<SeriesFault> faults = [];
        if (!IsId(series.Id)) faults.Add(SeriesFault.Id);
        if (!IsText(series.Name.ZhTw, MostLettersOfName) || !IsText(series.Name.En, MostLettersOfName)) faults.Add(SeriesFault.Name);
        if (series.Kind == CouponKind.SharedCode != series.SharedCode is not null || (series.SharedCode is { } shared && !CouponKey.IsShared(shared))) faults.Add(SeriesFault.SharedCode);
        // What many know is in nobody's wallet.
        if (series is { Kind: CouponKind.SharedCode, Holding: CouponHolding.HolderOnly }) faults.Add(SeriesFault.SharedHolder);
        if (series.Channels is { } channels && (channels.Count == 0 || !channels.All(channel => channel is CouponSeries.StoreChannel or CouponSeries.OnlineChannel))) faults.Add(SeriesFault.Channels);
        if (series.Stores is { } stores && (stores.Count is 0 or > MostStores || series.Channels?.Contains(CouponSeries.StoreChannel) == false)) faults.Add(SeriesFault.Stores);
        if (series.Until <= series.From) faults.Add(SeriesFault.Validity);
        if (series.TotalUses is < 1 or > MostUses) faults.Add(SeriesFault.TotalUses);
        if (series.MemberUses is < 1 or > MostUses) faults.Add(SeriesFault.MemberUses);
        if (series.Department.Length > 0 && !IsText(series.Department, MostLettersOfDepartment)) faults.Add(SeriesFault.Department);
        return faults;
    }

    public static bool IsId(string text) =>
        text.Length is >= 1 and <= MostLettersOfId && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') && !Reserved.Contains(text, StringComparer.OrdinalIgnoreCase);

    private static bool IsText(string text, int most) => text.Length >= 1 && text.Length <= most && text == text.Trim() && !text.Any(char.IsControl);
}
