using System.Text;
using Tokamak.App.Brands;
using Tokamak.App.Referral;

namespace Tokamak.App.Tests.Referral;

/// <summary>Books of a few hand-made facts, by the way that every brand's files take.</summary>
internal static class World
{
    /// <summary>Two stores, two clerks; the owner gets 40, the closer 40, the handover 10 of an online sale; TWD.</summary>
    public const string Policy =
        """
        {
          "policy": "referral", "version": 1, "effectiveFrom": "2026-01-01", "timezone": "Asia/Taipei", "currency": "TWD",
          "services": [
            {"kind": "app-install", "strength": 3, "lockDays": 30, "lifeDays": 180},
            {"kind": "store-sale", "strength": 2, "lockDays": 14, "lifeDays": 90}
          ],
          "takeover": "equal", "staffMoves": "keep", "staffLeaves": "store", "decay": [], "linkDays": 3, "selfPurchase": "exclude",
          "split": [
            {"channel": "online", "closer": ["staff", "code", "link"], "shares": {"owner": 40, "closer": 40, "handover": 10}},
            {"channel": "store", "closer": ["staff"], "shares": {"owner": 0, "closer": 100, "handover": 0}}
          ],
          "rates": [{"role": "owner", "rate": 200}, {"role": "closer", "rate": 300}, {"role": "handover", "rate": 100, "perHandover": 5}],
          "bands": {"mode": "marginal", "steps": [{"from": 0, "percent": 100}, {"from": 1000, "percent": 150}]},
          "capPerMonth": 200, "staffPercent": 80,
          "bounties": [{"service": "app-install", "amount": 50, "oncePer": "member", "bound": true, "requiresPurchaseWithinDays": 30}],
          "holdDays": {"store": 7, "online": 10}, "clawbackDays": 60
        }
        """;

    public const string Names = """{"brand":"嶼晴織","stores":{"S1":"大安店","S2":"板橋店"},"staff":{"A":"林怡君","B":"陳志豪"}}""";

    private const string Staff =
        """
        {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1","code":"A1"}
        {"type":"staff","id":"F2","at":"2026-01-01T09:00:00+08:00","staff":"B","event":"joined","store":"S2"}
        """;

    /// <summary>
    /// A wins a member, sells to her in the store in January; she orders online twice, B hands one order over; A's store
    /// sale comes back in February in full.
    /// </summary>
    private const string Trade =
        """
        {"type":"service","id":"V1","at":"2026-01-05T12:00:00+08:00","member":"M1","kind":"app-install","store":"S1","staff":"A"}
        {"type":"sale","id":"P1","at":"2026-01-10T12:00:00+08:00","channel":"store","store":"S1","member":"M1","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":3000,"fulfil":"taken"}]}
        {"type":"sale","id":"W1","at":"2026-01-15T21:00:00+08:00","channel":"online","member":"M1","lines":[{"line":1,"category":"tops","quantity":2,"net":1000,"fulfil":"pickup"},{"line":2,"category":"shoes","quantity":1,"net":501,"fulfil":"ship"}]}
        {"type":"handover","id":"H1","at":"2026-01-17T15:00:00+08:00","sale":"W1","store":"S2","staff":"B","lines":[{"line":1,"quantity":2}]}
        {"type":"handover","id":"H2","at":"2026-01-18T15:00:00+08:00","sale":"W1","lines":[{"line":2,"quantity":1}]}
        {"type":"sale","id":"P2","at":"2026-01-20T12:00:00+08:00","channel":"store","store":"S1","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":9000,"fulfil":"taken"}]}
        {"type":"return","id":"R1","at":"2026-02-20T12:00:00+08:00","sale":"P2","lines":[{"line":1,"quantity":1}]}
        {"type":"sale","id":"W2","at":"2026-02-25T21:00:00+08:00","channel":"online","lines":[{"line":1,"category":"bags","quantity":1,"net":700,"fulfil":"ship"}]}
        """;

    public const string SmallFacts = Staff + "\n" + Trade;

    public static Books Small() => Of(SmallFacts);

    public static Books Of(string facts, string policy = Policy, string names = Names, DateOnly? asOf = null)
    {
        var folder = Directory.CreateTempSubdirectory("world").FullName;
        try
        {
            var (factsFile, policyFile) = (Path.Combine(folder, "facts.jsonl"), Path.Combine(folder, "policy.json"));
            File.WriteAllText(factsFile, facts);
            File.WriteAllText(policyFile, policy);
            var (read, faults) = BrandNames.Parse(Encoding.UTF8.GetBytes(names));
            Assert.Empty(faults);
            var (books, wrong) = Books.Load(factsFile, policyFile, read!, asOf);
            Assert.Empty(wrong);
            return books!;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
