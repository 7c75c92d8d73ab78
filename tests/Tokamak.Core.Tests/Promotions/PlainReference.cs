using System.Runtime.InteropServices;
using System.Text.Json;

namespace Tokamak.Core.Tests.Promotions;

/// <param name="Way">What was applied, one application or order offer a line, for whoever looks why.</param>
internal sealed record PlainOutcome(long Total, string Way);

/// <summary>
/// The lowest total of a cart by trying everything: all ways to take units for the due unit offers, and with each every
/// choice of the due order offers. It never bounds; that units of one sku, unit price and floor are alike is all it knows.
/// </summary>
internal sealed class PlainReference
{
    private const long Free = -1;

    private readonly PlainUnit[] _units;
    private readonly long[] _prices;
    private readonly int[] _alike;
    private readonly bool _apart;
    private readonly List<(PlainOffer Offer, long Times)> _due;
    private readonly Dictionary<ulong, bool> _mayStand = [];

    private PlainReference(string offersJson, string cartJson, bool apart)
    {
        using var offersDocument = JsonDocument.Parse(offersJson);
        using var cartDocument = JsonDocument.Parse(cartJson);
        var document = offersDocument.RootElement.Clone();
        if (document.Text("timezone") != "Asia/Taipei") throw new ArgumentException("The plain reference knows no zone but Asia/Taipei.", nameof(offersJson));
        var cart = PlainCart.Read(cartDocument.RootElement, document.Number("floorPercent") ?? 0);
        var offers = document.GetProperty("offers").EnumerateArray().Select(Read).OfType<PlainOffer>().ToList();
        offers.Sort((one, other) => PlainCart.ByBytes(one.Id, other.Id));
        _units = cart.Units;
        _prices = PlainStages.Prices(cart, offers.OfType<PlainPriceOffer>());
        _due = [.. offers.Where(offer => offer.Kind != "price").Select(offer => (offer, Times: offer.TimesDue(cart, _prices))).Where(due => due.Times > 0)];
        _alike = new int[_units.Length];
        for (var u = 1; u < _units.Length; u++) _alike[u] = PlainCart.AreAlike(_units[u - 1], _units[u]) ? _alike[u - 1] : u;
        _apart = apart;
    }

    /// <summary>What the unit stage left of each unit (<see cref="Free"/>: in no application), by which offers, and how it came there.</summary>
    private sealed record Stand(long[] Left, ulong Applied, Stand? From, PlainUnitOffer? By, int[] Selector, long[] Discounts);

    public static long LowestTotal(string offersJson, string cartJson) => Lowest(offersJson, cartJson).Total;

    /// <param name="apart">Do not even take units alike for alike: slower, and the same.</param>
    public static PlainOutcome Lowest(string offersJson, string cartJson, bool apart = false)
    {
        var reference = new PlainReference(offersJson, cartJson, apart);
        return reference.UnitStage().Select(reference.OrderStage).MinBy(outcome => outcome.Total)!;
    }

    private static PlainOffer? Read(JsonElement offer) => PlainOffer.KindOf(offer) switch
    {
        "price" => new PlainPriceOffer(offer),
        "unit" => new PlainUnitOffer(offer),
        "order" => new PlainOrderOffer(offer),
        _ => null, // Rewards change no price.
    };

    /// <summary>Whether these of the due offers, one bit each, may stand on one cart.</summary>
    private bool MayStandTogether(ulong applied)
    {
        if (!_mayStand.TryGetValue(applied, out var may)) _mayStand[applied] = may = AreCompatible(applied);
        return may;
    }

    private bool AreCompatible(ulong applied)
    {
        var offers = _due.Where((_, i) => (applied >> i & 1) == 1).Select(due => due.Offer).ToList();
        if (offers.OfType<PlainOrderOffer>().Count(offer => !offer.Stacks) > 1) return false;
        if (offers.Count > 1 && offers.Exists(offer => offer.Exclusive.Contains("*"))) return false;
        return offers.SelectMany(offer => offer.Exclusive.Distinct()).GroupBy(set => set).All(set => set.Count() == 1);
    }

    /// <summary>Every way to apply the unit offers: one offer after the other, each as often as it goes, none included.</summary>
    private List<Stand> UnitStage()
    {
        List<Stand> all = [new([.. _units.Select(_ => Free)], 0, null, null, [], [])];
        for (var i = 0; i < _due.Count; i++)
        {
            if (_due[i].Offer is not PlainUnitOffer offer) continue;
            var seen = new HashSet<string>();
            var latest = all.Where(stand => MayStandTogether(stand.Applied | 1UL << i)).ToList();
            for (long n = 1; n <= _due[i].Times && latest.Count > 0; n++)
            {
                latest = [.. latest.SelectMany(stand => Applications(stand, offer, 1UL << i)).Where(stand => seen.Add(KeyOf(stand)))];
                all.AddRange(latest);
            }
        }
        return all;
    }

    private static string KeyOf(Stand stand) => MemoryMarshal.Cast<long, char>([.. stand.Left, (long)stand.Applied]).ToString();

