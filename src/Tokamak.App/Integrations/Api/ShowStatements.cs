using System.Globalization;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Integrations.Api;

/// <summary>Whether figures can still change.</summary>
public enum StatementStatus
{
    /// <summary>The period is open: what it would come to, if nothing else happened.</summary>
    Preview,

    /// <summary>The period is closed: it stays so for ever.</summary>
    Frozen,
}

/// <summary>A row of a period's statements: of a clerk, or of a store, its clerks' credit and pool included. Whole units of the currency.</summary>
/// <param name="Name">What people call the clerk or store.</param>
/// <param name="Credit">Credit dated in the period.</param>
/// <param name="Commission">The period's change of what is earned, or of a store, of all that its pool receives.</param>
/// <param name="StaffPay">The clerk's part of it.</param>
/// <param name="StorePool">The rest, which goes to stores.</param>
/// <param name="Bounty">Bounties.</param>
/// <param name="Paid">What is paid out.</param>
/// <param name="Carried">What goes to the next statement: 0 or negative.</param>
/// <param name="Staff">Id of the clerk; absent on a store's row.</param>
/// <param name="Store">Id of the store, or <c>online</c>; absent on a clerk's row.</param>
public sealed record StatementItem(
    string Name, long Credit, long Commission, long StaffPay, long StorePool, long Bounty, long Paid, long Carried, string? Staff = null, string? Store = null);

/// <summary>The statements of a period: clerks by their ids, then stores by theirs.</summary>
/// <param name="Period">The month.</param>
/// <param name="Status">Whether it can still change.</param>
/// <param name="Statements">At most as many as the limit.</param>
/// <param name="Sha256">Of a closed period: the hash over all its statements, as <c>tokamak close</c> printed it.</param>
/// <param name="Next">What to send as <c>after</c> for the next part; absent at the end.</param>
public sealed record StatementList(string Period, StatementStatus Status, IReadOnlyList<StatementItem> Statements, string? Sha256 = null, string? Next = null);

/// <summary>A sale month as a statement settles it (R14). Whole units, but for what is in ten-thousandths (E4).</summary>
/// <param name="Month">The month of the sales.</param>
/// <param name="Policy">The version whose bands, cap and staff percent hold.</param>
/// <param name="Credit">Vested credit, which the bands look at.</param>
/// <param name="GrossE4">Commission up to the end of the period.</param>
/// <param name="BandEffect">What the bands added or took.</param>
/// <param name="CapEffect">What the cap took.</param>
/// <param name="Earned">What it comes to.</param>
/// <param name="SettledBefore">What earlier statements settled of it.</param>
/// <param name="Change">What this statement adds.</param>
/// <param name="StaffPay">The clerk's part of the change.</param>
/// <param name="StorePool">The stores' part of it.</param>
public sealed record SettledMonth(
    string Month, int Policy, long Credit, long GrossE4, long BandEffect, long CapEffect, long Earned, long SettledBefore, long Change, long StaffPay, long StorePool);

/// <summary>A bounty of a statement, in whole units of the currency; negative where it was taken back.</summary>
public sealed record BountyShown(DateOnly Day, DateOnly ForDay, string Kind, string Service, long Amount, string? Sale = null);

/// <summary>An entry of commission on a statement.</summary>
public sealed record StatementEntry(string Sale, string SaleMonth, CommissionShown Commission);

/// <summary>A row of credit on a statement, in whole units of the currency.</summary>
public sealed record StatementCredit(DateOnly Day, DateOnly ForDay, PostedCause Cause, string CausedBy, string Sale, long Line, Role Role, string Store, long Amount);

/// <summary>A clerk's statement of a period with all that it rests on. Whole units of the currency.</summary>
/// <param name="Period">The month.</param>
/// <param name="Staff">Id of the clerk.</param>
/// <param name="Name">What people call them.</param>
/// <param name="Status">Whether it can still change.</param>
/// <param name="Credit">Credit dated in the period.</param>
/// <param name="Commission">The period's change of what is earned.</param>
/// <param name="StaffPay">The clerk's part of it.</param>
/// <param name="StorePool">The stores' part.</param>
/// <param name="Bounty">Bounties.</param>
/// <param name="CarriedIn">What the statement before left: 0 or negative.</param>
/// <param name="Paid">What is paid out.</param>
/// <param name="Carried">What goes to the next statement.</param>
/// <param name="Reasons">What made it other than rate times credit, in the language of the answer.</param>
/// <param name="Months">The sale months that it settles.</param>
/// <param name="Bounties">Its bounties.</param>
/// <param name="EntryCount">How many entries of commission there are.</param>
/// <param name="Entries">Some of them.</param>
/// <param name="CreditCount">How many rows of credit there are.</param>
/// <param name="Credits">Some of them.</param>
/// <param name="Sha256">Of a closed period: the hash over this statement.</param>
/// <param name="Next">What to send as <c>after</c> for further entries and credits; absent at the end.</param>
public sealed record StatementShown(
    string Period, string Staff, string Name, StatementStatus Status, long Credit, long Commission, long StaffPay, long StorePool, long Bounty, long CarriedIn, long Paid, long Carried,
    IReadOnlyList<string> Reasons, IReadOnlyList<SettledMonth> Months, IReadOnlyList<BountyShown> Bounties, int EntryCount, IReadOnlyList<StatementEntry> Entries,
    int CreditCount, IReadOnlyList<StatementCredit> Credits, string? Sha256 = null, string? Next = null);

