using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Xunit;

namespace Tokamak.Core.Tests.Referral;

/// <summary>A policy is checked whole before use, every fault named by its path.</summary>
public sealed partial class PolicyReaderTests
{
    private const string Version = """
        {
          "policy": "referral", "version": 2, "effectiveFrom": "2026-01-01", "timezone": "Asia/Taipei", "currency": "TWD",
          "services": [{"kind": "sign-up", "strength": 3, "lockDays": 30, "lifeDays": 180}, {"kind": "member-choice", "strength": 1, "lockDays": 0, "lifeDays": 30, "renews": false}],
          "takeover": "equal", "staffMoves": "keep", "staffLeaves": "store", "decay": [{"days": 30, "percent": 100}, {"days": 90, "percent": 50}],
          "linkDays": 3, "selfPurchase": "exclude",
          "split": [{"channel": "online", "closer": ["staff", "code", "link"], "shares": {"owner": 40, "closer": 50, "handover": 10}}, {"channel": "store", "shares": {"owner": 0, "closer": 100, "handover": 0}}],
          "rates": [{"role": "closer", "grade": "senior", "rate": 350}, {"role": "closer", "rate": 300, "categories": {"shoes": 400}}, {"role": "handover", "rate": 100, "perHandover": 5, "perHandoverMinNet": 100}, {"role": "owner", "rate": 0}],
          "bands": {"mode": "marginal", "steps": [{"from": 0, "percent": 100}, {"from": 300000, "percent": 1000}]}, "capPerMonth": 0, "staffPercent": 80,
          "bounties": [{"service": "sign-up", "amount": 50, "oncePer": "member", "bound": true, "requiresPurchaseWithinDays": 30, "minNet": 300}, {"service": "fitting", "amount": 1}],
          "holdDays": {"store": 7, "online": 10}, "clawbackDays": 60
        }
        """;

    [Fact]
    public void The_policy_of_the_rules_is_read()
    {
        var version = Assert.Single(Read(Version)!.Versions);
        Assert.Equal((2, new DateOnly(2026, 1, 1), Takeover.Equal, StaffMoves.Keep), (version.Version, version.EffectiveFrom, version.Takeover, version.StaffMoves));
        Assert.Equal([true, false], version.Services.Select(s => s.Renews));
        Assert.Equal([CloserSource.Staff, CloserSource.Code, CloserSource.Link], version.SplitOf(Channel.Store)!.Closer);
        Assert.Equal(new Bounty("sign-up", 50, true, true, 30, 300), version.BountyOn("sign-up"));
        Assert.Equal(new Bounty("fitting", 1, false, false, null, 1), version.BountyOn("fitting"));
        Assert.Equal((7, 10, 60), (version.HoldDays(Channel.Store), version.HoldDays(Channel.Online), version.ClawbackDays));
        Assert.Equal((5, 100), (version.Rates[2].PerHandover, version.Rates[2].PerHandoverMinNet));
    }

    [Theory]
    [InlineData("$.bands")]
    [InlineData("$.capPerMonth")]
    [InlineData("$.bounties")]
    [InlineData("$.split[0].closer")]
    [InlineData("$.rates[0].grade")]
    [InlineData("$.rates[1].categories")]
    [InlineData("$.rates[2].perHandover")]
    [InlineData("$.rates[2].perHandoverMinNet")]
    [InlineData("$.services[1].renews")]
    [InlineData("$.bounties[0].oncePer")]
    [InlineData("$.bounties[0].bound")]
    [InlineData("$.bounties[0].requiresPurchaseWithinDays")]
    [InlineData("$.bounties[0].minNet")]
    public void What_may_be_absent_may(string path)
    {
        if (path == "$.rates[0].grade") Assert.Equal("$.rates[1]", Assert.Single(FaultsOf(Without(path))).Path);   // hides the next entry
        else Assert.Empty(FaultsOf(Without(path)));
    }

