using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.Appeals;

/// <summary>Which appeals to list.</summary>
/// <param name="Waiting">Only those that wait for a ruling, the first due first; else all, the newest first.</param>
/// <param name="State">Only of this state.</param>
/// <param name="Store">Only of clerks of this store, as it was when they appealed.</param>
/// <param name="Rule">Only those that dispute this rule.</param>
public sealed record AppealSearch(bool Waiting = false, AppealState? State = null, StoreId? Store = null, string? Rule = null);

/// <summary>Appeals, as far as somebody sees them: a clerk the own, a manager those of the own store's clerks, the office all.</summary>
public static class ReadAppeals
{
    /// <summary>The number in an address; null for none.</summary>
    public static long? NumberOf(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static bool MaySee(OpenBooks books, Viewer viewer, AppealRow row) => Permissions.SeesAll(viewer) || row.Staff == viewer.Staff?.Value || books.MaySee(new StaffId(row.Staff));

    /// <summary>Whose appeals somebody sees; null for everybody's.</summary>
    public static IReadOnlyList<string>? SeenBy(OpenBooks books, Viewer viewer) =>
        Permissions.SeesAll(viewer) ? null : [.. books.Roster.All.Select(clerk => clerk.Id).Where(clerk => clerk == viewer.Staff || books.MaySee(clerk)).Select(clerk => clerk.Value)];

    public static async Task<Part<AppealRow>> ListAsync(Turn turn, IReadOnlyList<string>? seen, AppealSearch search, int page, int pageSize, CancellationToken stop)
    {
        await using var books = turn.Books();
        var rows = books.Appeals.AsQueryable();
        if (seen is not null) rows = rows.Where(row => seen.Contains(row.Staff));
        if (search.Waiting) rows = rows.Where(row => row.State == AppealState.Open || row.State == AppealState.Late);
        if (search.State is { } state) rows = rows.Where(row => row.State == state);
        if (search.Store is { } store) rows = rows.Where(row => row.Store == store.Value);
        if (search.Rule is { } rule) rows = rows.Where(row => (" " + row.Rules + " ").Contains(" " + rule + " "));
        var count = await rows.CountAsync(stop);
        var ordered = search.Waiting ? rows.OrderBy(row => row.DueOn).ThenBy(row => row.Number) : rows.OrderByDescending(row => row.Number);
        return new Part<AppealRow>(await ordered.Skip((page - 1) * pageSize).Take(pageSize).ToListAsync(stop), count);
    }

    /// <summary>Everybody's before a number, the newest first.</summary>
    public static async Task<List<AppealRow>> BeforeAsync(Turn turn, AppealState? state, long number, int most, CancellationToken stop)
    {
        await using var books = turn.Books();
        var rows = books.Appeals.Where(row => row.Number < number);
        if (state is { } only) rows = rows.Where(row => row.State == only);
        return await rows.OrderByDescending(row => row.Number).Take(most).ToListAsync(stop);
    }

    public static async Task<AppealRow?> FindAsync(Turn turn, long number, CancellationToken stop)
    {
        await using var books = turn.Books();
        return await books.Appeals.SingleOrDefaultAsync(row => row.Number == number, stop);
    }

    public static async Task<List<AppealCommentRow>> CommentsAsync(Turn turn, long number, CancellationToken stop)
    {
        await using var books = turn.Books();
        return await books.AppealComments.Where(row => row.Appeal == number).OrderBy(row => row.Number).ToListAsync(stop);
    }

    /// <summary>Rulings on a clerk's appeals that they have not opened.</summary>
    public static Task<long> UnreadAsync(Turn turn, StaffId staff, CancellationToken stop) =>
        turn.CountAsync("select count(*) from appeal where staff = @staff and settled_at_ticks is not null and seen_at_ticks is null", stop, ("staff", staff.Value));

    /// <summary>What waits for somebody: for the office what is to be ruled, for a manager what nobody of theirs has commented, for everybody rulings to read.</summary>
    public static async Task<int> WaitingAsync(OpenBooks books, Viewer viewer, int most, CancellationToken stop)
    {
        var unread = viewer.Staff is { } own ? await UnreadAsync(books.Turn, own, stop) : 0;
        var waiting = viewer.Role switch
        {
            AccountRole.Hq or AccountRole.Finance => await books.Turn.CountAsync("select count(*) from (select 1 as one from appeal where state in (0, 1) limit @most) waiting", stop, ("most", most)),
            AccountRole.Manager when SeenBy(books, viewer) is { } seen => await books.Turn.CountAsync(
                $"""
                select count(*) from appeal a where a.state = 0 and a.staff <> @own and {books.Turn.IsOneOf("a.staff", "seen")}
                and not exists (select 1 from appeal_comment c where c.appeal = a.number and c.kind = {(int)CommentKind.Manager})
                """, stop, books.Turn.List("seen", seen), ("own", viewer.Staff?.Value ?? "")),
            _ => 0,
        };
        return (int)Math.Min(most, unread + waiting);
    }
}
