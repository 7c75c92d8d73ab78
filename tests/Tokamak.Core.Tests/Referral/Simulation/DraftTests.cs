using System.Text;
using System.Text.Json.Nodes;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Tokamak.Core.Referral.Simulation;
using Xunit;

namespace Tokamak.Core.Tests.Referral.Simulation;

/// <summary>A draft in the place of what is in force, and one of its numbers varied.</summary>
public sealed class DraftTests
{
    private const string Json = """
        {"linkDays":3,"holdDays":{"store":7},"decay":[{"days":30,"percent":100},{"days":90,"percent":50}],"takeover":"equal",
         "services":[{"kind":"qr-scan","lockDays":7},{"kind":"sign-up","lockDays":30}],
         "split":[{"channel":"online","shares":{"owner":40}}],"rates":[{"role":"owner","rate":200}],"bounties":[{"service":"app-install","amount":50}]}
        """;

    private static readonly Stretch Spring = new(Month.Of(new DateOnly(2026, 3, 1)), Month.Of(new DateOnly(2026, 4, 1)));

    [Theory]
    [InlineData("linkDays", "$.linkDays")]
    [InlineData("holdDays.store", "$.holdDays.store")]
    [InlineData("decay[1].percent", "$.decay[1].percent")]
    [InlineData("services[sign-up].lockDays", "$.services[1].lockDays")]
    [InlineData("split[online].shares.owner", "$.split[0].shares.owner")]
    [InlineData("rates[owner].rate", "$.rates[0].rate")]
    [InlineData("bounties[app-install].amount", "$.bounties[0].amount")]
    public void A_number_is_named_by_its_path_or_by_what_tells_its_entry_apart(string name, string path)
    {
        var faults = new List<Fault>();
        foreach (var whole in new[] { Json, $"[{Json}]" })
        {
            var changed = JsonNode.Parse(Core.Referral.Simulation.Draft.With(Encoding.UTF8.GetBytes(whole), name, 77, faults)!)!;
            var there = Numbers(changed is JsonArray list ? list[0]! : changed).Where(n => (long)n == 77).ToList();
            Assert.Equal(path, Assert.Single(there).GetPath().Replace("$[0]", "$", StringComparison.Ordinal));
        }
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing")]
    [InlineData("takeover")]
    [InlineData("holdDays")]
    [InlineData("holdDays.store.more")]
    [InlineData("decay[2].percent")]
    [InlineData("decay[-1].percent")]
    [InlineData("services[nobody].lockDays")]
    [InlineData("linkDays[0]")]
    [InlineData("[0].linkDays")]
    public void What_is_no_number_of_the_draft_is_refused(string name)
    {
        var faults = new List<Fault>();
        Assert.Null(Core.Referral.Simulation.Draft.With(Encoding.UTF8.GetBytes(Json), name, 1, faults));
        Assert.Single(faults);
    }

    [Fact]
    public void It_takes_the_place_of_all_versions_from_the_first_day_on()
    {
        var stored = Policy((1, "2026-01-01"), (4, "2026-02-28"), (5, "2026-03-01"), (9, "2026-04-01"));
        var faults = new List<Fault>();
        var after = Core.Referral.Simulation.Draft.Instead(stored, Policy((2, "2030-01-01")), Spring, faults)!;
        Assert.Empty(faults);
        Assert.Equal([(1, new DateOnly(2026, 1, 1)), (4, new DateOnly(2026, 2, 28)), (5, new DateOnly(2026, 3, 1))], after.Versions.Select(v => (v.Version, v.EffectiveFrom)));
        Assert.Equal(12, Core.Referral.Simulation.Draft.Instead(stored, Policy((12, "2030-01-01")), Spring, faults)!.Versions[^1].Version);
    }

    [Fact]
    public void Another_zone_another_currency_and_several_versions_are_refused()
    {
        var faults = new List<Fault>();
        var version = Policy((1, "2026-01-01")).Versions[0] with { Timezone = "Asia/Tokyo", Currency = "JPY" };
        Assert.Null(Core.Referral.Simulation.Draft.Instead(Policy((1, "2026-01-01")), new Policy([version, version], Zone.Utc), Spring, faults));
        Assert.Equal(["$", "$.timezone", "$.currency"], faults.Select(f => f.Path));
    }

    private static Policy Policy(params (int Number, string From)[] versions) => new(
        [.. versions.Select(v => Given.Policy.Versions[0] with { Version = v.Number, EffectiveFrom = DateOnly.Parse(v.From, System.Globalization.CultureInfo.InvariantCulture) })], Zone.Utc);

    private static IEnumerable<JsonValue> Numbers(JsonNode node) => node switch
    {
        JsonObject fields => fields.SelectMany(f => Numbers(f.Value!)),
        JsonArray entries => entries.SelectMany(e => Numbers(e!)),
        JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.Number => [value],
        _ => [],
    };
}
