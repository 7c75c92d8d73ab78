using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Members;

namespace Tokamak.App.Members;

/// <summary>Somebody that a look-up found.</summary>
/// <param name="Member">Who they are.</param>
/// <param name="Name">What they are called, in full: masked by whoever shows it.</param>
/// <param name="IsProved">Whether they have proved the key that was asked for.</param>
public sealed record FoundMember(MemberId Member, string? Name, bool IsProved);

/// <summary>Who stands at the counter: by phone, card, e-mail, LINE or another system's id. Two or three questions, whatever the number of members.</summary>
public static class FindMembers
{
    /// <returns>Everybody who has the key, who proved it first; usually one or nobody.</returns>
    public static async Task<IReadOnlyList<FoundMember>> ByKeyAsync(Turn turn, MemberKey key, CancellationToken stop)
    {
        var holders = await KeyHolders.OfAsync(turn, [key], stop);
        if (holders.Count == 0) return [];
        var names = await NamesAsync(turn, [.. holders.Select(holder => holder.Member)], stop);
        return [.. JoinRules.AtCounter(holders).Select(member => new FoundMember(member, names.GetValueOrDefault(member), holders.Any(holder => holder.Member == member && holder.IsVerified)))];
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
