using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Papers;

/// <summary>All statements of a period on A4 pages, for headquarters: clerks and what they are paid, stores and their pools.</summary>
public sealed class PeriodPaper(Texts t, Show show)
{
    /// <summary>The whole paper, rows in the order given. May be called from any thread.</summary>
    /// <param name="policyVersions">Those that the statements rest on.</param>
    public byte[] Write(Month period, IReadOnlyList<ListedStatement> rows, IReadOnlyCollection<int> policyVersions, PaperOrigin origin)
    {
        var words = new PaperWords(t, show, origin);
        var flow = new PaperFlow(new PaperDocument(landscape: true));
        var title = t["paper.list", show.Month(period)];
        var clerks = rows.Where(listed => listed.Row.Staff is not null).ToList();
        var stores = rows.Where(listed => listed.Row.Staff is null).ToList();

        flow.Title(words.Brand, words.Status, title);
        flow.Fields([(t["paper.period"], words.Days(period)), (t["nav.clerks"], show.Count(clerks.Count)), (t["nav.stores"], show.Count(stores.Count))]);
        flow.Figures(
        [
            (t["statement.pay"], show.Money(Sum(clerks, row => row.StaffPay))), (t["statement.bounty"], show.Money(Sum(clerks, row => row.Bounty))),
            (t["stores.pool"], show.Money(Sum(stores, row => row.StorePool))), (t["statement.paid"], show.Money(Sum(clerks, row => row.Paid))),
        ]);
        if (rows.Count == 0) flow.Paragraph(t["paper.list.empty"]);
        Clerks(flow, words, clerks);
        Stores(flow, words, stores);
        words.Notes(flow, policyVersions);
        flow.Footers($"{words.Brand} · {title}", words.Position);
        return flow.Document.Save(title, words.Brand, t.Language, origin.MadeAt);
    }

    private void Clerks(PaperFlow flow, PaperWords words, List<ListedStatement> clerks)
    {
        if (clerks.Count == 0) return;
        List<PaperRow> rows =
        [
            .. clerks.Select(listed => new PaperRow(
            [
                listed.Row.Staff!.Value.Value, words.Names.StaffName(listed.Row.Staff.Value), listed.Store is { } store ? words.Store(store) : t["none"],
                .. Amounts(listed.Row),
            ])),
            new([t["total"], "", "", .. Amounts(clerks.Aggregate(new StatementRow(), (sum, listed) => Add(sum, listed.Row)))], PaperRowLook.Total),
        ];
        flow.Heading(t["nav.clerks"], words.Unit);
        new PaperTable(flow,
        [
            new(t["paper.staff.id"]), new(t["paper.staff.name"]), new(t["store.label"]), new(t["credit.label"], true), new(t["statement.commission"], true),
            new(t["statement.pay"], true), new(t["statement.topool"], true), new(t["statement.bounty"], true), new(t["statement.paid"], true), new(t["statement.carriedout"], true),
        ]).Write(rows);
    }

    private void Stores(PaperFlow flow, PaperWords words, List<ListedStatement> stores)
    {
        if (stores.Count == 0) return;
        List<PaperRow> rows =
        [
            .. stores.Select(listed => new PaperRow(
            [
                listed.Row.Store?.Value ?? "", listed.Row.Store is { } store ? words.Store(store) : "", show.Amount(listed.Row.Credit), show.Amount(listed.Row.StorePool),
            ])),
            new([t["total"], "", show.Amount(Sum(stores, row => row.Credit)), show.Amount(Sum(stores, row => row.StorePool))], PaperRowLook.Total),
        ];
        flow.Heading(t["nav.stores"], words.Unit);
        new PaperTable(flow, [new(t["paper.store.id"]), new(t["paper.store.name"]), new(t["credit.label"], true), new(t["stores.pool"], true)]).Write(rows);
    }

    private IEnumerable<string> Amounts(StatementRow row) =>
        [show.Amount(row.Credit), show.Amount(row.Commission), show.Amount(row.StaffPay), show.Amount(row.StorePool), show.Amount(row.Bounty), show.Amount(row.Paid), show.Amount(row.Carried)];

    private static StatementRow Add(StatementRow sum, StatementRow row) => sum with
    {
        Credit = sum.Credit + row.Credit, Commission = sum.Commission + row.Commission, StaffPay = sum.StaffPay + row.StaffPay,
        StorePool = sum.StorePool + row.StorePool, Bounty = sum.Bounty + row.Bounty, Paid = sum.Paid + row.Paid, Carried = sum.Carried + row.Carried,
    };

    private static Int128 Sum(List<ListedStatement> rows, Func<StatementRow, Int128> of) => rows.Aggregate((Int128)0, (sum, listed) => sum + of(listed.Row));
}
