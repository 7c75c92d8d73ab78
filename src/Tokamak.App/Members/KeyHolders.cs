using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Members;

namespace Tokamak.App.Members;

/// <summary>Who has which keys. A key belongs to the id that came with it; whose that is now, merges say.</summary>
internal static class KeyHolders
{
    /// <summary>Whoever has one of the keys, once for each.</summary>
    public static async Task<List<KeyHolder>> OfAsync(Turn turn, IReadOnlyCollection<MemberKey> keys, CancellationToken stop)
    {
        if (keys.Count == 0) return [];
        await using var books = turn.Books();
        var values = keys.Select(key => key.Value).Distinct().ToList();
        var found = (await (from key in books.MemberKeys.Where(key => values.Contains(key.Value))
                            join named in books.Members on key.Member equals named.Id into known
                            from named in known.DefaultIfEmpty()
                            select new { key.Kind, key.Value, IsProved = key.ProvedAtTicks != null, Root = named == null ? key.Member : named.Root }).ToListAsync(stop))
            .Select(row => (Key: new MemberKey((KeyKind)row.Kind, row.Value), row.IsProved, Member: new MemberId(row.Root))).Where(row => keys.Contains(row.Key)).ToList();
        if (found.Count == 0) return [];
        var families = await FamiliesAsync(turn, [.. found.Select(row => row.Member).Distinct()], stop);
        var ids = families.Values.SelectMany(family => family).Select(id => id.Value).ToList();
        var proved = (await books.MemberKeys.Where(key => ids.Contains(key.Member) && key.ProvedAtTicks != null).Select(key => key.Member).Distinct().ToListAsync(stop)).ToHashSet();
        var birthdays = await books.People.Where(person => ids.Contains(person.Member) && person.Birthday != null).ToDictionaryAsync(person => person.Member, person => person.Birthday, stop);
        return
        [
            .. found.GroupBy(row => (row.Key, row.Member)).Select(same =>
            {
                var family = families[same.Key.Member];
                return new KeyHolder(
                    same.Key.Member, same.Key.Key, same.Any(row => row.IsProved), family.Any(id => proved.Contains(id.Value)),
                    family.Select(id => birthdays.GetValueOrDefault(id.Value)).FirstOrDefault(day => day is not null));
            }),
        ];
    }

    /// <summary>All ids that are one person now, by who that is; the person's own first.</summary>
    public static async Task<Dictionary<MemberId, List<MemberId>>> FamiliesAsync(Turn turn, IReadOnlyCollection<MemberId> roots, CancellationToken stop)
    {
        await using var books = turn.Books();
        var names = roots.Select(root => root.Value).ToList();
        var merged = await books.Members.Where(member => names.Contains(member.Root) && member.Id != member.Root).Select(member => new { member.Id, member.Root }).ToListAsync(stop);
        var families = roots.ToDictionary(root => root, root => new List<MemberId> { root });
        foreach (var row in merged.OrderBy(row => row.Id, StringComparer.Ordinal)) families[new MemberId(row.Root)].Add(new MemberId(row.Id));
        return families;
    }

    /// <summary>Who an id is now; null for one that nobody has heard of.</summary>
    public static async Task<MemberId?> RootOfAsync(Turn turn, MemberId member, CancellationToken stop)
    {
        await using var books = turn.Books();
        if (await books.Members.Where(row => row.Id == member.Value).Select(row => row.Root).SingleOrDefaultAsync(stop) is { } root) return new MemberId(root);
        return await books.People.AnyAsync(person => person.Member == member.Value, stop) || await books.Erasures.AnyAsync(row => row.Member == member.Value, stop) ? member : null;
    }
}
