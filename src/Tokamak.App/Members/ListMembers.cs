using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Members;

/// <summary>A member on a list.</summary>
public sealed record ListedMember(MemberId Member, string? Name, Instant Joined, MemberChannel Channel, StoreId? Store, bool MayBeWrittenTo);

/// <summary>Whom to list.</summary>
/// <param name="NameBegins">With what their name begins.</param>
/// <param name="Channel">Where they joined.</param>
/// <param name="Store">The store that brought them.</param>
public sealed record MemberSearch(string? NameBegins = null, MemberChannel? Channel = null, StoreId? Store = null);

/// <summary>The members, those who joined last first; who was merged into another is not listed beside them.</summary>
public static class ListMembers
{
    /// <summary>Pages beyond are not gone through: somebody is looked for by name or key.</summary>
    public const int MostPages = 200;

    /// <returns>The page, and whether there is another after it.</returns>
    public static async Task<(IReadOnlyList<ListedMember> Members, bool HasMore)> RunAsync(Turn turn, MemberSearch search, int page, int pageSize, CancellationToken stop)
    {
        await using var books = turn.Books();
        var people = from person in books.People
                     join named in books.Members on person.Member equals named.Id into known
                     from named in known.DefaultIfEmpty()
                     where named == null || named.Root == person.Member
                     select person;
        if (search.NameBegins is { Length: > 0 } begins)
        {
            // The greatest text that begins so is below this one.
            var end = begins + "\U0010FFFF";
            people = people.Where(person => person.Name != null && person.Name.CompareTo(begins) >= 0 && person.Name.CompareTo(end) < 0);
        }
        if (search.Channel is { } channel) people = people.Where(person => person.Channel == channel);
        if (search.Store?.Value is { } store) people = people.Where(person => person.Store == store);
        var rows = await people.OrderByDescending(person => person.JoinedAtTicks).ThenByDescending(person => person.Member).Skip((page - 1) * pageSize).Take(pageSize + 1).ToListAsync(stop);
        var shown = rows.Take(pageSize).ToList();
        var given = await Consents.GivenByAsync(turn, Consents.Marketing, [.. shown.Select(person => new MemberId(person.Member))], stop);
        return ([.. shown.Select(person => new ListedMember(
            new MemberId(person.Member), person.Name, new Instant(person.JoinedAtTicks), person.Channel, person.Store is null ? null : new StoreId(person.Store), given.Contains(new MemberId(person.Member))))], rows.Count > pageSize);
    }
}
