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

    internal static Quote QuoteOf(string offers, string cart)
    {
        var faults = new List<Fault>();
        var book = OfferReader.Read(Encoding.UTF8.GetBytes(offers), name => name == Taipei.Name ? Taipei : null, faults);
        var read = CartReader.Read(Encoding.UTF8.GetBytes(cart), faults);
        Assert.Empty(faults);
        return QuoteRules.Quote(book!, read!);
    }
}
