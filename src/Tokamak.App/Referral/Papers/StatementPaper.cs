using System.Globalization;
using Tokamak.App.Brands;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Traces;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Papers;

/// <summary>A clerk's statement as a PDF of A4 pages: what is paid, how it comes about, and every entry behind it (R14).</summary>
public sealed class StatementPaper(Texts t, Show show)
{
    /// <summary>The whole paper. May be called from any thread.</summary>
    public byte[] Write(PrintedStatement printed, PaperOrigin origin)
    {
        var statement = printed.Statement;
        var words = new PaperWords(t, show, origin);
        var flow = new PaperFlow(new PaperDocument());
        var title = t["statement.of", show.Month(statement.Period)];
        var staff = origin.Names.StaffName(statement.Staff);

        flow.Title(words.Brand, words.Status, title);
        flow.Fields(
        [
            (t["clerk.label"], staff), (t["clerk.id"], statement.Staff.Value),
            (t["store.label"], printed.Store is { } store ? words.Store(store) : t["none"]), (t["paper.period"], words.Days(statement.Period)),
        ]);
        flow.Figures(
        [
            (t["statement.credit"], show.Money(statement.Credit)), (t["statement.commission"], show.Money(statement.Commission)),
            (t["statement.bounty"], show.Money(statement.Bounty)), (t["statement.paid"], show.Money(statement.Paid)),
        ]);
        if (statement.IsEmpty) flow.Paragraph(t["statement.empty.text", show.Month(statement.Period)]);
        Sum(flow, statement);
        Reasons(flow, statement);
        SaleMonths(flow, words, statement);
        Bounties(flow, words, statement);
        Entries(flow, words, printed);
        Credits(flow, words, printed);
        words.Notes(flow, Versions(statement));
        flow.Footers($"{words.Brand} · {title} · {t["trace.clerkAt", staff, statement.Staff.Value]}", words.Position);
        return flow.Document.Save($"{title} {staff}", words.Brand, t.Language, origin.MadeAt);
    }

    private void Sum(PaperFlow flow, ClerkStatement statement)
    {
        List<PaperRow> rows =
        [
            new([t["statement.earned"], show.Money(statement.Commission)]),
            new([t["statement.topool"], show.Money(-statement.StorePool)]),
            new([t["statement.pay"], show.Money(statement.StaffPay)], PaperRowLook.Group),
            new([t["statement.bounty"], show.Money(statement.Bounty)]),
            new([t["statement.carriedin"], show.Money(statement.CarriedIn)]),
            new([t["statement.carriedout"], show.Money(-statement.CarriedOut)]),
            new([t["statement.paid"], show.Money(statement.Paid)], PaperRowLook.Total),
        ];
        flow.Heading(t["statement.sum"]);
        new PaperTable(flow, [new(t["statement.item"]), new(t["amount"], Figure: true)]).Write(rows);
    }

    private void Reasons(PaperFlow flow, ClerkStatement statement)
    {
        var reasons = new StatementReasons(t, show).Of(statement);
        if (reasons.Count == 0) return;
        flow.Heading(t["statement.reasons"], with: 20);
        foreach (var reason in reasons) flow.Paragraph(reason, bullet: "•");
        flow.Space(6);
    }

    private void SaleMonths(PaperFlow flow, PaperWords words, ClerkStatement statement)
    {
        if (statement.SaleMonths.Count == 0) return;
        List<PaperRow> rows =
        [
            .. statement.SaleMonths.Select(row => new PaperRow(
            [
                show.Month(row.SaleMonth), show.Amount(row.Credit), show.Amount(row.Gross), show.Amount(row.BandEffect), show.Amount(row.CapEffect),
                show.Amount(row.Earned), show.Amount(row.SettledBefore), show.Amount(row.Change), show.Amount(row.StaffPay), show.Amount(row.Pool),
            ])),
            new([t["total"], "", "", "", "", "", "", show.Amount(statement.Commission), show.Amount(statement.StaffPay), show.Amount(statement.StorePool)], PaperRowLook.Total),
        ];
        flow.Heading(t["months.title"], words.Unit);
        new PaperTable(flow,
        [
            new(t["months.month"]), new(t["months.credit"], true), new(t["months.gross"], true), new(t["months.bands"], true), new(t["months.cap"], true),
            new(t["months.earned"], true), new(t["months.before"], true), new(t["months.change"], true), new(t["months.pay"], true), new(t["months.pool"], true),
        ]).Write(rows);
        flow.Space(-4);
        flow.Paragraph(t["months.note"], small: true);
        flow.Space(6);
    }