    [Fact]
    public void Everything_else_is_required()
    {
        string[] required = ["policy", "version", "effectiveFrom", "timezone", "currency", "services", "takeover", "staffMoves", "staffLeaves", "decay", "linkDays", "selfPurchase", "split", "rates", "staffPercent", "holdDays", "clawbackDays",
            "services[0].kind", "services[0].strength", "services[0].lockDays", "services[0].lifeDays", "decay[0].days", "decay[1].percent", "split[0].channel", "split[0].shares", "split[0].shares.owner",
            "split[0].shares.closer", "split[0].shares.handover", "rates[1].role", "rates[2].rate", "bands.mode", "bands.steps", "bands.steps[0].from", "bands.steps[0].percent", "bounties[0].service", "bounties[0].amount", "holdDays.store", "holdDays.online"];
        foreach (var field in required) Assert.Contains(FaultsOf(Without($"$.{field}")), fault => fault.Path == $"$.{field}" && fault.Message == "is missing; add it");
    }

    [Theory]
    [InlineData("$.policy", "\"points\"", "must be \"referral\"")]
    [InlineData("$.note", "1", "is not known here")]
    [InlineData("$.services[0].note", "1", "is not known here")]
    [InlineData("$.split[0].shares.host", "1", "is not known here")]
    [InlineData("$.version", "-1", "from 0 to")]
    [InlineData("$.version", "1.5", "must be a whole number")]
    [InlineData("$.version", "1e0", "must be a whole number")]
    [InlineData("$.version", "\"2\"", "must be a whole number")]
    [InlineData("$.effectiveFrom", "\"2026-02-30\"", "must be a date")]
    [InlineData("$.effectiveFrom", "\"1 January\"", "must be a date")]
    [InlineData("$.timezone", "\"Asia/Atlantis\"", "time zone of the IANA database")]
    [InlineData("$.currency", "\"twd\"", "ISO 4217")]
    [InlineData("$.services", "{}", "must be a list")]
    [InlineData("$.services[0]", "7", "must be an object")]
    [InlineData("$.services[0].kind", "\"two words\"", "must be 1 to 100 characters")]
    [InlineData("$.services[0].kind", "null", "must be a text")]
    [InlineData("$.services[0].kind", "\"\\ud800\"", "half a character")]
    [InlineData("$.services[1].kind", "\"sign-up\"", "is listed already")]
    [InlineData("$.services[1].kind", "\"member-decline\"", "takes no terms")]
    [InlineData("$.services[0].strength", "0", "from 1 to 100")]
    [InlineData("$.services[0].strength", "101", "from 1 to 100")]
    [InlineData("$.services[0].lockDays", "10001", "from 0 to 10000")]
    [InlineData("$.services[0].lifeDays", "-1", "from 0 to 10000")]
    [InlineData("$.services[1].renews", "1", "must be true or false")]
    [InlineData("$.takeover", "\"weaker\"", "must be \"never\" or")]
    [InlineData("$.staffMoves", "\"leave\"", "must be \"follow\" or")]
    [InlineData("$.staffLeaves", "\"keep\"", "must be \"store\" or")]
    [InlineData("$.selfPurchase", "true", "must be \"exclude\" or")]
    [InlineData("$.decay[1].days", "30", "must be more than in the step before")]
    [InlineData("$.decay[0].percent", "101", "from 0 to 100")]
    [InlineData("$.linkDays", "null", "from 0 to 10000")]
    [InlineData("$.split[0].channel", "\"phone\"", "must be \"store\" or")]
    [InlineData("$.split[0].closer[2]", "\"guess\"", "must be \"staff\" or")]
    public void A_fault_is_named_by_its_path(string path, string value, string says) => Named(path, path, value, says);