/// <summary><c>GET /api/v1/statements</c> and <c>GET /api/v1/statements/{period}/{id}</c>: frozen where the period is closed, else as it would be now.</summary>
internal static class ShowStatements
{
    private static readonly Refusal WrongPeriod = Refusal.WrongQuery("'period' is a month such as 2026-01.");

    public static async Task<IResult> ListAsync(HttpContext request, OpenBooks books, string? period, string? limit, string? after)
    {
        if (PageAsked.Of(limit, after, out var wrong) is not { } page) return wrong!;
        if (!Month.TryParse(period, out var month)) return WrongPeriod;
        var months = await books.MonthsAsync(request.RequestAborted);
        var sha256 = await books.FrozenHashAsync(month, null, request.RequestAborted);
        return Reply.Tagged(request, StateOf(books, months), () =>
        {
            var rest = months.Figures.StaffStatements(month).Concat(months.Figures.StoreStatements(month))
                .Select(row => (Row: row, Place: row.Staff is { } staff ? "1 " + staff : "2 " + row.Store))
                .Where(row => page.After is null || string.CompareOrdinal(row.Place, page.After) > 0)
                .OrderBy(row => row.Place, StringComparer.Ordinal).Take(page.Limit + 1).ToList();
            return new StatementList(
                month.ToString(), StatusOf(months, month), [.. rest.Take(page.Limit).Select(row => ItemOf(books, row.Row))], sha256,
                rest.Count > page.Limit ? Cursor.Of(rest[page.Limit - 1].Place) : null);
        });
    }

    public static async Task<IResult> OneAsync(HttpContext request, OpenBooks books, string period, string? limit, string? after)
    {
        if (PageAsked.Of(limit, after, out var wrong) is not { } page) return wrong!;
        if (!Month.TryParse(period, out var month)) return WrongPeriod;
        if (!page.IsAfterNumber(out var place) || place > int.MaxValue - PageAsked.Most) return PageAsked.WrongCursor;
        var from = (int)place;
        var (staff, stop) = (new StaffId(Links.IdOf(request)), request.RequestAborted);
        if (await books.StatementAsync(staff, month, new StatementPart(from, from, page.Limit), stop) is not { } statement)
            return Refusal.NotThere($"Nobody of the staff is called {staff}.");
        var months = await books.MonthsAsync(stop);
        var sha256 = await books.FrozenHashAsync(month, staff, stop);
        var language = Language.Asked(request);
        request.Response.Headers.ContentLanguage = language.Code;
        request.Response.Headers.Append("Vary", "Accept-Language");
        return Reply.Tagged(request, $"{StateOf(books, months)} {language.Code}", () => Shown(books, months, statement, language) with
        {
            Sha256 = sha256, Next = from + page.Limit < Math.Max(statement.Entries.Count, statement.Credits.Count) ? Cursor.Of(from + page.Limit) : null,
        });
    }

    private static StatementShown Shown(OpenBooks books, SettledMonths months, ClerkStatement of, Language language) => new(
        of.Period.ToString(), of.Staff.Value, books.Names.StaffName(of.Staff), StatusOf(months, of.Period), (long)of.Credit, (long)of.Commission, (long)of.StaffPay, (long)of.StorePool,
        (long)of.Bounty, (long)of.CarriedIn, (long)of.Paid, (long)of.CarriedOut,
        new StatementReasons(Texts.In(language), new Show(language, books.Known.Currency)).Of(of), [.. of.SaleMonths.Select(MonthOf)], [.. of.Bounties.Select(BountyOf)],
        of.Entries.Count, [.. of.Entries.Rows.Select(entry => new StatementEntry(entry.Posting.Sale.Value, entry.Posting.SaleMonth.ToString(), ShowSale.PayOf(entry)))],
        of.Credits.Count, [.. of.Credits.Rows.Select(CreditOf)]);

    // What the figures rest on; those of the months may be of a moment ago, and so is their tag.
    private static string StateOf(OpenBooks books, SettledMonths months) =>
        $"{months.Postings} {months.LastClosed} {books.Known.Mark.RosterSeq} {books.Known.Mark.Versions} {books.Known.Mark.NamesRevision}";

    private static StatementStatus StatusOf(SettledMonths months, Month month) => month <= months.LastClosed ? StatementStatus.Frozen : StatementStatus.Preview;

    private static StatementItem ItemOf(OpenBooks books, StatementRow row) => new(
        row.Staff is { } staff ? books.Names.StaffName(staff) : books.Names.StoreName(row.Store!.Value),
        (long)row.Credit, (long)row.Commission, (long)row.StaffPay, (long)row.StorePool, (long)row.Bounty, (long)row.Paid, (long)row.Carried, row.Staff?.Value, row.Store?.Value);

    private static SettledMonth MonthOf(SaleMonthRow row) => new(
        row.SaleMonth.ToString(), row.Version.Version, (long)row.Credit, (long)row.GrossE4, (long)row.BandEffect, (long)row.CapEffect, (long)row.Earned, (long)row.SettledBefore, (long)row.Change,
        (long)row.StaffPay, (long)row.Pool);

    private static BountyShown BountyOf(PostedBounty bounty) => new(bounty.Day, bounty.ForDay, bounty.Kind, bounty.Service.Value, (long)bounty.Amount, bounty.Sale?.Value);

    private static StatementCredit CreditOf(PostedCredit credit) => new(
        credit.Posting.Day, credit.ForDay, credit.Cause, credit.Posting.Cause.Value, credit.Posting.Sale.Value, credit.Posting.Line, credit.Posting.Role, credit.Posting.Party.Store.Value,
        credit.Posting.Amount);
}
