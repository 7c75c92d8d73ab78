using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Referral;

namespace Tokamak.App.Integrations.Api;

/// <summary>Credit of a line that stands to somebody in a role; those of a line add up to its net.</summary>
/// <param name="Role">The role that earned it.</param>
/// <param name="Store">The store, or <c>online</c>.</param>
/// <param name="Amount">Whole units of the currency.</param>
/// <param name="Staff">The clerk; absent where it is the store's own.</param>
public sealed record CreditStanding(Role Role, string Store, long Amount, string? Staff = null);

/// <summary>A line of a sale, as sold and as it stands.</summary>
/// <param name="Line">Its number.</param>
/// <param name="Category">Of the goods.</param>
/// <param name="Quantity">Units sold.</param>
/// <param name="Sold">What it came to, in whole units of the currency.</param>
/// <param name="Net">What is left of that.</param>
/// <param name="Fulfil">How the goods reach the member.</param>
/// <param name="HandedOver">Units handed over.</param>
/// <param name="Cancelled">Units that will not be.</param>
/// <param name="Returned">Units given back.</param>
/// <param name="Vested">Whether its commission is final.</param>
/// <param name="Credits">Whose it is.</param>
/// <param name="ReceivedOn">The day all of it had been received.</param>
/// <param name="VestsOn">The day its commission becomes, or became, final.</param>
/// <param name="Staff">Who closed this line, where another did than the sale says.</param>
public sealed record SaleLineShown(
    long Line, string Category, int Quantity, long Sold, long Net, Fulfil Fulfil, int HandedOver, int Cancelled, int Returned, bool Vested, IReadOnlyList<CreditStanding> Credits,
    DateOnly? ReceivedOn = null, DateOnly? VestsOn = null, string? Staff = null);

/// <summary>Of a line: units, and money where a fact names it.</summary>
public sealed record ChangedLine(long Line, int? Quantity = null, long? Amount = null);

/// <summary>A later fact about a sale: a handover, cancel, refund or return.</summary>
public sealed record SaleChange(string Id, FactOrder Type, DateTime At, IReadOnlyList<ChangedLine> Lines, string? Store = null, string? Staff = null);

/// <summary>A row of commission as it was posted.</summary>
/// <param name="Day">The day it is dated.</param>
/// <param name="ForDay">The day it belongs to; another only where that day's period was closed.</param>
/// <param name="Cause">What it came from.</param>
/// <param name="CausedBy">The fact, or <c>vest</c>.</param>
/// <param name="Role">The role that earned it.</param>
/// <param name="Store">The store, or <c>online</c>.</param>
/// <param name="AmountE4">In ten-thousandths of a whole unit of the currency.</param>
/// <param name="Line">The line; absent for a pay per handover.</param>
/// <param name="Staff">The clerk; absent where it is the store's own.</param>
public sealed record CommissionShown(DateOnly Day, DateOnly ForDay, PostedCause Cause, string CausedBy, Role Role, string Store, long AmountE4, long? Line = null, string? Staff = null);

/// <summary>A sale: what was sold, how it stands, and whose it is.</summary>
/// <param name="Id">Id of the sale.</param>
/// <param name="At">When it was made, UTC.</param>
/// <param name="Day">Its date in the brand's time zone.</param>
/// <param name="Channel">Where it was made.</param>
/// <param name="Sold">What it came to, in whole units of the currency.</param>
/// <param name="Net">What is left of it.</param>
/// <param name="Voided">It was taken back as if it had never been.</param>
/// <param name="Waits">A late fact reached it: what is posted follows in a moment.</param>
/// <param name="Lines">Its lines; none for a voided sale.</param>
/// <param name="Changes">What happened to it since.</param>
/// <param name="Store">The store, for channel store.</param>
/// <param name="Member">Whose it is, as the sale named them.</param>
/// <param name="Staff">Who closed it, as the sale named them.</param>
/// <param name="Code">The referral code that was used.</param>
/// <param name="Policy">The version of the policy that governs it; absent before the first.</param>
/// <param name="VoidedBy">The fact that voided it.</param>
/// <param name="Commission">What it pays; only for a key that may read pay.</param>
public sealed record SaleShown(
    string Id, DateTime At, DateOnly Day, Channel Channel, long Sold, long Net, bool Voided, bool Waits, IReadOnlyList<SaleLineShown> Lines, IReadOnlyList<SaleChange> Changes,
    string? Store = null, string? Member = null, string? Staff = null, string? Code = null, int? Policy = null, string? VoidedBy = null,
    IReadOnlyList<CommissionShown>? Commission = null);

/// <summary><c>GET /api/v1/sales/{id}</c>: what was sold, how it stands, whose it is; what it pays only with the scope for that.</summary>
internal static class ShowSale
{
    public static Refusal NoSale(string id) => Refusal.NotThere($"There is no sale {id} in the books; if it was sent just now, it may be parked: its answer said so.");

    public static async Task<IResult> AnswerAsync(HttpContext request, OpenBooks books)
    {
        var id = Links.IdOf(request);
        if (await books.SaleAsync(new FactId(id), request.RequestAborted) is not { } story) return NoSale(id);
        var (fact, row) = (story.Fact, story.Row);
        return Reply.Fresh(request, new SaleShown(
            row.Id, At(fact), row.Day, fact.Channel, row.Sold, row.Net, row.Voided, story.Waits,
            [.. (story.Figures?.Lines ?? []).Select(LineOf)], [.. (story.Figures?.Changes ?? []).Select(ChangeOf)],
            fact.Store?.Value, fact.Member?.Value, fact.Staff?.Value, fact.Code, row.Policy, story.VoidedBy?.Id.Value,
            books.Scope.HidesPay ? null : [.. story.Commissions.Select(PayOf)]));
    }

    private static DateTime At(Fact fact) => new(fact.At.Ticks, DateTimeKind.Utc);

    private static SaleLineShown LineOf(SaleLineFigures line) => new(
        line.Sold.Line, line.Sold.Category, line.Sold.Quantity, line.Sold.Net, line.Line.Net, line.Sold.Fulfil, line.Line.Handed, line.Line.Cancelled, line.Line.Returned, line.Line.Vested,
        [.. line.Credits.Select(credit => new CreditStanding(credit.Role, credit.Party.Store.Value, (long)credit.Amount, credit.Party.Staff?.Value))],
        line.Line.ReceivedOn, line.VestsOn, line.Sold.Staff?.Value);

    private static SaleChange ChangeOf(SaleChangeFact change) => new(
        change.Id.Value, change.Order, At(change), [.. change.Lines.Select(line => new ChangedLine(line.Line, line.Quantity > 0 ? line.Quantity : null, line.Amount))],
        (change as HandoverFact)?.Store?.Value, (change as HandoverFact)?.Staff?.Value);

    public static CommissionShown PayOf(PostedCommission paid)
    {
        var posting = paid.Posting;
        return new CommissionShown(
            posting.Day, paid.ForDay, paid.Cause, posting.Cause.Value, posting.Role, posting.Party.Store.Value, (long)posting.AmountE4, posting.Line, posting.Party.Staff?.Value);
    }
}
