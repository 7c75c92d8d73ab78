using Tokamak.Core.Kernel;

namespace Tokamak.Core.Promotions.Previewing;

/// <summary>What an offer would do in a book as it stands: sample carts priced without it and with it, and what to look at twice.</summary>
public sealed record OfferPreview(IReadOnlyList<SampleResult> Samples, IReadOnlyList<OfferWarning> Warnings)
{
    /// <summary>Few enough for a page that is drawn while somebody types; small carts are proven long before.</summary>
    private const long MostSteps = 40_000;

    /// <summary>A unit that keeps so many percent of its price or less is worth a warning.</summary>
    public const int DeepPercent = 30;

    private const int Whole = 100;

    /// <param name="book">As it holds; an offer of the draft's id in it is the version that the draft replaces.</param>
    /// <param name="draft">A sound offer.</param>
    /// <param name="now">Today; samples are of the first moment from then on at which the draft holds.</param>
    /// <param name="price">Of a unit of its goods; null: <see cref="SampleCarts.UsualPrice"/>.</param>
    /// <param name="deepPercent">0 to 100.</param>
    public static OfferPreview Of(OfferBook book, Offer draft, Instant now, long? price = null, int deepPercent = DeepPercent)
    {
        var without = book with { Offers = [.. book.Offers.Where(offer => offer.Id != draft.Id)] };
        var with = without with { Offers = [.. without.Offers.Append(draft).OrderBy(offer => offer.Id, Utf8Order.Instance)] };
        var samples = SampleCarts.Of(draft, now, book.Zone, price)
            .Select(sample => SampleResult.Of(sample, draft.Id, QuoteRules.Quote(without, sample.Cart, MostSteps), QuoteRules.Quote(with, sample.Cart, MostSteps))).ToList();
        // Whose time is over meets nobody any more.
        var open = without with { Offers = [.. without.Offers.Where(offer => OfferStages.Of(offer, false, now) != OfferStage.Ended)] };
        return new OfferPreview(samples, [.. WarningsOf(open, draft, samples, deepPercent)]);
    }

    private static IEnumerable<OfferWarning> WarningsOf(OfferBook without, Offer draft, List<SampleResult> samples, int deepPercent)
    {
        var ways = samples.Where(sample => !sample.IsGiven).Select(sample => sample.NotApplied).OfType<NotApplied>().SelectMany(missed => missed.By ?? []).Distinct().Order(Utf8Order.Instance).ToList();
        if (samples.Count > 0 && !samples.Exists(sample => sample.IsGiven)) yield return ways.Count > 0 ? new NeverChosen(ways) : new NeverGives();
        var displaced = samples.SelectMany(sample => sample.Displaced).Distinct().Order(Utf8Order.Instance).ToList();
        if (displaced.Count > 0) yield return draft.Exclusive.Contains(Offer.Alone) ? new AloneDisplaces(displaced) : new Displaces(displaced);
        var given = samples.Where(sample => sample.IsGiven).ToList();
        if (given.Count > 0 && given.Min(sample => sample.LeastPercent) is var least && least <= deepPercent) yield return new FallsDeep(least, deepPercent);
        if (OfferOverlaps.Of(without, draft) is { Count: > 0 } overlaps) yield return new Overlaps(overlaps);
    }

    /// <summary>Percents of its price that a unit keeps, rounded down; the least of a cart in which the offer counts.</summary>
    internal static int LeastPercent(Cart cart, Quote quote, string offer)
    {
        var least = Whole;
        foreach (var (line, quoted) in cart.Lines.Zip(quote.Lines))
        {
            if (line.UnitPrice == 0 || !quoted.Discounts.Any(discount => discount.Offer == offer)) continue;
            foreach (var units in quoted.Units) least = Math.Min(least, (int)(units.Amount * Whole / line.UnitPrice));
        }
        return least;
    }
}

/// <summary>A sample without the offer and with it.</summary>
/// <param name="Amount">What the offer takes off; 0 where it does not, or gives something else.</param>
/// <param name="Rewards">What it gives beside the price.</param>
/// <param name="Displaced">Offers that gave something before and do no more, by id.</param>
/// <param name="NotApplied">Why the offer gives nothing; null where it does, or does not even speak of it.</param>
/// <param name="LeastPercent">Of its price, what is left of the unit that the offer brings down most; 100 where it brings none down.</param>
public sealed record SampleResult(
    SampleCart Sample, Quote Before, Quote After, long Amount, IReadOnlyList<Reward> Rewards, IReadOnlyList<string> Displaced, NotApplied? NotApplied, int LeastPercent)
{
    public bool IsGiven => Amount > 0 || Rewards.Count > 0;

    /// <summary>What the goods cost by themselves.</summary>
    public long Plain => Sample.Cart.Lines.Sum(line => line.UnitPrice * line.Quantity);

    internal static SampleResult Of(SampleCart sample, string offer, Quote before, Quote after)
    {
        var still = Giving(after).ToHashSet(StringComparer.Ordinal);
        return new SampleResult(
            sample, before, after, after.Applied.Where(one => one.Offer == offer).Sum(one => one.Amount), [.. after.Rewards.Where(reward => reward.Offer == offer)],
            [.. Giving(before).Where(id => !still.Contains(id)).Distinct().Order(Utf8Order.Instance)], after.NotApplied.FirstOrDefault(missed => missed.Offer == offer),
            OfferPreview.LeastPercent(sample.Cart, after, offer));
    }

    private static IEnumerable<string> Giving(Quote quote) => quote.Applied.Select(one => one.Offer).Concat(quote.Rewards.Select(one => one.Offer));
}

/// <summary>Something about an offer that whoever writes it should look at twice.</summary>
public abstract record OfferWarning;

/// <summary>On no sample is it chosen, because other offers are better or exclude it.</summary>
/// <param name="By">Their ids.</param>
public sealed record NeverChosen(IReadOnlyList<string> By) : OfferWarning;

/// <summary>It gives nothing on any sample, whatever else there is.</summary>
public sealed record NeverGives : OfferWarning;

/// <summary>It is applied alone (<c>*</c>) and takes the place of these.</summary>
public sealed record AloneDisplaces(IReadOnlyList<string> Offers) : OfferWarning;

/// <summary>Where it is applied, these are no more.</summary>
public sealed record Displaces(IReadOnlyList<string> Offers) : OfferWarning;

/// <summary>A unit keeps so little of its price.</summary>
/// <param name="Percent">What the unit keeps, 0 to 100, rounded down.</param>
/// <param name="Limit">From which on it is told.</param>
public sealed record FallsDeep(int Percent, int Limit) : OfferWarning;

/// <summary>These are for the same goods at the same time and place.</summary>
public sealed record Overlaps(IReadOnlyList<string> Offers) : OfferWarning;
