using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Brands;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Posting;

/// <summary>Stores versions of a brand's policy. A version never changes, and none begins in a closed or past period (R16), or years ahead.</summary>
public static class ImportPolicy
{
    private const int MostYearsAhead = 2;

    /// <param name="turn">A write turn.</param>
    /// <param name="json">One version or a list, as in a policy file.</param>
    /// <param name="now">For the record.</param>
    /// <param name="today">The brand's day; null to take it from <paramref name="now"/>.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>The versions stored, or what is wrong, by JSON path.</returns>
    public static async Task<(IReadOnlyList<PolicyVersion> Stored, IReadOnlyList<Fault> Faults)> RunAsync(
        Turn turn, ReadOnlyMemory<byte> json, Instant now, DateOnly? today, CancellationToken stop)
    {
        var faults = new List<Fault>();
        if (PolicyReader.Read(json, Zones.Find, faults) is not { } policy) return ([], faults);

        using var document = JsonDocument.Parse(json);
        var given = Versions(document.RootElement).ToDictionary(version => version.GetProperty("version").GetInt32());
        await using var books = turn.Books();
        var stored = await books.PolicyVersions.OrderBy(version => version.Version).ToListAsync(stop);
        foreach (var row in stored)
        {
            if (!given.Remove(row.Version, out var again)) continue;
            using var body = JsonDocument.Parse(row.Body);
            if (!JsonElement.DeepEquals(again, body.RootElement))
                faults.Add(new Fault($"version {row.Version} is stored already and says something else; versions never change: give yours the next number", Path: "$.version"));
        }
        var fresh = policy.Versions.Where(version => given.ContainsKey(version.Version)).ToList();
        if (faults.Count > 0 || fresh.Count == 0) return ([], faults);

        var together = stored.Select(row => row.Body).Concat(fresh.Select(version => given[version.Version].GetRawText()));
        if (PolicyReader.Read(Encoding.UTF8.GetBytes($"[{string.Join(',', together)}]"), Zones.Find, faults) is not { } whole) return ([], faults);
        var day = today ?? whole.Zone.DayOf(now);
        faults.AddRange(await TooEarlyAsync(books, fresh, day, stop));
        faults.AddRange(TooLate(fresh, LatestOf(day)));
        if (faults.Count > 0) return ([], faults);

        var facts = (await books.Books.SingleAsync(stop)).Facts;
        await turn.InsertAsync(
        [
            .. fresh.Select(version => new PolicyVersionRow
            {
                Version = version.Version, EffectiveFrom = version.EffectiveFrom, Body = given[version.Version].GetRawText(), Facts = facts, StoredAtTicks = now.Ticks,
            }),
        ], stop);
        await ReachAsync(turn, whole.Zone.InstantOf(fresh.Min(version => version.EffectiveFrom).ToDateTime(TimeOnly.MinValue)), stop);
        return (fresh, []);
    }

    private static List<JsonElement> Versions(JsonElement root) => root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : [root];

    /// <summary>The first day on which a new version may begin: where nothing has been posted yet any will do (null); afterwards what is over is over.</summary>
    public static async Task<DateOnly?> EarliestAsync(BrandContext books, DateOnly today, CancellationToken stop) =>
        await books.Facts.AnyAsync(stop) ? EarliestAfter(await ClosedAsync(books, stop), today) : null;

    /// <summary>The last day on which a new version may begin. The next must begin after it, so that a mistyped year would stand in the way of every other for good.</summary>
    public static DateOnly LatestOf(DateOnly today) => today.Year > DateOnly.MaxValue.Year - MostYearsAhead ? DateOnly.MaxValue : today.AddYears(MostYearsAhead);

    private static IEnumerable<Fault> TooLate(List<PolicyVersion> fresh, DateOnly latest) => fresh.Where(version => version.EffectiveFrom > latest).Select(version => new Fault(
        $"version {version.Version} begins on {version.EffectiveFrom:yyyy-MM-dd}, more than {MostYearsAhead} years ahead; let it begin on {latest:yyyy-MM-dd} or earlier", Path: "$.effectiveFrom") { Kind = FaultKind.TooLate });

    private static DateOnly EarliestAfter(Month? closed, DateOnly today) => (closed >= Month.Of(today) ? closed.Value.Next : Month.Of(today)).FirstDay;

    private static async Task<Month?> ClosedAsync(BrandContext books, CancellationToken stop) =>
        Month.TryParse(await books.Periods.MaxAsync(period => (string?)period.Month, stop), out var month) ? month : null;

    private static async Task<IEnumerable<Fault>> TooEarlyAsync(BrandContext books, List<PolicyVersion> fresh, DateOnly today, CancellationToken stop)
    {
        if (await EarliestAsync(books, today, stop) is not { } earliest) return [];
        var closed = await ClosedAsync(books, stop);
        return fresh.Where(version => version.EffectiveFrom < earliest).Select(version => new Fault(
            $"version {version.Version} begins on {version.EffectiveFrom:yyyy-MM-dd}, in a period that is {(Month.Of(version.EffectiveFrom) <= closed ? "closed" : "past")}; let it begin on {earliest:yyyy-MM-dd} or later", Path: "$.effectiveFrom") { Kind = FaultKind.TooEarly });
    }

    /// <summary>
    /// Members with facts from the first new version's date on, and sales of nobody's made since (R16), are derived anew. Found by what members
    /// and sales stand at: the facts themselves lie in the order in which they came, and to look through them all would hold up whoever writes.
    /// </summary>
    private static async Task ReachAsync(Turn turn, Instant from, CancellationToken stop)
    {
        await turn.ExecuteAsync(
            "insert into work (kind, name, cause) select 0, id, 'new policy' from member where id = root and last_at_ticks >= @from on conflict do nothing", stop, ("from", from.Ticks));
        await turn.ExecuteAsync(
            "insert into work (kind, name, cause) select 1, id, 'new policy' from sale where member is null and at_ticks >= @from on conflict do nothing", stop, ("from", from.Ticks));
    }
}
