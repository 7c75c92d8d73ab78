using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral;

/// <summary>Why a line's commission is not there yet (R13).</summary>
public enum PendingState
{
    /// <summary>Not all units have been handed over or cancelled.</summary>
    NotReceived,

    /// <summary>Received, and may still be returned.</summary>
    MayBeReturned,
}

/// <summary>A line that has not vested, and what it comes to for a party as it stands.</summary>
/// <param name="CommissionE4">By rate alone (R12), ten-thousandths: bands, cap and division come with the month (R14).</param>
/// <param name="VestsOn">The day at whose end it does; null while nobody knows.</param>
public readonly record struct Pending(PendingState State, Int128 CommissionE4, DateOnly? VestsOn);

public static class PendingRules
{
    /// <returns>Null for a line that has vested, or never will.</returns>
    /// <param name="sale">As its facts leave it.</param>
    /// <param name="line">Place of the line in it.</param>
    /// <param name="role">Of the party.</param>
    /// <param name="clerk">The party; null for a store.</param>
    /// <param name="credit">Of the party in the line, as it stands, whole units.</param>
    public static Pending? Of(SaleBook sale, int line, Role role, StaffTimeline? clerk, long credit)
    {
        ref readonly var book = ref sale.Line(line);
        if (sale.Version is not { } version || book.Vested) return null;
        var rate = CommissionRules.RateBps(CommissionRules.RuleFor(version, role, clerk?.GradeForSale(sale.Fact.At)), sale.Sold(line).Category);
        var commission = (Int128)credit * rate;
        return book.ReceivedOn is { } received
            ? new Pending(PendingState.MayBeReturned, commission, CommissionRules.VestDay(sale, received))
            : new Pending(PendingState.NotReceived, commission, null);
    }
}