    private void Bounties(PaperFlow flow, PaperWords words, ClerkStatement statement)
    {
        if (statement.Bounties.Count == 0) return;
        List<PaperRow> rows =
        [
            .. statement.Bounties.Select(bounty => new PaperRow(
                [Dated(bounty.Day, bounty.ForDay), words.Said.Kind(bounty.Kind), bounty.Sale?.Value ?? t["none"], show.Amount(bounty.Amount)])),
            new([t["total"], "", "", show.Amount(statement.Bounty)], PaperRowLook.Total),
        ];
        flow.Heading(t["statement.bounties"], words.Unit);
        new PaperTable(flow, [new(t["day"]), new(t["service"]), new(t["statement.earnedby"]), new(t["amount"], true)]).Write(rows);
    }

    private void Entries(PaperFlow flow, PaperWords words, PrintedStatement printed)
    {
        var entries = printed.Statement.Entries;
        if (entries.Count == 0) return;
        List<PaperRow> rows = [];
        foreach (var month in entries.Rows.GroupBy(entry => entry.Posting.SaleMonth).OrderBy(month => month.Key))
        {
            rows.Add(new([t["entries.of", show.Month(month.Key)], "", "", "", "", "", show.AmountE4(Sum(month, entry => entry.Posting.AmountE4))], PaperRowLook.Group));
            foreach (var (entry, forDay, cause) in month)
                rows.Add(new PaperRow(
                [
                    show.Day(entry.Day), entry.Sale.Value, entry.Line is { } line ? show.Count(line) : "", words.Said.Role(entry.Role), words.Store(entry.Party.Store),
                    Causes.Of(t, show, cause, entry.Day, forDay), show.AmountE4(entry.AmountE4),
                ]));
        }
        rows.Add(new([t["total"], "", "", "", "", "", show.AmountE4(Sum(entries.Rows, entry => entry.Posting.AmountE4))], PaperRowLook.Total));
        flow.Heading(t["entries.title", show.Count(entries.Count)], words.Unit);
        new PaperTable(flow, Posted(t["entries.amount"])).Write(rows);
    }

    private void Credits(PaperFlow flow, PaperWords words, PrintedStatement printed)
    {
        var credits = printed.Statement.Credits;
        if (credits.Count == 0) return;
        List<PaperRow> rows =
        [
            .. credits.Rows.Select(posted => new PaperRow(
            [
                show.Day(posted.Posting.Day), posted.Posting.Sale.Value, show.Count(posted.Posting.Line), words.Said.Role(posted.Posting.Role), words.Store(posted.Posting.Party.Store),
                Causes.Of(t, show, posted.Cause, posted.Posting.Day, posted.ForDay), show.Amount(posted.Posting.Amount),
            ])),
            new([t["total"], "", "", "", "", "", show.Amount(printed.Statement.Credit)], PaperRowLook.Total),
        ];
        flow.Heading(t["credits.title", show.Count(credits.Count)], words.Unit);
        new PaperTable(flow, Posted(t["credit.label"])).Write(rows);
    }

    private string Dated(DateOnly day, DateOnly forDay) => day == forDay ? show.Day(day) : $"{show.Day(day)} {t["corrects", show.Month(Month.Of(forDay))]}";

    private IReadOnlyList<PaperColumn> Posted(string amount) =>
        [new(t["day"]), new(t["sale.label"]), new(t["line"], true), new(t["role"]), new(t["store.label"]), new(t["cause"]), new(amount, true)];

    private static IEnumerable<int> Versions(ClerkStatement statement) =>
        statement.SaleMonths.Select(row => row.Version.Version).Concat(statement.Entries.Rows.Select(entry => entry.Posting.Policy)).Concat(statement.Credits.Rows.Select(credit => credit.Posting.Policy));

    private static Int128 Sum<T>(IEnumerable<T> items, Func<T, Int128> of) => items.Aggregate((Int128)0, (sum, item) => sum + of(item));
}
