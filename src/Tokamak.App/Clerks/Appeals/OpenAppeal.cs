using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.Appeals;

/// <summary>What a clerk disputes.</summary>
/// <param name="Staff">Who appeals.</param>
/// <param name="Store">Where they work.</param>
/// <param name="Sale">As they wrote it.</param>
/// <param name="Complaint">What they say is wrong.</param>
/// <param name="Role">The role, where the trace says one.</param>
/// <param name="Rules">The rules that the trace cites, such as <c>R8 R9</c>; empty for none.</param>
/// <param name="Story">What happened, in their words.</param>
/// <param name="Evidence">Ids, dates, messages; may be empty.</param>
public sealed record Dispute(StaffId Staff, StoreId Store, FactId Sale, Complaint Complaint, Role? Role, string Rules, string Story, string Evidence);

public enum OpenOutcome
{
    Opened,

    /// <summary>It came too late, and is ruled on only if the office takes it up.</summary>
    Late,

    /// <summary>They appeal the same sale already; the number is that one's.</summary>
    OpenBefore,

    /// <summary>So many of theirs are open that these are to be ruled on first.</summary>
    TooMany,
}

/// <param name="Outcome">What became of it.</param>
/// <param name="Number">The appeal's.</param>
public sealed record Opened(OpenOutcome Outcome, long? Number = null);

/// <summary>
/// A clerk appeals. Of a sale that they do not see nothing is looked up, so that the answer is the same whether there is one: whether it
/// exists and was in time is for the office to find (docs/adr/0015).
/// </summary>
public static class OpenAppeal
{
    public const int MostOpen = 50;

    /// <param name="turn">A write turn; to be committed.</param>
    /// <param name="zone">The brand's.</param>
    /// <param name="dispute">What they say.</param>
    /// <param name="seesSale">Whether they see the sale, and so may be told that they are late.</param>
    /// <param name="by">The account.</param>
    /// <param name="now">When.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<Opened> RunAsync(Turn turn, Zone zone, Dispute dispute, bool seesSale, string by, Instant now, CancellationToken stop)
    {
        await using var books = turn.Books();
        var waiting = await books.Appeals.Where(row => row.Staff == dispute.Staff.Value && (row.State == AppealState.Open || row.State == AppealState.Late))
            .Select(row => new { row.Number, row.Sale }).ToListAsync(stop);
        if (waiting.Find(row => row.Sale == dispute.Sale.Value) is { } before) return new Opened(OpenOutcome.OpenBefore, before.Number);
        if (waiting.Count >= MostOpen) return new Opened(OpenOutcome.TooMany);
        var (terms, today) = (await AppealTerms.OfAsync(turn, stop), zone.DayOf(now));
        var isLate = seesSale && await terms.LastDayAsync(turn, zone, dispute.Sale, stop) is { } last && today > last;
        var number = (await books.Appeals.MaxAsync(row => (long?)row.Number, stop) ?? 0) + 1;
        await turn.InsertAsync<AppealRow>(
            [
                new AppealRow
                {
                    Number = number, Staff = dispute.Staff.Value, Store = dispute.Store.Value, Sale = dispute.Sale.Value, Complaint = dispute.Complaint, Role = (short?)dispute.Role,
                    Rules = dispute.Rules, Story = dispute.Story, Evidence = dispute.Evidence, OpenedAtTicks = now.Ticks, OpenedBy = by, DueOn = today.AddDays(terms.RulingDays),
                    State = isLate ? AppealState.Late : AppealState.Open,
                },
            ], stop);
        return new Opened(isLate ? OpenOutcome.Late : OpenOutcome.Opened, number);
    }
}
