using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Referral;

namespace Tokamak.App.Integrations.Api;

/// <summary>A clerk as the last fact about them left it.</summary>
/// <param name="Id">Id of the clerk.</param>
/// <param name="Name">What people call them; the id where no name was given.</param>
/// <param name="Employed">Whether they are, after the last fact.</param>
/// <param name="Store">Where they work, or worked last.</param>
/// <param name="Since">When that began, UTC.</param>
/// <param name="Grade">Their grade, if they have one.</param>
/// <param name="Code">Their referral code, if they have one.</param>
/// <param name="Member">Their own member id, if it is known.</param>
public sealed record StaffItem(string Id, string Name, bool Employed, string Store, DateTime Since, string? Grade = null, string? Code = null, string? Member = null);

/// <summary>Some of the staff, by their ids.</summary>
/// <param name="Staff">At most as many as the limit.</param>
/// <param name="Next">What to send as <c>after</c> for the next part; absent at the end.</param>
public sealed record StaffList(IReadOnlyList<StaffItem> Staff, string? Next = null);

/// <summary>A store.</summary>
/// <param name="Id">Id of the store.</param>
/// <param name="Name">What people call it; the id where no name was given.</param>
public sealed record StoreItem(string Id, string Name);

/// <summary>Some stores, by their ids.</summary>
/// <param name="Stores">At most as many as the limit.</param>
/// <param name="Next">What to send as <c>after</c> for the next part; absent at the end.</param>
public sealed record StoreList(IReadOnlyList<StoreItem> Stores, string? Next = null);

/// <summary><c>GET /api/v1/staff</c> and <c>GET /api/v1/stores</c>: whoever and whatever facts or names have made known.</summary>
internal static class ListStaff
{
    public static IResult Staff(HttpContext request, OpenBooks books, string? limit, string? after)
    {
        if (PageAsked.Of(limit, after, out var wrong) is not { } page) return wrong!;
        var mark = books.Known.Mark;
        return Reply.Tagged(request, $"{mark.RosterSeq} {mark.Versions} {mark.NamesRevision}", () =>
        {
            var rest = books.Roster.All.Where(clerk => clerk.Employments.Count > 0 && (page.After is null || string.CompareOrdinal(clerk.Id.Value, page.After) > 0))
                .OrderBy(clerk => clerk.Id).Take(page.Limit + 1).ToList();
            return new StaffList([.. rest.Take(page.Limit).Select(clerk => ItemOf(books, clerk))], rest.Count > page.Limit ? Cursor.Of(rest[page.Limit - 1].Id.Value) : null);
        });
    }

    public static async Task<IResult> StoresAsync(HttpContext request, OpenBooks books, string? limit, string? after)
    {
        if (PageAsked.Of(limit, after, out var wrong) is not { } page) return wrong!;
        var months = await books.MonthsAsync(request.RequestAborted);
        return Reply.Tagged(request, $"{months.Postings} {books.Known.Mark.RosterSeq} {books.Known.Mark.NamesRevision}", () =>
        {
            var rest = months.Figures.Stores.Where(store => store != StoreId.Online).Select(store => store.Value).Union(books.Names.Stores.Keys)
                .Where(store => page.After is null || string.CompareOrdinal(store, page.After) > 0).Order(StringComparer.Ordinal).Take(page.Limit + 1).ToList();
            return new StoreList(
                [.. rest.Take(page.Limit).Select(store => new StoreItem(store, books.Names.StoreName(new StoreId(store))))], rest.Count > page.Limit ? Cursor.Of(rest[page.Limit - 1]) : null);
        });
    }

    private static StaffItem ItemOf(OpenBooks books, StaffTimeline clerk)
    {
        var now = clerk.Employments[^1];
        return new StaffItem(
            clerk.Id.Value, books.Names.StaffName(clerk.Id), now.Employed, now.Store.Value, new DateTime(now.At.Ticks, DateTimeKind.Utc), now.Grade, now.Code, now.Member?.Value);
    }
}
