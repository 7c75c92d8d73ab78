using Tokamak.App.Referral.Reading;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Pages;

/// <summary>Credit of a line that stands to a party in a role.</summary>
public sealed record StandingCredit(Role Role, Party Party, Int128 Amount, long? ShareBps);

/// <summary>A line with the credits that stand on it; they add up to its remaining net (R11).</summary>
public sealed record SaleLineFigures(SaleLine Sold, LineBook Line, IReadOnlyList<StandingCredit> Credits, DateOnly? VestsOn);

/// <summary>The figures of a sale's page.</summary>
public sealed record SaleFigures(
    SaleBook Sale, IReadOnlyList<SaleLineFigures> Lines, IReadOnlyList<SaleChangeFact> Changes,
    IReadOnlyList<PostedCredit> Credits, IReadOnlyList<PostedCommission> Commissions)
{
    // The order of a reader: who has the member, who sold, who handed over, what the channel keeps.
    private static readonly Role[] Told = [Role.Owner, Role.Closer, Role.Handover, Role.Host];

    public Int128 NetSold => Sale.Fact.Lines.Aggregate((Int128)0, (sum, line) => sum + line.Net);
    public Int128 Net => NetOf(Sale);

    public static SaleFigures Of(SaleBook sale, IEnumerable<SaleChangeFact> changes, IReadOnlyList<PostedCredit> credits, IReadOnlyList<PostedCommission> commissions)
    {
        var byLine = credits.Select(credit => credit.Posting).ToLookup(credit => credit.Line);
        return new SaleFigures(sale, [.. Enumerable.Range(0, sale.Count).Select(line => LineOf(sale, line, byLine))], [.. changes], credits, commissions);
    }

    /// <summary>What is left of a sale after all its facts.</summary>
    private static Int128 NetOf(SaleBook sale)
    {
        Int128 net = 0;
        for (var line = 0; line < sale.Count; line++) net += sale.Line(line).Net;
        return net;
    }

    private static SaleLineFigures LineOf(SaleBook sale, int line, ILookup<long, CreditPosting> credits)
    {
        var (sold, stands) = (sale.Sold(line), sale.Line(line));
        return new SaleLineFigures(sold, stands, StandingOn(stands, credits[sold.Line]), VestDay(sale, stands));
    }

    private static IReadOnlyList<StandingCredit> StandingOn(LineBook line, IEnumerable<CreditPosting> postings) =>
    [
        .. postings.GroupBy(posting => (posting.Role, posting.Party))
            .Select(posted => (posted.Key, Amount: posted.Aggregate((Int128)0, (sum, posting) => sum + posting.Amount)))
            .Where(standing => standing.Amount != 0)
            .OrderBy(standing => Array.IndexOf(Told, standing.Key.Role))
            .Select(standing => new StandingCredit(standing.Key.Role, standing.Key.Party, standing.Amount, Share.Bps(standing.Amount, line.Net))),
    ];

    private static DateOnly? VestDay(SaleBook sale, LineBook line) =>
        sale.Version is not null && line.ReceivedOn is { } received ? CommissionRules.VestDay(sale, received) : null;
}