    /// <summary>One more application of the offer, of whichever free units. One that would discount nothing is none.</summary>
    private List<Stand> Applications(Stand stand, PlainUnitOffer offer, ulong bit)
    {
        var found = new List<Stand>();
        var selector = new int[_units.Length];
        Array.Fill(selector, offer.Take.Length);
        Take(0, offer.Take.Select(take => take.Count).ToArray());
        return found;

        void Take(int u, int[] missing)
        {
            if (missing.All(count => count == 0))
            {
                var discounts = PlainStages.Application(offer, _units, _prices, selector);
                if (discounts.Sum() > 0) found.Add(After(stand, offer, bit, selector, discounts));
                return;
            }
            if (u == _units.Length) return;
            // Of free units alike, those of the first selector come first, then those of the second, then those left alone.
            var first = u > 0 && MayChangePlaces(u - 1, u) && stand.Left[u - 1] == Free ? selector[u - 1] : 0;
            for (var s = first; s < offer.Take.Length; s++)
            {
                if (stand.Left[u] != Free || missing[s] == 0 || !MayTake(offer, s, u, selector)) continue;
                selector[u] = s;
                missing[s]--;
                Take(u + 1, missing);
                missing[s]++;
            }
            selector[u] = offer.Take.Length;
            Take(u + 1, missing);
        }
    }

    /// <summary>Whether selector <paramref name="s"/> may take a unit beside those that it took among the units before.</summary>
    private bool MayTake(PlainUnitOffer offer, int s, int u, int[] selector)
    {
        if (!offer.Take[s].Items.Match(_units[u]) || (offer.RegularOnly && _prices[u] < _units[u].UnitPrice)) return false;
        return !offer.Take[s].OneSku || Enumerable.Range(0, u).All(v => selector[v] != s || _units[v].Sku == _units[u].Sku);
    }

    private bool MayChangePlaces(int u, int v) => !_apart && _alike[u] == _alike[v];

    private Stand After(Stand stand, PlainUnitOffer offer, ulong bit, int[] selector, long[] discounts)
    {
        var left = stand.Left.ToArray();
        for (var u = 0; u < left.Length; u++)
            if (selector[u] < offer.Take.Length) left[u] = _prices[u] - discounts[u];
        // Units alike change places freely; the free ones stand first.
        for (int from = 0, to; from < left.Length; from = to)
        {
            for (to = from + 1; to < left.Length && MayChangePlaces(from, to);) to++;
            Array.Sort(left, from, to - from);
        }
        return new Stand(left, stand.Applied | bit, stand, offer, [.. selector], discounts);
    }

    /// <summary>The best that the order offers make of what the unit stage left.</summary>
    private PlainOutcome OrderStage(Stand stand)
    {
        var taken = stand.Left.Select(left => left != Free).ToArray();
        var amounts = stand.Left.Select((left, u) => left == Free ? _prices[u] : left).ToArray();
        var order = PlainStages.OrderOf(_alike, amounts, taken);
        var offers = new List<(PlainOrderOffer Offer, ulong Bit, long[] Shares)>();
        for (var i = 0; i < _due.Count; i++)
            if (_due[i].Offer is PlainOrderOffer offer && PlainStages.OrderShares(offer, _units, _prices, amounts, taken, order) is var shares && shares.Sum() > 0)
                offers.Add((offer, 1UL << i, shares));
        var (lowest, best) = (amounts.Sum(), 0);
        for (var choice = 1; choice < 1 << offers.Count; choice++)
        {
            var chosen = offers.Where((_, i) => (choice >> i & 1) == 1).ToList();
            if (!MayStandTogether(chosen.Aggregate(stand.Applied, (bits, offer) => bits | offer.Bit))) continue;
            var total = After(amounts, chosen.Select(offer => offer.Shares)).Sum();
            if (total < lowest) (lowest, best) = (total, choice);
        }
        return new PlainOutcome(lowest, Tell(stand) + string.Concat(offers.Where((_, i) => (best >> i & 1) == 1)
            .Select(offer => $"{offer.Offer.Id}: {string.Join(' ', offer.Shares.Select((share, u) => $"{_units[u].Sku}@{amounts[u]}-{share}"))}\n")));
    }

    /// <summary>The offers take their shares in the order of their ids, each cut to what is left above the floor.</summary>
    private long[] After(long[] amounts, IEnumerable<long[]> sharesById)
    {
        var left = amounts.ToArray();
        foreach (var shares in sharesById)
            for (var u = 0; u < left.Length; u++) left[u] -= Math.Min(shares[u], Math.Max(0, left[u] - _units[u].Floor));
        return left;
    }

    private string Tell(Stand stand)
    {
        if (stand.From is null) return "";
        var units = Enumerable.Range(0, _units.Length).Where(u => stand.Selector[u] < stand.By!.Take.Length)
            .Select(u => $"{_units[u].Sku}@{_prices[u]}-{stand.Discounts[u]}");
        return Tell(stand.From) + $"{stand.By!.Id}: {string.Join(' ', units)}\n";
    }
}
