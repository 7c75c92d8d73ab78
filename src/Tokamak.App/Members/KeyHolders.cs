using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Members;

namespace Tokamak.App.Members;

/// <summary>Who has which keys. A key belongs to the id that came with it; whose that is now, merges say.</summary>
internal static class KeyHolders
{
    /// <summary>So many of those who only said a key are looked at: one that more say tells nobody from anybody.</summary>
    private const int MostWhoSaid = 100;

    /// <summary>Whoever has one of the keys, once for each.</summary>
    /// <param name="turn">Reads.</param>
    /// <param name="keys">They.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="areFew">Few have each of them: all are looked at, with one question.</param>
    public static async Task<List<KeyHolder>> OfAsync(Turn turn, IReadOnlyCollection<MemberKey> keys, CancellationToken stop, bool areFew = false)
    {
        if (keys.Count == 0) return [];
        await using var books = turn.Books();
        var found = new List<(MemberKey Key, bool IsProved, MemberId Member)>();
        // A kind at a time: so the index finds them, however many members there are.
        foreach (var ofKind in keys.GroupBy(key => (short)key.Kind))
        {
            var (kind, values) = (ofKind.Key, ofKind.Select(key => key.Value).Distinct().ToList());
            var theirs = books.MemberKeys.Where(key => key.Kind == kind && values.Contains(key.Value));
            // Who proved a key is one; who said it may be thousands, where a shop typed its own number for everybody.
            var rows = await RootedAsync(books, theirs.Where(key => key.ProvedAtTicks != null), stop);
            if (areFew) rows.AddRange(await RootedAsync(books, theirs.Where(key => key.ProvedAtTicks == null), stop));
            else
                foreach (var value in values)
                    rows.AddRange(await RootedAsync(books, books.MemberKeys.Where(key => key.Kind == kind && key.Value == value && key.ProvedAtTicks == null).OrderBy(key => key.Member).Take(MostWhoSaid), stop));
            found.AddRange(rows.Select(row => (new MemberKey((KeyKind)kind, row.Value), row.IsProved, new MemberId(row.Root))));
        }
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

    private sealed record Rooted(string Value, bool IsProved, string Root);

    private static Task<List<Rooted>> RootedAsync(BrandContext books, IQueryable<MemberKeyRow> keys, CancellationToken stop) =>
        (from key in keys
         join named in books.Members on key.Member equals named.Id into known
         from named in known.DefaultIfEmpty()
         select new Rooted(key.Value, key.ProvedAtTicks != null, named == null ? key.Member : named.Root)).ToListAsync(stop);

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

    /// <summary>Who an id is now; null also for one that was erased: of that person nothing more is to be known.</summary>
    public static async Task<MemberId?> LivingAsync(Turn turn, MemberId member, CancellationToken stop) =>
        await RootOfAsync(turn, member, stop) is { } root && !await Erasures.AnyGoneAsync(turn, [root, member], stop) ? root : null;

    /// <summary>Who an id is now; null for one that nobody has heard of.</summary>
    public static async Task<MemberId?> RootOfAsync(Turn turn, MemberId member, CancellationToken stop)
    {
        await using var books = turn.Books();
        if (await books.Members.Where(row => row.Id == member.Value).Select(row => row.Root).SingleOrDefaultAsync(stop) is { } root) return new MemberId(root);
        return await books.People.AnyAsync(person => person.Member == member.Value, stop) || await books.Erasures.AnyAsync(row => row.Member == member.Value, stop) ? member : null;
    }
}
