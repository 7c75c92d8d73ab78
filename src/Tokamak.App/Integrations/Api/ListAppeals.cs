using System.Globalization;
using Tokamak.App.Clerks.Appeals;
using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Referral;

namespace Tokamak.App.Integrations.Api;

/// <summary>An appeal of a clerk. What people wrote in it may be about a member, and is on its page alone.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Staff">Who appealed.</param>
/// <param name="Store">Where they worked then.</param>
/// <param name="Sale">The sale, as the clerk wrote it: there may be no such sale.</param>
/// <param name="Complaint">What they say is wrong.</param>
/// <param name="Rules">The rules of the trace that they dispute; empty where they named none.</param>
/// <param name="State">How it stands.</param>
/// <param name="OpenedAt">When it was sent, UTC.</param>
/// <param name="DueOn">The day by which it is to be ruled on.</param>
/// <param name="Facts">Ids of the facts that put it right; empty where there are none.</param>
/// <param name="Role">The role that is disputed; absent where they named none.</param>
/// <param name="SettledAt">When it was ruled on or withdrawn, UTC; absent while it waits.</param>
/// <param name="Corrected">The sale that took the place of the disputed one; absent where none did.</param>
public sealed record AppealShown(
    long Number, string Staff, string Store, string Sale, Complaint Complaint, IReadOnlyList<string> Rules, AppealState State, DateTime OpenedAt, DateOnly DueOn, IReadOnlyList<string> Facts,
    Role? Role = null, DateTime? SettledAt = null, string? Corrected = null);

/// <summary>Some appeals, the newest first.</summary>
/// <param name="Appeals">At most as many as the limit.</param>
/// <param name="Next">What to send as <c>after</c> for the next part; absent at the end.</param>
public sealed record AppealList(IReadOnlyList<AppealShown> Appeals, string? Next = null);

/// <summary><c>GET /api/v1/appeals</c> and <c>GET /api/v1/appeals/{id}</c>: what clerks dispute, and what came of it.</summary>
internal static class ListAppeals
{
    public static async Task<IResult> ListAsync(HttpContext request, OpenBooks books, string? state, string? limit, string? after)
    {
        if (PageAsked.Of(limit, after, out var wrong) is not { } page) return wrong!;
        if (!page.IsAfterNumber(out var before)) return PageAsked.WrongCursor;
        AppealState? only = Enum.GetValues<AppealState>().Cast<AppealState?>().FirstOrDefault(one => string.Equals(one.ToString(), state, StringComparison.OrdinalIgnoreCase));
        if (state is not null && only is null) return Refusal.WrongQuery("'state' is open, late, upheld, partly, rejected or withdrawn.");
        var rows = await ReadAppeals.BeforeAsync(books.Turn, only, page.After is null ? long.MaxValue : before, page.Limit + 1, request.RequestAborted);
        return Reply.Fresh(request, new AppealList([.. rows.Take(page.Limit).Select(Shown)], rows.Count > page.Limit ? Cursor.Of(rows[page.Limit - 1].Number) : null));
    }

    public static async Task<IResult> OneAsync(HttpContext request, OpenBooks books)
    {
        var id = Links.IdOf(request);
        return ReadAppeals.NumberOf(id) is { } number && await ReadAppeals.FindAsync(books.Turn, number, request.RequestAborted) is { } row
            ? Reply.Fresh(request, Shown(row)) : Refusal.NotThere(string.Create(CultureInfo.InvariantCulture, $"There is no appeal {id}."));
    }

    private static AppealShown Shown(AppealRow row) => new(
        row.Number, row.Staff, row.Store, row.Sale, row.Complaint, Words(row.Rules), row.State, new DateTime(row.OpenedAtTicks, DateTimeKind.Utc), row.DueOn, Words(row.Facts), (Role?)row.Role,
        row.SettledAtTicks is { } at ? new DateTime(at, DateTimeKind.Utc) : null, row.Corrected);

    private static string[] Words(string list) => list.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
