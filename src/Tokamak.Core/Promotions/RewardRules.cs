using Tokamak.Core.Promotions.Choosing;

namespace Tokamak.Core.Promotions;

/// <summary>Rewards, judged on the outcome (spec promotions, "How a price comes about", 7).</summary>
internal static class RewardRules
{
    /// <summary>What a reward's thresholds look at: units at what the order stage left, or with basis before at what the price stage left.</summary>
    public static long Base(Offer offer, Outcome outcome)
    {
        var deal = (RewardDeal)offer.Deal;
        long sum = 0;
        foreach (var unit in outcome.Units)
        {
            var kind = outcome.Board.Kinds[unit.Kind];
            if (!kind.IsMeant(deal.Items) || (offer.RegularOnly && kind.PricedBy is not null)) continue;
            sum += deal.Measure == Measure.Count ? 1 : deal.Before ? kind.Price : unit.Amount;
        }
        return sum;
    }

    /// <summary>What an offer gives: of the highest step that is reached; empty where none is.</summary>
    public static List<Reward> Of(Offer offer, Outcome outcome)
    {
        var deal = (RewardDeal)offer.Deal;
        var there = Base(offer, outcome);
        var rewards = new List<Reward>();
        if (deal.Steps.LastOrDefault(step => there >= step.From) is not { } reached) return rewards;
        var times = deal.Every ? Math.Min(there / reached.From, deal.MaxRepeat ?? long.MaxValue) : 1;
        if (reached.Gift is { } gift) rewards.Add(new Reward(offer.Id, times, Gift: gift));
        if (reached.Coupon is { } series) rewards.Add(new Reward(offer.Id, times, Coupon: series));
        if (reached.PointsTimes is { } pointsTimes) rewards.Add(new Reward(offer.Id, times, PointsTimes: pointsTimes));
        if (reached.FreeShipping) rewards.Add(new Reward(offer.Id, times, FreeShipping: true));
        if (reached.ShippingOff is { } off) rewards.Add(new Reward(offer.Id, times, ShippingOff: off));
        return rewards;
    }
}
