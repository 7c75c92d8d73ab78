using System.Collections.Concurrent;
using Tokamak.App.Data;
using Tokamak.App.Web;

namespace Tokamak.App.Referral.Reading;

/// <summary>
/// What is kept in memory of every brand: names, policy, roster and settled months, each as long as it holds. One for the life of the
/// process. Months are read by one request at a time; while somebody reads them anew, others are given those known a moment ago.
/// </summary>
public sealed class BookShelf(Databases databases, TimeProvider time)
{
    /// <summary>So long ago months may have been the newest, for those who would have to wait for newer ones.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Shelved> _brands = new();

    public Databases Databases => databases;

    private sealed class Shelved
    {
        public KnownBooks? Known { get; set; }
        public Held? Held { get; set; }
        public SemaphoreSlim Reading { get; } = new(1, 1);
    }

    /// <summary>Months with what they rest on beside postings, and when they were last seen to be the newest.</summary>
    private sealed record Held(SettledMonths Months, KnownBooks Of)
    {
        public long NewestAt { get; set; }
    }

    /// <summary>Names, policy and roster as this turn sees them.</summary>
    public async Task<KnownBooks> KnownAsync(Turn turn, string brand, CancellationToken stop)
    {
        var shelved = Of(brand);
        var mark = await BookMark.ReadAsync(turn, stop);
        var before = shelved.Known;
        if (before?.Mark == mark) return before;
        return shelved.Known = await KnownBooks.ReadAsync(turn, mark, before, stop);
    }

    /// <summary>The brand's months: as this turn sees them, or as they were a moment ago while they are being read anew.</summary>
    public async Task<SettledMonths> MonthsAsync(Turn turn, string brand, KnownBooks known, CancellationToken stop)
    {
        var shelved = Of(brand);
        if (Fresh(shelved, known) is { } fresh) return fresh;
        if (Usable(shelved, known) is { } recent && recent.Of.Mark.LastClosed == known.Mark.LastClosed && time.GetElapsedTime(recent.NewestAt) < Believed)
        {
            if (shelved.Reading.CurrentCount > 0) _ = Task.Run(() => RenewAsync(brand), CancellationToken.None);
            return recent.Months;
        }
        return await ReadAsync(turn, shelved, known, stop);
    }

    /// <summary>Reads the months anew beside the requests. What is wrong is met by the next request that must wait for them.</summary>
    private async Task RenewAsync(string brand)
    {
        try
        {
            await using var turn = await (await databases.BrandAsync(brand, CancellationToken.None)).BeginReadAsync(CancellationToken.None);
            await ReadAsync(turn, Of(brand), await KnownAsync(turn, brand, CancellationToken.None), CancellationToken.None);
        }
        catch (Exception e) when (e is WrongDatabaseException || DatabaseTrouble.Is(e))
        {
        }
    }

    private async Task<SettledMonths> ReadAsync(Turn turn, Shelved shelved, KnownBooks known, CancellationToken stop)
    {
        await shelved.Reading.WaitAsync(stop);
        try
        {
            if (Fresh(shelved, known) is { } read) return read;
            var months = await SettledMonths.ReadAsync(turn, known.Rules, Usable(shelved, known)?.Months, stop);
            shelved.Held = new Held(months, known) { NewestAt = time.GetTimestamp() };
            return months;
        }
        finally
        {
            shelved.Reading.Release();
        }
    }

    private Shelved Of(string brand) => _brands.GetOrAdd(brand, _ => new Shelved());

    private SettledMonths? Fresh(Shelved shelved, KnownBooks known)
    {
        // A turn that began before another's reading sees less: what is held is newer.
        if (Usable(shelved, known) is not { } held || held.Months.Postings < known.Mark.Postings || held.Of.Mark.LastClosed != known.Mark.LastClosed) return null;
        if (held.Months.Postings == known.Mark.Postings) held.NewestAt = time.GetTimestamp();
        return held.Months;
    }

    private static Held? Usable(Shelved shelved, KnownBooks known) =>
        shelved.Held is { } held && ReferenceEquals(held.Of.Roster, known.Roster) && ReferenceEquals(held.Of.Policy, known.Policy) ? held : null;
}
