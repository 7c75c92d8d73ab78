using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Members;

/// <summary>A member on a list.</summary>
public sealed record ListedMember(MemberId Member, string? Name, Instant Joined, MemberChannel Channel, StoreId? Store, bool MayBeWrittenTo)
{
    public MemberPlace Place => new(Joined.Ticks, Member.Value);
}

/// <summary>A place in a list of members: the moment at which one joined, and their id.</summary>
public sealed record MemberPlace(long AtTicks, string Member)
{
    /// <summary>As an address carries it: <c>ticks-id</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{AtTicks}-{Member}");

    public static MemberPlace? Parse(string? text) =>
        text?.Split('-', 2) is [var ticks, var id] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && !id.Any(char.IsControl) ? new MemberPlace(at, id) : null;
}

/// <summary>A part of the list of members.</summary>
public sealed record ListedMembers(IReadOnlyList<ListedMember> Members, bool HasNewer, bool HasOlder);

/// <summary>Whom to list.</summary>
/// <param name="NameBegins">With what their name begins.</param>
/// <param name="Channel">Where they joined.</param>
/// <param name="Store">The store that brought them.</param>
public sealed record MemberSearch(string? NameBegins = null, MemberChannel? Channel = null, StoreId? Store = null);

/// <summary>
/// The members, those who joined last first, a part at a time from a place on; who was merged into another is not listed beside them.
/// </summary>
public static class ListMembers
{
    /// <param name="turn">Reads.</param>
    /// <param name="search">Whom.</param>
    /// <param name="before">The members older than this place; null for the newest.</param>
    /// <param name="after">The members newer than this place instead, next to it.</param>
    /// <param name="most">Of them.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<ListedMembers> RunAsync(Turn turn, MemberSearch search, MemberPlace? before, MemberPlace? after, int most, CancellationToken stop)
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
        var forward = after is null;
        if ((after ?? before) is var (ticks, id))
        {
            people = forward
                ? people.Where(person => person.JoinedAtTicks < ticks || (person.JoinedAtTicks == ticks && person.Member.CompareTo(id) < 0))
                : people.Where(person => person.JoinedAtTicks > ticks || (person.JoinedAtTicks == ticks && person.Member.CompareTo(id) > 0));
        }
        var ordered = forward
            ? people.OrderByDescending(person => person.JoinedAtTicks).ThenByDescending(person => person.Member)
            : people.OrderBy(person => person.JoinedAtTicks).ThenBy(person => person.Member);
        var shown = await ordered.Take(most + 1).ToListAsync(stop);
        var more = shown.Count > most;
        if (more) shown.RemoveAt(most);
        if (!forward) shown.Reverse();
        var given = await Consents.GivenByAsync(turn, Consents.Marketing, [.. shown.Select(person => new MemberId(person.Member))], stop);
        return new ListedMembers(
            [.. shown.Select(person => new ListedMember(
            new MemberId(person.Member), person.Name, new Instant(person.JoinedAtTicks), person.Channel, person.Store is null ? null : new StoreId(person.Store), given.Contains(new MemberId(person.Member))))],
            forward ? before is not null && shown.Count > 0 : more, forward ? more : shown.Count > 0);
    }
}
