using System.Text;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;
using Xunit;

namespace Tokamak.Core.Tests.Promotions;

/// <summary>The engine beside the plain reference, which was written from the spec's text alone and by somebody else.</summary>
public sealed class AgreementTests
{
    private static readonly Zone Taipei = new("Asia/Taipei", [new ZoneSpan(default, 8 * 3600)]);

    /// <summary>So many seeds in every run; <c>TOKAMAK_AGREEMENT_SEEDS</c> asks for more.</summary>
    private static readonly int Seeds = int.TryParse(Environment.GetEnvironmentVariable("TOKAMAK_AGREEMENT_SEEDS"), out var seeds) ? seeds : 20_000;

    [Fact]
    public void The_lowest_total_of_small_carts_is_that_of_the_plain_reference_and_proven()
    {
        var wrong = new List<string>();
        Parallel.For(0, Seeds, seed =>
        {
            var (offers, cart) = RandomCarts.Of(seed);
            var expected = PlainReference.LowestTotal(offers, cart);
            var quote = QuoteOf(offers, cart);
            if (quote.Total == expected && quote.IsOptimal && quote.Bound == expected) return;
            lock (wrong) wrong.Add($"seed {seed}: {quote.Total} ({(quote.IsOptimal ? "proven" : "not proven")}, bound {quote.Bound}) instead of {expected}");
        });
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {Seeds} carts differ:\n{string.Join("\n", wrong.Order().Take(10))}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(150)]
    public void Where_the_steps_end_first_the_bound_still_holds_and_nothing_is_called_proven_that_is_not(long mostSteps)
    {
        var open = 0;
        Parallel.For(0, 2_000, seed =>
        {
            var (offers, cart) = RandomCarts.Of(seed);
            var lowest = PlainReference.LowestTotal(offers, cart);
            var quote = QuoteOf(offers, cart, mostSteps);
            Assert.True(quote.Bound <= lowest && lowest <= quote.Total, $"seed {seed}: {lowest} is not between {quote.Bound} and {quote.Total}");
            Assert.Equal(quote.IsOptimal, quote.Bound == quote.Total);
            if (!quote.IsOptimal) Interlocked.Increment(ref open);
        });
        Assert.True(open > 0, "every cart was proven, so this shows nothing");
    }

    internal static Quote QuoteOf(string offers, string cart, long mostSteps = QuoteRules.MostSteps)
    {
        var faults = new List<Fault>();
        var book = OfferReader.Read(Encoding.UTF8.GetBytes(offers), name => name == Taipei.Name ? Taipei : null, faults);
        var read = CartReader.Read(Encoding.UTF8.GetBytes(cart), faults);
        Assert.Empty(faults);
        return QuoteRules.Quote(book!, read!, mostSteps);
    }
}
