using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral;

/// <summary>Credit of a line that stands to a party in a role.</summary>
public sealed record StandingCredit(Role Role, Party Party, Int128 Amount, long? ShareBps);

/// <summary>A line with the credits that stand on it; they add up to its remaining net (R11).</summary>
public sealed record SaleLineFigures(LineBook Line, IReadOnlyList<StandingCredit> Credits, DateOnly? VestsOn);

/// <summary>The figures of a sale's page.</summary>
public sealed record SaleFigures(
    SaleBook Sale, IReadOnlyList<SaleLineFigures> Lines, IReadOnlyList<SaleChangeFact> Changes,
    IReadOnlyList<CreditPosting> Credits, IReadOnlyList<CommissionPosting> Commissions)
{
    // The order of a reader: who has the member, who sold, who handed over, what the channel keeps.
    private static readonly Role[] Told = [Role.Owner, Role.Closer, Role.Handover, Role.Host];

    public Int128 NetSold => Sale.Fact.Lines.Aggregate((Int128)0, (sum, line) => sum + line.Net);
    public Int128 Net => Lines.Aggregate((Int128)0, (sum, line) => sum + line.Line.Net);

    public static SaleFigures Of(Books books, SaleBook sale)
    {
        List<CreditPosting> credits = [.. books.CreditsOf(sale.Fact.Id)];
        var byLine = credits.ToLookup(credit => credit.Line);
        return new SaleFigures(
            sale, [.. sale.Lines.Select(line => new SaleLineFigures(line, StandingOn(line, byLine[line.Sold.Line]), VestDay(sale, line)))],
            [.. books.ChangesOf(sale.Fact.Id)], credits, [.. books.CommissionsOf(sale.Fact.Id)]);
    }

    /// <summary>How an entry came about: by vesting, or by the fact of this id.</summary>
    public SaleChangeFact? CauseOf(FactId cause) => Changes.FirstOrDefault(change => change.Id == cause);

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