    [Theory]
    [InlineData("$.rates[0].role", "\"host\"", "must be \"owner\" or")]
    [InlineData("$.rates[0].rate", "10001", "from 0 to 10000")]
    [InlineData("$.rates[0].perHandover", "5", "belongs to role handover only")]
    [InlineData("$.rates[0].perHandoverMinNet", "5", "belongs to role handover only")]
    [InlineData("$.rates[1].categories.shoes", "10001", "from 0 to 10000")]
    [InlineData("$.rates[1].categories", "[]", "must be an object")]
    [InlineData("$.rates[2].perHandover", "-1", "from 0 to")]
    [InlineData("$.bands.mode", "\"half\"", "must be \"whole\" or")]
    [InlineData("$.bands.steps", "[]", "must hold at least one step")]
    [InlineData("$.bands.steps[1].from", "0", "must be more than in the step before")]
    [InlineData("$.bands.steps[1].percent", "1001", "from 0 to 1000")]
    [InlineData("$.capPerMonth", "-1", "from 0 to")]
    [InlineData("$.staffPercent", "101", "from 0 to 100")]
    [InlineData("$.bounties[0].service", "\"store-sale\"", "arises from sales")]
    [InlineData("$.bounties[0].service", "\"assisted-sale\"", "arises from sales")]
    [InlineData("$.bounties[0].service", "\"member-choice\"", "is the member's own act")]
    [InlineData("$.bounties[0].service", "\"member-decline\"", "is the member's own act")]
    [InlineData("$.bounties[1].service", "\"sign-up\"", "has a bounty already")]
    [InlineData("$.bounties[0].amount", "-1", "from 0 to")]
    [InlineData("$.bounties[0].oncePer", "\"visit\"", "must be \"member\"")]
    [InlineData("$.bounties[0].bound", "\"yes\"", "must be true or false")]
    [InlineData("$.bounties[0].requiresPurchaseWithinDays", "10001", "from 0 to 10000")]
    [InlineData("$.bounties[0].minNet", "-1", "from 0 to")]
    [InlineData("$.holdDays.store", "10001", "from 0 to 10000")]
    [InlineData("$.holdDays", "7", "must be an object")]
    [InlineData("$.clawbackDays", "-1", "from 0 to 10000")]
    public void A_fault_about_money_is_named_by_its_path(string path, string value, string says) => Named(path, path, value, says);

    [Fact]
    public void Shares_over_100_are_named_together() => Named("$.split[0].shares", "$.split[0].shares.handover", "11", "add up to 101");

