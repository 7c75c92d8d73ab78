using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Members;

namespace Tokamak.App.Members;

/// <summary>Why two members may be one person.</summary>
/// <param name="Shared">Keys that both have.</param>
/// <param name="OneProved">One of them has proved such a key, which the other only said.</param>
/// <param name="SameName">Both are called the same.</param>
/// <param name="SameBirthday">Both were born on the same day; null where one does not say.</param>
public sealed record LikelyBecause(IReadOnlyList<MemberKey> Shared, bool OneProved, bool SameName, bool? SameBirthday)
{
    /// <summary>The greater, the likelier; below 0 they are rather two people of one household.</summary>
    public int Weight =>
        Shared.Sum(key => key.Kind switch { KeyKind.Line or KeyKind.Foreign => 4, KeyKind.Email or KeyKind.Card => 3, _ => 2 }) + (OneProved ? 1 : 0) + (SameName ? 3 : 0) + (SameBirthday switch { true => 3, false => -6, null => 0 });
}

/// <summary>Two members who may be one person.</summary>
public sealed record LikelyPair(MemberId One, MemberId Other, LikelyBecause Because);

/// <summary>
/// Finds members who may be one person, for people to decide. A key of very many is a switchboard's or a made-up one, and says nothing.
/// </summary>
public static class LikelySame
{
    /// <summary>A key that more people than these have tells nobody from anybody.</summary>
    private const int MostOfOneKey = 5;

    /// <param name="turn">Reads.</param>
    /// <param name="after">Keys after this one, so that a long list is gone through in parts; null from the beginning.</param>
    /// <param name="most">Shared keys to look at.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>The pairs, the likeliest first, and where the next part begins; null at the end.</returns>
    public static async Task<(IReadOnlyList<LikelyPair> Pairs, MemberKey? Next)> RunAsync(Turn turn, MemberKey? after, int most, CancellationToken stop)
    {
        var keys = await turn.ReadAsync(
            """
            select kind, value from member_key where (kind > @kind or (kind = @kind and value > @value))
            group by kind, value having count(*) between 2 and @many order by kind, value limit @most
            """,
            row => new MemberKey((KeyKind)row.GetInt16(0), row.GetString(1)), stop,
            ("kind", (short)(after?.Kind ?? KeyKind.Phone)), ("value", after?.Value ?? ""), ("many", MostOfOneKey), ("most", most));
        var next = keys.Count == most ? keys[^1] : (MemberKey?)null;
        return (await PairsAsync(turn, keys, areFew: true, stop), next);
    }

    /// <summary>How many pairs there are to decide, counted by the database.</summary>
    public static Task<long> CountAsync(Turn turn, CancellationToken stop) => turn.CountAsync(
        """
        with shared as (select kind, value from member_key group by kind, value having count(*) between 2 and @many),
        held as (select distinct k.kind, k.value, coalesce(m.root, k.member) as root
          from member_key k join shared s on s.kind = k.kind and s.value = k.value left join member m on m.id = k.member)
        select count(*) from (select distinct a.root as one, b.root as other from held a join held b on a.kind = b.kind and a.value = b.value and a.root < b.root) pair
        where not exists (select 1 from two_people t where t.one = pair.one and t.other = pair.other)
        """, stop, ("many", MostOfOneKey));

    /// <summary>Whom somebody may be as well.</summary>
    public static async Task<IReadOnlyList<LikelyPair>> OfAsync(Turn turn, IReadOnlyList<MemberId> family, CancellationToken stop)
    {
        await using var books = turn.Books();
        var ids = family.Select(id => id.Value).ToList();
        var keys = (await books.MemberKeys.Where(key => ids.Contains(key.Member)).ToListAsync(stop)).ConvertAll(key => new MemberKey((KeyKind)key.Kind, key.Value));
        return [.. (await PairsAsync(turn, [.. keys.Distinct()], areFew: false, stop)).Where(pair => family.Contains(pair.One) || family.Contains(pair.Other))];
    }

    private static async Task<IReadOnlyList<LikelyPair>> PairsAsync(Turn turn, IReadOnlyList<MemberKey> keys, bool areFew, CancellationToken stop)
    {
        var holders = await KeyHolders.OfAsync(turn, keys, stop, areFew);
        var shared = new Dictionary<(MemberId, MemberId), List<(MemberKey Key, bool OneProved)>>();
        foreach (var same in holders.GroupBy(holder => holder.Key))
        {
            var all = same.OrderBy(holder => holder.Member).ToList();
            if (all.Count > MostOfOneKey) continue;
            foreach (var (place, one) in all.Index())
                foreach (var other in all.Skip(place + 1))
                {
                    if (!shared.TryGetValue((one.Member, other.Member), out var list)) shared[(one.Member, other.Member)] = list = [];
                    list.Add((same.Key, one.IsVerified != other.IsVerified));
                }
        }
        if (shared.Count == 0) return [];
        var ids = shared.Keys.SelectMany(pair => (string[])[pair.Item1.Value, pair.Item2.Value]).Distinct().ToList();
        await using var books = turn.Books();
        var people = await books.People.Where(person => ids.Contains(person.Member)).ToDictionaryAsync(person => person.Member, stop);
        var two = (await books.TwoPeople.Where(row => ids.Contains(row.One) && ids.Contains(row.Other)).ToListAsync(stop)).Select(row => (new MemberId(row.One), new MemberId(row.Other))).ToHashSet();
        return
        [
            .. shared.Where(pair => !two.Contains(pair.Key)).Select(pair =>
            {
                var (one, other) = (people.GetValueOrDefault(pair.Key.Item1.Value), people.GetValueOrDefault(pair.Key.Item2.Value));
                var sameName = one?.Name is { } name && string.Equals(name, other?.Name, StringComparison.OrdinalIgnoreCase);
                bool? sameBirthday = one?.Birthday is { } day && other?.Birthday is { } otherDay ? day == otherDay : null;
                return new LikelyPair(pair.Key.Item1, pair.Key.Item2, new LikelyBecause([.. pair.Value.Select(key => key.Key)], pair.Value.Any(key => key.OneProved), sameName, sameBirthday));
            }).OrderByDescending(pair => pair.Because.Weight).ThenBy(pair => pair.One).ThenBy(pair => pair.Other),
        ];
    }
}
