using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Members;

namespace Tokamak.App.Intake.People;

/// <summary>
/// What the database knows of the members and keys of one batch, asked with a fixed number of questions however many they are, and
/// what the batch adds to it. Keys of others that nobody proved are not asked for: a made-up number may be half the brand's.
/// </summary>
internal sealed class KnownMembers
{
    private readonly Dictionary<string, string> _roots = new(StringComparer.Ordinal);
    private readonly Dictionary<MemberKey, string> _proved = [];
    private readonly Dictionary<(string Root, MemberKey Key), MemberKeyRow> _keys = [];

    public Dictionary<string, PersonRow> People { get; private set; } = new(StringComparer.Ordinal);

    public Dictionary<(string Member, string Purpose, long AtTicks), ConsentRow> Consents { get; private set; } = [];

    public IReadOnlySet<string> MayNotComeBack { get; private set; } = new HashSet<string>();

    /// <summary>Who an id is now, by merges.</summary>
    public string RootOf(string member) => _roots.GetValueOrDefault(member, member);

    /// <summary>Whose key it is, proved; null: nobody's.</summary>
    public string? HolderOf(MemberKey key) => _proved.GetValueOrDefault(key);

    /// <summary>The key as one of somebody's ids has it.</summary>
    public MemberKeyRow? KeyOf(string member, MemberKey key) => _keys.GetValueOrDefault((RootOf(member), key));

    public void Add(MemberKeyRow row)
    {
        var key = new MemberKey((KeyKind)row.Kind, row.Value);
        // Two ids of one person may both have it: the one that proved it counts.
        if (row.ProvedAtTicks is not null) _keys[(RootOf(row.Member), key)] = row;
        else _keys.TryAdd((RootOf(row.Member), key), row);
        if (row.ProvedAtTicks is not null) _proved[key] = row.Member;
    }

    public static async Task<KnownMembers> LoadAsync(Turn turn, IReadOnlyList<IncomingMember> batch, CancellationToken stop)
    {
        var known = new KnownMembers();
        foreach (var ofKind in batch.SelectMany(member => member.Keys).Where(claim => claim.IsVerified).Select(claim => claim.Key).Distinct().GroupBy(key => key.Kind))
            foreach (var row in await ProvedAsync(turn, ofKind.Key, [.. ofKind.Select(key => key.Value)], stop)) known.Add(row);
        List<string> ids = [.. batch.Select(member => member.Id ?? known.HolderOf(TheirId(member))).OfType<string>().Distinct()];
        // Of holders the roots are asked for as well, since merges may have made them one with somebody of the batch.
        await using var books = turn.Books();
        var holders = known._proved.Values.Concat(ids).Distinct().ToList();
        foreach (var row in await books.Members.Where(member => holders.Contains(member.Id) && member.Id != member.Root).Select(member => new { member.Id, member.Root }).ToListAsync(stop)) known._roots[row.Id] = row.Root;
        var roots = ids.Select(known.RootOf).Distinct().ToList();
        var merged = await books.Members.Where(member => roots.Contains(member.Root) && member.Id != member.Root).Select(member => new { member.Id, member.Root }).ToListAsync(stop);
        foreach (var row in merged) known._roots[row.Id] = row.Root;
        var families = roots.Concat(merged.Select(row => row.Id)).ToList();
        known._keys.Clear();
        foreach (var row in await books.MemberKeys.Where(key => families.Contains(key.Member)).ToListAsync(stop)) known.Add(row);
        known.People = await books.People.Where(person => ids.Contains(person.Member)).ToDictionaryAsync(person => person.Member, StringComparer.Ordinal, stop);
        known.Consents = (await books.Consents.Where(consent => ids.Contains(consent.Member)).ToListAsync(stop)).ToDictionary(row => (row.Member, row.Purpose, row.AtTicks));
        known.MayNotComeBack = await MayComeBack.RefusedAsync(turn, ids, stop);
        return known;
    }

    /// <summary>The key that stands for the id of somebody who comes without one.</summary>
    public static MemberKey TheirId(IncomingMember member) => member.Keys.First(claim => claim.IsVerified && claim.Key.Kind == KeyKind.Foreign).Key;

    private static Task<List<MemberKeyRow>> ProvedAsync(Turn turn, KeyKind kind, List<string> values, CancellationToken stop) => turn.ReadAsync(
        $"select kind, value, member, added_at_ticks, proved_at_ticks from member_key where kind = @kind and {turn.IsOneOf("member_key.value", "values")} and proved_at_ticks is not null",
        row => new MemberKeyRow { Kind = row.GetInt16(0), Value = row.GetString(1), Member = row.GetString(2), AddedAtTicks = row.GetInt64(3), ProvedAtTicks = row.GetInt64(4) },
        stop, ("kind", (short)kind), turn.List("values", values));
}
