using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Members;

namespace Tokamak.App.Members;

/// <summary>Somebody that a look-up found.</summary>
/// <param name="Member">Who they are.</param>
/// <param name="Name">What they are called, in full: masked by whoever shows it.</param>
/// <param name="IsProved">Whether they have proved the key that was asked for.</param>
public sealed record FoundMember(MemberId Member, string? Name, bool IsProved);

/// <summary>Who stands at the counter: by phone, card, e-mail, LINE or another system's id. One question, whatever the number of members.</summary>
public static class FindMembers
{
    private const int MostWhoSaid = 100;

    // Who proved it is one; who said it may be thousands, where a shop typed its own number for everybody.
    private static readonly string Both = $"{Among("proved_at_ticks is not null")} union all {Among($"proved_at_ticks is null limit {MostWhoSaid}")}";

    private static string Among(string which) =>
        $"""
        select coalesce(m.root, k.member), coalesce(p.name, o.name), k.proved_at_ticks is not null
        from (select member, proved_at_ticks from member_key where kind = @kind and value = @value and {which}) k
          left join member m on m.id = k.member left join person p on p.member = coalesce(m.root, k.member) left join person o on o.member = k.member
        """;

    /// <returns>Everybody who has the key, who proved it first; usually one or nobody.</returns>
    public static async Task<IReadOnlyList<FoundMember>> ByKeyAsync(Turn turn, MemberKey key, CancellationToken stop)
    {
        var rows = await turn.ReadAsync(
            Both, row => new FoundMember(new MemberId(row.GetString(0)), row.IsDBNull(1) ? null : row.GetString(1), row.GetBoolean(2)), stop, ("kind", (short)key.Kind), ("value", key.Value));
        return
        [
            .. rows.GroupBy(row => row.Member).Select(same => new FoundMember(same.Key, same.Select(row => row.Name).FirstOrDefault(name => name is not null), same.Any(row => row.IsProved)))
                .OrderByDescending(found => found.IsProved).ThenBy(found => found.Member),
        ];
    }

    /// <summary>What people are called: by their own id, else by one that was merged into them.</summary>
    public static async Task<Dictionary<MemberId, string>> NamesAsync(Turn turn, IReadOnlyCollection<MemberId> members, CancellationToken stop)
    {
        var families = await KeyHolders.FamiliesAsync(turn, members, stop);
        var ids = families.Values.SelectMany(family => family).Select(id => id.Value).ToList();
        await using var books = turn.Books();
        var names = await books.People.Where(person => ids.Contains(person.Member) && person.Name != null).ToDictionaryAsync(person => person.Member, person => person.Name!, stop);
        var known = families.Select(family => (Member: family.Key, Name: family.Value.Select(id => names.GetValueOrDefault(id.Value)).FirstOrDefault(name => name is not null)));
        return known.Where(one => one.Name is not null).ToDictionary(one => one.Member, one => one.Name!);
    }
}
