using System.Text;
using System.Text.Json.Nodes;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;
using Xunit;

namespace Tokamak.Core.Tests.Promotions;

/// <summary>Offers are checked before use, every fault named with its JSON path (spec promotions, "What must always hold").</summary>
public sealed class OfferReaderTests
{
    private const string Second = """{"id":"P","name":{"zh-TW":"第二件半價"},"unit":{"take":[{"items":{"all":true},"count":2}],"give":{"cheapest":1,"percent":50}}}""";
    private const string Thousand = """{"id":"P","name":{"en":"100 off 1000"},"order":{"items":{"all":true},"spend":[{"from":1000,"off":100},{"from":2000,"off":250}]}}""";
    private const string Price = """{"id":"P","name":{"en":"5 % off"},"price":{"items":{"skus":["A"]},"percent":5}}""";
    private const string Gift = """{"id":"P","name":{"en":"gift"},"reward":{"items":{"all":true},"count":[{"from":1,"gift":{"sku":"B","quantity":1}}],"every":true}}""";

    [Theory]
    [InlineData(Second)]
    [InlineData(Thousand)]
    [InlineData(Price)]
    [InlineData(Gift)]
    public void What_the_spec_allows_is_read(string offer) => Assert.Empty(FaultsOf(offer));

    [Theory]
    // Unknown fields, two kinds in one, none.
    [InlineData(Second, "colour", "\"red\"", "$.offers[0].colour", "not known here")]
    [InlineData(Second, "unit.give.free", "true", "$.offers[0].unit.give.free", "not known here")]
    [InlineData(Second, "price", """{"items":{"all":true},"off":1}""", "$.offers[0].unit", "two offers")]
    [InlineData(Price, "price", null, "$.offers[0]", "gives nothing")]
    // Steps.
    [InlineData(Thousand, "order.spend[1].from", "1000", "$.offers[0].order.spend[1].from", "more than in the step before")]
    [InlineData(Thousand, "order.spend[1].off", "100", "$.offers[0].order.spend[1].off", "more than in the step before")]
    [InlineData(Thousand, "order.spend[0].from", "0", "$.offers[0].order.spend[0].from", "whole number from 1")]
    [InlineData(Thousand, "order.spend[1]", """{"from":3000,"percent":9}""", "$.offers[0].order.spend[1].percent", "as in the first step")]
    [InlineData(Thousand, "order.every", "true", "$.offers[0].order.every", "repeats one step")]
    [InlineData(Thousand, "order.maxRepeat", "2", "$.offers[0].order.maxRepeat", "every")]
    [InlineData(Thousand, "order.count", """[{"from":1,"off":1}]""", "$.offers[0].order.count", "beside \"spend\"")]
    [InlineData(Thousand, "order.spend", "[]", "$.offers[0].order.spend", "is empty")]
    [InlineData(Gift, "reward.count[0].gift", null, "$.offers[0].reward.count[0]", "gives nothing")]
    // Counts and percents.
    [InlineData(Second, "unit.take[0].count", "21", "$.offers[0].unit.take[0].count", "from 1 to 20")]
    [InlineData(Second, "unit.take[0].count", "1.5", "$.offers[0].unit.take[0].count", "whole number")]
    [InlineData(Second, "unit.give.percent", "101", "$.offers[0].unit.give.percent", "from 1 to 100")]
    [InlineData(Second, "unit.give.cheapest", "2", "$.offers[0].unit.give.cheapest", "less than the 2 units taken")]
    [InlineData(Second, "unit.give", """{"last":true,"percent":50}""", "$.offers[0].unit.give.last", "second selector")]
    [InlineData(Second, "unit.give", """{"cheapest":1,"off":50}""", "$.offers[0].unit.give.off", "whole of the taken units")]
    [InlineData(Second, "unit.take", "[]", "$.offers[0].unit.take", "one or two selectors")]
    // Conditions.
    [InlineData(Second, "where", """{"channels":["online"],"stores":["T01"]}""", "$.offers[0].where.stores", "lacks")]
    [InlineData(Second, "when", """{"hours":[{"from":"22:00","until":"06:00"}]}""", "$.offers[0].when.hours[0].until", "across midnight")]
    [InlineData(Second, "when", """{"from":"2026-11-21"}""", "$.offers[0].when.from", "with offset")]
    [InlineData(Second, "when", """{"weekdays":[0]}""", "$.offers[0].when.weekdays[0]", "from 1 to 7")]
    [InlineData(Second, "needs", """{"items":{"all":true}}""", "$.offers[0].needs", "neither")]
    [InlineData(Thousand, "needs", """{"items":{"all":true},"count":1,"each":true}""", "$.offers[0].needs.each", "for unit offers")]
    [InlineData(Thousand, "limit", "1", "$.offers[0].limit", "unit offer")]
    [InlineData(Price, "exclusive", """["a"]""", "$.offers[0].exclusive", "unit and order offers")]
    [InlineData(Price, "regularOnly", "true", "$.offers[0].regularOnly", "price offer")]
    [InlineData(Price, "price.items", "{}", "$.offers[0].price.items", "means nothing")]
    [InlineData(Price, "price.items", """{"all":true,"skus":["A"]}""", "$.offers[0].price.items.all", "keep one of them")]
    [InlineData(Price, "name", "{}", "$.offers[0].name", "in no language")]
    [InlineData(Price, "id", "\"\"", "$.offers[0].id", "1 to 100 characters")]
    public void A_fault_is_named_with_its_path(string offer, string field, string? value, string path, string says)
    {
        var faults = FaultsOf(With(offer, field, value));
        Assert.Contains(faults, fault => fault.Path == path && fault.Message.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void All_faults_are_named_at_once_and_an_id_stands_once()
    {
        var faults = FaultsOf(Second, Thousand, With(Price, "price.percent", "0"));
        Assert.Equal(["$.offers[1].id", "$.offers[2].id", "$.offers[2].price.percent"], faults.Select(fault => fault.Path));
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("[]", "must be an object")]
    [InlineData("""{"timezone":"Mars/Olympus","offers":[]}""", "time zone")]
    [InlineData("""{"timezone":"Asia/Taipei","offers":[],"floorPercent":101}""", "from 0 to 100")]
    [InlineData("""{"timezone":"Asia/Taipei","offers":[{"\ud800":1}]}""", "half")]
    [InlineData("""{"timezone":"Asia/Taipei","offers":[{"id":"\ud800","name":{"en":"x"},"price":{"items":{"all":true},"off":1}}]}""", "half a character")]
    public void A_document_that_is_none_is_refused(string json, string says)
    {
        var faults = new List<Fault>();
        Assert.Null(OfferReader.Read(Encoding.UTF8.GetBytes(json), Zones, faults));
        Assert.Contains(faults, fault => fault.Message.Contains(says, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("store", null, "$", "lacks \"store\"")]
    [InlineData("channel", "\"online\"", "$.store", "leave it out")]
    [InlineData("at", "\"2026-11-21T15:00:00\"", "$.at", "with offset")]
    [InlineData("lines[0].quantity", "0", "$.lines[0].quantity", "from 1")]
    [InlineData("lines[0].unitPrice", "-1", "$.lines[0].unitPrice", "from 0")]
    [InlineData("lines[0].unitPrice", "1e3", "$.lines[0].unitPrice", "whole number")]
    [InlineData("lines[0].quantity", "2001", "$.lines", "2000 are the most")]
    [InlineData("lines[1].line", "1", "$.lines[1].line", "line 1 again")]
    [InlineData("lines[1].categories", """["hats"]""", "$.lines[1]", "belong to the sku")]
    [InlineData("lines[0].unitPrice", "100000000000", "$.lines", "worth more than")]
    [InlineData("spendPoints", "-5", "$.spendPoints", "from 0")]
    [InlineData("usedTotal", """{"P":-1}""", "$.usedTotal.P", "from 0")]
    public void A_fault_of_a_cart_is_named_with_its_path(string field, string? value, string path, string says)
    {
        const string Cart = """
            {"at":"2026-11-21T15:00:00+08:00","channel":"store","store":"T01",
             "lines":[{"line":1,"sku":"A","categories":["shoes"],"quantity":2,"unitPrice":1200},{"line":2,"sku":"A","categories":["shoes"],"quantity":1,"unitPrice":900}]}
            """;
        var faults = new List<Fault>();
        Assert.NotNull(CartReader.Read(Encoding.UTF8.GetBytes(Cart), faults));
        Assert.Null(CartReader.Read(Encoding.UTF8.GetBytes(With(Cart, field, value)), faults));
        Assert.Contains(faults, fault => fault.Path == path && fault.Message.Contains(says, StringComparison.Ordinal));
    }

    private static Zone? Zones(string name) => name == "Asia/Taipei" ? new Zone(name, [new ZoneSpan(default, 8 * 3600)]) : null;

    private static List<Fault> FaultsOf(params string[] offers)
    {
        var faults = new List<Fault>();
        var book = OfferReader.Read(Encoding.UTF8.GetBytes($$"""{"timezone":"Asia/Taipei","offers":[{{string.Join(',', offers)}}]}"""), Zones, faults);
        Assert.Equal(faults.Count == 0, book is not null);
        return faults;
    }

    /// <summary>The document with a field (such as <c>a.b[0].c</c>) set, or taken out.</summary>
    private static string With(string json, string field, string? value)
    {
        var root = JsonNode.Parse(json)!;
        var steps = field.Replace("[", ".[", StringComparison.Ordinal).Split('.');
        var node = root;
        foreach (var step in steps[..^1]) node = step[0] == '[' ? node![int.Parse(step[1..^1], System.Globalization.CultureInfo.InvariantCulture)] : node![step];
        var parsed = value is null ? null : JsonNode.Parse(value);
        if (steps[^1][0] == '[') node![int.Parse(steps[^1][1..^1], System.Globalization.CultureInfo.InvariantCulture)] = parsed;
        else if (value is null) node!.AsObject().Remove(steps[^1]);
        else node![steps[^1]] = parsed;
        return root.ToJsonString();
    }
}