    [Theory]
    [InlineData("closer", null)]
    [InlineData("closer", "lead")]
    [InlineData("handover", "senior")]
    [InlineData("owner", "senior")]
    public void An_entry_that_an_earlier_one_hides_is_named(string role, string? grade)
    {
        var entry = grade is null ? $"{{\"role\":\"{role}\",\"rate\":1}}" : $"{{\"role\":\"{role}\",\"grade\":\"{grade}\",\"rate\":1}}";
        Assert.Contains(FaultsOf(With("$.rates[4]", entry)), f => f.Path == "$.rates[4]" && f.Message.Contains("never applies", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_grade_hides_nothing() => Assert.Empty(FaultsOf(With("$.rates[1]", """{"role":"closer","grade":"junior","rate":1}""")));

    [Fact]
    public void All_faults_are_named_at_once()
    {
        var faults = FaultsOf(With("$.takeover", "1", With("$.decay[0].percent", "900", With("$.services[0].strength", "0"))));
        Assert.Equal(["$.decay[0].percent", "$.services[0].strength", "$.takeover"], faults.Select(f => f.Path!).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("$.version", "2", "$[1].version", "must be greater than 2")]
    [InlineData("$.version", "1", "$[1].version", "must be greater than 2")]
    [InlineData("$.effectiveFrom", "\"2026-01-01\"", "$[1].effectiveFrom", "is the date of another version")]
    [InlineData("$.effectiveFrom", "\"2025-01-01\"", "$[0].version", "must be greater than 3")]
    [InlineData("$.timezone", "\"UTC\"", "$[1].timezone", "must be the same in all versions")]
    [InlineData("$.currency", "\"JPY\"", "$[1].currency", "must be the same in all versions")]
    public void Versions_rise_together_in_one_zone_and_currency(string path, string value, string faultPath, string says)
    {
        var second = With("$.version", "3", With("$.effectiveFrom", "\"2026-02-01\""));
        Assert.Equal([2, 3], Read($"[{second},{Version}]")!.Versions.Select(v => v.Version));
        var fault = Assert.Single(FaultsOf($"[{Version},{With(path, value, second)}]"));
        Assert.Equal(faultPath, fault.Path);
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "not valid JSON at line 1")]
    [InlineData("{\n\"policy\": referral}", "not valid JSON at line 2")]
    [InlineData("[]", "must hold at least one version")]
    [InlineData("7", "must be an object")]
    [InlineData("{\"policy\": \"referral\", \"\\ud800\": 1}", "half a character")]
    public void What_is_no_policy_at_all_is_refused(string json, string says) =>
        Assert.Contains(FaultsOf(json), fault => fault.Path!.StartsWith('$') && fault.Message.Contains(says, StringComparison.Ordinal));

    [Fact]
    public void A_field_that_stands_twice_is_named()
    {
        Assert.Contains(FaultsOf(Version.Replace("\"linkDays\": 3,", "\"linkDays\": 3, \"linkDays\": 4,", StringComparison.Ordinal)), f => f is { Path: "$.linkDays", Message: "stands twice; keep one" });
        Assert.Contains(FaultsOf(Version.Replace("\"shoes\": 400", "\"shoes\": 400, \"shoes\": 4", StringComparison.Ordinal)), f => f is { Path: "$.rates[1].categories.shoes", Message: "stands twice; keep one" });
    }

    [Fact]
    public void Another_encoding_is_named()
    {
        List<Fault> faults = [];
        Assert.Null(PolicyReader.Read(Encoding.Latin1.GetBytes(Version.Replace("sign-up", "é", StringComparison.Ordinal)), _ => Zone.Utc, faults));
        Assert.Contains("save the file as UTF-8", Assert.Single(faults).Message, StringComparison.Ordinal);
    }

    private static Policy? Read(string json) => PolicyReader.Read(Encoding.UTF8.GetBytes(json), ZoneOf, []);

    private static List<Fault> FaultsOf(string json)
    {
        List<Fault> faults = [];
        Assert.Equal(PolicyReader.Read(Encoding.UTF8.GetBytes(json), ZoneOf, faults) is null, faults.Count > 0);
        return faults;
    }

    private static Zone? ZoneOf(string name) => name is "Asia/Taipei" or "UTC" ? Zone.Utc with { Name = name } : null;

    private static void Named(string faultPath, string path, string value, string says) =>
        Assert.Contains(FaultsOf(With(path, value)), fault => fault.Path == faultPath && fault.Message.Contains(says, StringComparison.Ordinal));

    private static string Without(string path) => Edited(path, null, Version);

    private static string With(string path, string value, string version = Version) => Edited(path, value, version);

    /// <summary>The version with one value put in its place, as text so that any JSON may stand there; null takes the field out.</summary>
    private static string Edited(string path, string? value, string version)
    {
        var root = JsonNode.Parse(version)!;
        var steps = Step().Matches(path).Select(step => step.Value).ToList();
        var parent = root;
        foreach (var step in steps[..^1]) parent = int.TryParse(step, out var index) ? parent[index]! : parent[step]!;
        if (parent is JsonArray list)
        {
            var place = int.Parse(steps[^1], System.Globalization.CultureInfo.InvariantCulture);
            if (place == list.Count) list.Add("@@"); else list[place] = "@@";
        }
        else if (value is null) parent.AsObject().Remove(steps[^1]);
        else parent[steps[^1]] = "@@";
        return root.ToJsonString().Replace("\"@@\"", value, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"[^$.\[\]]+", RegexOptions.None, 1000)]
    private static partial Regex Step();
}
