using System.Globalization;
using System.Text;

namespace Tokamak.Bench;

/// <summary>
/// A brand from a seed: for each two sales a service, handovers in one or two batches for what is not taken at once,
/// some returns. 200 stores, 1,000 clerks, 300,000 members at a million sales, two years.
/// </summary>
internal sealed class BenchWorld(int sales, TextWriter output)
{
    private const int Stores = 200, Clerks = 1_000, Seconds = 2 * 365 * 86_400;
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.FromHours(8));
    private static readonly string[] Categories = ["tops", "bottoms", "shoes", "bags", "outerwear", "accessories"];
    private static readonly string[] Kinds = ["qr-scan", "qr-scan", "app-install", "sign-up", "link-click", "link-click"];
    private readonly int _members = Math.Max(1, sales * 3 / 10);
    private readonly SortedDictionary<(long At, int Order), string> _later = [];
    private ulong _state = 0x9E3779B97F4A7C15;
    private int _order;

    public static int Write(int sales, string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "policy.json"), Policy);
        using var facts = new StreamWriter(Path.Combine(folder, "facts.jsonl"), append: false, new UTF8Encoding(false), 1 << 20);
        new BenchWorld(sales, facts).Write();
        return 0;
    }

    private void Write()
    {
        for (var clerk = 0; clerk < Clerks; clerk++)
            output.WriteLine($$"""{"type":"staff","id":"j{{clerk}}","at":"{{At(0)}}","staff":"C{{clerk:D4}}","event":"joined","store":"S{{clerk % Stores:D3}}","grade":"{{(clerk % 5 == 0 ? "senior" : "junior")}}","code":"K{{clerk:D4}}"}""");
        for (var sale = 0; sale < sales; sale++)
        {
            var at = 1 + ((long)sale * Seconds / sales);
            WriteDueBefore(at);
            if (sale % 2 == 0) WriteService(sale / 2, at);
            WriteSale(sale, at);
        }
        WriteDueBefore(long.MaxValue);
    }

    private void WriteService(int number, long at)
    {
        var clerk = Next(Clerks);
        output.WriteLine($$"""{"type":"service","id":"v{{number}}","at":"{{At(at)}}","member":"M{{Next(_members):D6}}","kind":"{{Kinds[Next(Kinds.Length)]}}","store":"S{{clerk % Stores:D3}}","staff":"C{{clerk:D4}}"}""");
    }

    private void WriteSale(int number, long at)
    {
        var online = Next(100) < 40;
        var clerk = Next(Clerks);
        var lines = new StringBuilder();
        var quantities = new int[1 + (Next(3) / 2) + Next(2)];
        var fulfil = !online ? "taken" : Next(100) < 40 ? "pickup" : "ship";
        for (var line = 0; line < quantities.Length; line++)
        {
            quantities[line] = 1 + (Next(5) / 4);
            lines.Append(CultureInfo.InvariantCulture, $$"""{{(line == 0 ? "" : ",")}}{"line":{{line + 1}},"category":"{{Categories[Next(Categories.Length)]}}","quantity":{{quantities[line]}},"net":{{290 + (10 * Next(500))}},"fulfil":"{{fulfil}}"}""");
        }
        var who = Next(100) < 80 ? $",\"member\":\"M{Next(_members):D6}\"" : "";
        var staff = !online || Next(100) < 15 ? $",\"staff\":\"C{clerk:D4}\"" : Next(100) < 10 ? $",\"code\":\"K{clerk:D4}\"" : "";
        output.WriteLine($$"""{"type":"sale","id":"O{{number:D7}}","at":"{{At(at)}}","channel":"{{(online ? $"online\"" : $"store\",\"store\":\"S{clerk % Stores:D3}\"")}}{{who}}{{staff}},"lines":[{{lines}}]}""");
        if (online) LaterHandovers(number, at, fulfil, quantities);
        if (Next(100) < 6) Later(at + (86_400L * (5 + Next(40))), $$"""{"type":"return","id":"r{{number}}","at":"AT","sale":"O{{number:D7}}","lines":[{"line":1,"quantity":1}]}""");
    }

    private void LaterHandovers(int number, long at, string fulfil, int[] quantities)
    {
        var batches = fulfil == "pickup" && quantities.Length > 1 && Next(100) < 30 ? 2 : 1;
        for (var batch = 0; batch < batches; batch++)
        {
            var lines = string.Join(',', Enumerable.Range(0, quantities.Length).Where(i => i % batches == batch).Select(i => $$"""{"line":{{i + 1}},"quantity":{{quantities[i]}}}"""));
            var clerk = Next(Clerks);
            var where = fulfil == "pickup" ? $",\"store\":\"S{clerk % Stores:D3}\",\"staff\":\"C{clerk:D4}\"" : "";
            Later(at + (86_400L * (1 + batch)) + Next(40_000), $$"""{"type":"handover","id":"h{{number}}-{{batch}}","at":"AT","sale":"O{{number:D7}}"{{where}},"lines":[{{lines}}]}""");
        }
    }

    private void Later(long at, string fact) => _later.Add((at, _order++), fact);

    private void WriteDueBefore(long at)
    {
        while (_later.Count > 0 && _later.Keys.First() is var first && first.At < at)
        {
            output.WriteLine(_later[first].Replace("AT", At(first.At), StringComparison.Ordinal));
            _later.Remove(first);
        }
    }

    private static string At(long seconds) => Start.AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary>SplitMix64, so that the same world comes out on every machine.</summary>
    private int Next(int below)
    {
        unchecked
        {
            var z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return (int)((z ^ (z >> 31)) % (ulong)below);
        }
    }

    private const string Policy = """
        {
          "policy": "referral", "version": 1, "effectiveFrom": "2024-01-01", "timezone": "Asia/Taipei", "currency": "TWD",
          "services": [
            {"kind": "app-install", "strength": 3, "lockDays": 30, "lifeDays": 180},
            {"kind": "sign-up", "strength": 3, "lockDays": 30, "lifeDays": 180},
            {"kind": "qr-scan", "strength": 1, "lockDays": 7, "lifeDays": 60},
            {"kind": "store-sale", "strength": 2, "lockDays": 14, "lifeDays": 90},
            {"kind": "assisted-sale", "strength": 2, "lockDays": 14, "lifeDays": 90},
            {"kind": "link-click", "strength": 1, "lockDays": 0, "lifeDays": 30, "renews": false}
          ],
          "takeover": "equal", "staffMoves": "keep", "staffLeaves": "store",
          "decay": [{"days": 30, "percent": 100}, {"days": 90, "percent": 50}, {"days": 180, "percent": 20}],
          "linkDays": 3, "selfPurchase": "exclude",
          "split": [
            {"channel": "online", "closer": ["staff", "code", "link"], "shares": {"owner": 40, "closer": 40, "handover": 10}},
            {"channel": "store", "closer": ["staff"], "shares": {"owner": 10, "closer": 90, "handover": 0}}
          ],
          "rates": [
            {"role": "owner", "rate": 200},
            {"role": "closer", "grade": "senior", "rate": 350},
            {"role": "closer", "rate": 300, "categories": {"shoes": 400}},
            {"role": "handover", "rate": 100, "perHandover": 5, "perHandoverMinNet": 100}
          ],
          "bands": {"mode": "marginal", "steps": [{"from": 0, "percent": 100}, {"from": 300000, "percent": 120}]},
          "capPerMonth": 50000, "staffPercent": 80,
          "bounties": [{"service": "app-install", "amount": 50, "oncePer": "member", "bound": true, "requiresPurchaseWithinDays": 30, "minNet": 300}],
          "holdDays": {"store": 7, "online": 10}, "clawbackDays": 60
        }
        """;
}
