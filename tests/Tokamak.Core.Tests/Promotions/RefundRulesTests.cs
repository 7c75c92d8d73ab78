using System.Text;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;
using Xunit;

namespace Tokamak.Core.Tests.Promotions;

public sealed class RefundRulesTests
{
    [Fact]
    public void By_proportion_a_unit_takes_its_part_of_its_line_and_discounts_stay_where_they_were()
    {
        // 滿 3000 折 300 on A 1000 × 2 and B 1000: each unit costs 900. Known elsewhere: a refund moves discounts to the lines that stay.
        var sale = Sale("proportional", """{"order":{"items":{"all":true},"spend":[{"from":3000,"off":300}]}}""", "A:1000x2 B:1000");
        var (refund, left) = sale.Return(sale.All, (1, 1));
        Assert.Equal(900, refund.Money);
        Assert.Equal((1800, 900L, 900L), (left.Paid, left.Lines[1].Net, left.Lines[2].Net));
    }

    [Fact]
    public void By_repricing_who_buys_for_the_threshold_and_gives_back_loses_its_discount()
    {
        // 湊單退貨: 3000 − 300 = 2700 were paid; the two units kept cost 2000 without the discount: 700 come back, not 900.
        var sale = Sale("reprice", """{"order":{"items":{"all":true},"spend":[{"from":3000,"off":300}]}}""", "A:1000x2 B:1000");
        var (refund, left) = sale.Return(sale.All, (2, 1));
        Assert.Equal((700L, 2000L), (refund.Money, left.Paid));
        Assert.Equal(2000, sale.Return(left, (1, 2)).Refund.Money);
    }

    [Fact]
    public void By_repricing_nothing_is_asked_back_from_who_returns()
    {
        // 1050 reach the threshold: 500 off, 550 are paid. A alone would cost 1000, so nothing comes back with B, and nothing is owed.
        var sale = Sale("reprice", """{"order":{"items":{"all":true},"spend":[{"from":1050,"off":500}]}}""", "A:1000 B:50");
        Assert.Equal(550, sale.Quote.Total);
        var (refund, left) = sale.Return(sale.All, (2, 1));
        Assert.Equal((0L, 550L), (refund.Amount, left.Paid));
        Assert.Equal(550, sale.Return(left, (1, 1)).Refund.Amount);
    }

    [Fact]
    public void Points_come_back_in_proportion_and_all_of_them_in_the_end()
    {
        var sale = Sale("proportional", """{"price":{"items":{"all":true},"off":1}}""", "A:101 B:201", spendPoints: 31);
        // 100 and 200 are 300; 30 % may be points: 31 are spent. A third comes back with A: 10.33, so 10.
        var (first, left) = sale.Return(sale.All, (1, 1));
        Assert.Equal(new Refund(100, 10, 90), first);
        Assert.Equal(new Refund(200, 21, 179), sale.Return(left, (2, 1)).Refund);
    }

    [Theory]
    [InlineData("proportional")]
    [InlineData("reprice")]
    public void Any_sequence_of_returns_ends_at_exactly_what_was_paid(string onReturn) => Parallel.For(0, 400, seed =>
    {
        var (offers, cartJson) = RandomCarts.Of(seed + 2_000_000, 9, 6);
        var faults = new List<Fault>();
        var book = OfferReader.Read(Encoding.UTF8.GetBytes(offers), _ => Taipei, faults)! with { OnReturn = onReturn == "reprice" ? OnReturn.Reprice : OnReturn.Proportional };
        var cart = CartReader.Read(Encoding.UTF8.GetBytes(cartJson), faults)!;
        var quote = QuoteRules.Quote(book, cart);
        var dice = new Random(seed);
        var left = Kept.Of(cart, quote);
        long amount = 0, points = 0, money = 0;
        while (left.Lines.Where(line => line.Value.Units > 0).Select(line => line.Key).ToList() is { Count: > 0 } lines)
        {
            var line = lines[dice.Next(lines.Count)];
            var (refund, next) = RefundRules.Return(book, cart, quote, left, new Dictionary<int, int> { [line] = dice.Next(1, left.Lines[line].Units + 1) });
            Assert.True(refund is { Amount: >= 0, Points: >= 0, Money: >= 0 }, $"seed {seed}: {refund}");
            (amount, points, money, left) = (amount + refund.Amount, points + refund.Points, money + refund.Money, next);
        }
        Assert.Equal((quote.Total, quote.Points.Spent, quote.Total - quote.Points.Amount), (amount, points, money));
        Assert.Equal((0L, 0L, 0L), (left.Paid, left.Points, left.Money));
    });

    private static readonly Zone Taipei = new("Asia/Taipei", [new ZoneSpan(default, 8 * 3600)]);

    private sealed record Made(OfferBook Book, Cart Cart, Quote Quote)
    {
        public Kept All => Kept.Of(Cart, Quote);

        public (Refund Refund, Kept Left) Return(Kept kept, params (int Line, int Units)[] back) => RefundRules.Return(Book, Cart, Quote, kept, back.ToDictionary(one => one.Line, one => one.Units));
    }

    private static Made Sale(string onReturn, string offer, string cart, int spendPoints = 0)
    {
        var faults = new List<Fault>();
        var lines = cart.Split(' ').Select((text, i) => text.Split(':') is [var sku, var price] && price.Split('x') is var parts
            ? $$"""{"line":{{i + 1}},"sku":"{{sku}}","quantity":{{(parts.Length > 1 ? parts[1] : "1")}},"unitPrice":{{parts[0]}}}""" : "");
        var book = OfferReader.Read(Encoding.UTF8.GetBytes(
            $$"""{"timezone":"Asia/Taipei","onReturn":"{{onReturn}}","points":{"value":1,"maxPercent":30},"offers":[{"id":"P","name":{"zh-TW":"活動"},{{offer[1..]}}]}"""), _ => Taipei, faults);
        var read = CartReader.Read(Encoding.UTF8.GetBytes(
            $$"""{"at":"2026-11-21T15:00:00+08:00","channel":"online","lines":[{{string.Join(',', lines)}}],"spendPoints":{{spendPoints}}}"""), faults);
        Assert.Empty(faults);
        return new Made(book!, read!, QuoteRules.Quote(book!, read!));
    }
}
