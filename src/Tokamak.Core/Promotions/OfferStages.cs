using Tokamak.Core.Kernel;

namespace Tokamak.Core.Promotions;

/// <summary>Where an approved offer stands in its life.</summary>
public enum OfferStage
{
    Scheduled,
    Running,
    Ended,
}

/// <summary>Tells an offer's stage from when it holds.</summary>
public static class OfferStages
{
    /// <param name="offer">As it was approved.</param>
    /// <param name="isEnded">Somebody has ended it before its time.</param>
    /// <param name="now">The moment. Weekdays and hours do not matter: a Monday's offer runs all week.</param>
    public static OfferStage Of(Offer offer, bool isEnded, Instant now) =>
        isEnded || now >= offer.When?.Until ? OfferStage.Ended
        : now < offer.When?.From ? OfferStage.Scheduled
        : OfferStage.Running;
}
