using System.Diagnostics;
using System.Globalization;
using Tokamak.App.Brands;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;

namespace Tokamak.Bench.Quotes;

/// <summary>The corpus quoted in process, one after the other: how long each takes, how many are proven, and how often offers taken in their order miss the lowest total.</summary>
internal static class QuoteBench
{
    public static int Run(int cases)
    {
        foreach (var size in QuoteCorpus.Sizes)
        {
            var carts = QuoteCorpus.Of(size, cases).Select(Read).ToList();
            // Once round for the compiler.
            foreach (var (book, cart) in carts.Take(200)) QuoteRules.Quote(book, cart);
            var quotes = new List<(double Milliseconds, Quote Quote, long Plain)>();
            foreach (var (book, cart) in carts)
            {
                var began = Stopwatch.GetTimestamp();
                var quote = QuoteRules.Quote(book, cart);
                quotes.Add((Stopwatch.GetElapsedTime(began).TotalMilliseconds, quote, InTheirOrder.Total(book, cart)));
            }
            var times = quotes.Select(one => one.Milliseconds).Order().ToList();
            string At(int percent) => times[Math.Min(times.Count - 1, times.Count * percent / 100)].ToString("F2", CultureInfo.InvariantCulture);
            var proven = quotes.Count(one => one.Quote.IsOptimal);
            var missed = quotes.Count(one => one.Plain > one.Quote.Total);
            var open = quotes.Where(one => !one.Quote.IsOptimal).Select(one => 100.0 * (one.Quote.Total - one.Quote.Bound) / Math.Max(1, one.Quote.Total)).DefaultIfEmpty().Max();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{size}: {cases} carts, p50 {At(50)} ms, p95 {At(95)} ms, p99 {At(99)} ms, most {times[^1]:F1} ms; proven {100.0 * proven / cases:F1} %, else within {open:F1} %; in their order dearer in {100.0 * missed / cases:F0} %, by {100.0 * (quotes.Sum(one => one.Plain) - quotes.Sum(one => one.Quote.Total)) / quotes.Sum(one => one.Plain):F1} % in all"));
        }
        return 0;
    }

    private static (OfferBook Book, Cart Cart) Read(QuoteCase from)
    {
        var faults = new List<Fault>();
        var (book, cart) = (OfferReader.Read(from.Offers, Zones.Find, faults), CartReader.Read(from.Cart, faults));
        return faults.Count == 0 ? (book!, cart!) : throw new InvalidOperationException(string.Join('\n', faults));
    }
}
