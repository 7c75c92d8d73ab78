using System.Text.Json;
using Xunit;

namespace Tokamak.Core.Tests.Promotions;

/// <summary>The plain reference against totals that were worked out without it: the shared cases, and by hand.</summary>
public sealed class PlainReferenceTests
{
    private const string SecondAtHalf = """ "unit": {"take": [{"items": {"all": true}, "count": 2}], "give": {"cheapest": 1, "percent": 50}} """;

    // The shared cases lie beside the shared data; neither is part of the repository.
    private static readonly string SharedCases = Path.Combine(
        Path.GetDirectoryName(Environment.GetEnvironmentVariable("TOKAMAK_DATA")) ?? Path.Combine(Root(), "..", "shared"), "cases", "promotions");

    public static TheoryData<string> Shared => Directory.Exists(SharedCases)
        ? [.. Directory.GetDirectories(SharedCases).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)]
        : ["absent"];

    [Theory]
    [MemberData(nameof(Shared))]
    public void Every_shared_case_has_the_lowest_total_that_it_says(string name)
    {
        if (!Directory.Exists(SharedCases)) Assert.Skip("The shared cases are not here.");
        using var expected = JsonDocument.Parse(Text("expected.json"));
        var outcome = PlainReference.Lowest(Text("offers.json"), Text("cart.json"));
        Assert.True(expected.RootElement.GetProperty("total").GetInt64() == outcome.Total, $"{expected.RootElement} is not {outcome}");

        string Text(string file) => File.ReadAllText(Path.Combine(SharedCases, name, file));
    }

    [Fact]
    public void The_result_of_the_specification() => Lowest(1800, Cart("A 2 1200 700"),
        // 1200 at half is 600, below the floor: 700. 1200 + 700 = 1900, and A's one headroom of 500 bears the 100. 1900 is short of 2000.
        // Instead 10 % of 2400 would leave 2160.
        SecondAtHalf,
        """ "order": {"items": {"all": true}, "spend": [{"from": 1000, "off": 100}]} """,
        """ "order": {"items": {"all": true}, "spend": [{"from": 2000, "percent": 10}]} """);

    [Fact]
    public void The_second_at_half_price_stops_at_the_floor()
    {
        Lowest(1900, Cart("A 2 1200 700"), SecondAtHalf); // 1200 + 700
        Lowest(1800, Cart("A 2 1200 600"), SecondAtHalf); // 1200 + 600
        Lowest(3700, Cart("A 3 1200 700", "B 1 600 600"), SecondAtHalf); // A with A: 1200 + 700 + 1200 + 600; B is at its floor
        Lowest(149, Cart("A 1 99 0", "B 1 99 0"), SecondAtHalf); // 49.5 is 50, half up: 99 + 50
    }

    [Theory]
    [InlineData("A", 416, 949)] // 1200 - 999 = 201 over 500, 400 and 300: 83.75, 67 and 50.25; the one left over to .75, so A is at 416
    [InlineData("A", 417, 999)]
    [InlineData("B", 333, 949)]
    [InlineData("B", 334, 999)]
    [InlineData("C", 250, 949)]
    [InlineData("C", 251, 999)]
    public void Three_for_a_total_are_divided_by_largest_remainder(string sku, int from, long total) => Lowest(
        total, Cart("A 1 500 0", "B 1 400 0", "C 1 300 0"),
        """ "unit": {"take": [{"items": {"all": true}, "count": 3}], "give": {"total": 999}} """,
        $$$""" "order": {"items": {"skus": ["{{{sku}}}"]}, "spend": [{"from": {{{from}}}, "off": 50}]} """);

    [Theory]
    [InlineData("A", 200)] // 100 over 100, 100 and 100: 33 each, and the one left over to the earliest, A: 66, 67, 67
    [InlineData("B", 190)]
    [InlineData("C", 190)]
    public void Equal_remainders_go_to_the_earlier_in_canonical_order(string sku, long total) => Lowest(
        total, Cart("C 1 100 0", "B 1 100 0", "A 1 100 0"),
        """ "unit": {"take": [{"items": {"all": true}, "count": 3}], "give": {"total": 200}} """,
        $$$""" "order": {"items": {"skus": ["{{{sku}}}"]}, "spend": [{"from": 67, "off": 10}]} """);

    [Fact]
    public void Red_goes_with_green() => Lowest(458, Cart("A 1 350 0", "B 2 99 0"),
        // 350 - 20 % = 280, 99 - 20 % = 79.2, so 79; the second B finds no other A: 280 + 79 + 99.
        """ "unit": {"take": [{"items": {"skus": ["A"]}, "count": 1}, {"items": {"skus": ["B"]}, "count": 1}], "give": {"percent": 20}} """);

    [Fact]
    public void Which_unit_is_the_last_is_chosen() => Lowest(600, Cart("A 1 1000 0", "B 1 100 0"),
        // B first and A last: 100 + 500. The other way round would be 1050.
        """ "unit": {"take": [{"items": {"all": true}, "count": 1}, {"items": {"all": true}, "count": 1}], "give": {"last": true, "percent": 50}} """);

    [Theory]
    [InlineData("A", 90)] // of A and B at 100, B comes later and is the cheaper: free. A's 100 get their 10 off.
    [InlineData("B", 100)] // nothing is left of B to take 10 from
    public void Among_equals_the_later_in_canonical_order_is_the_cheaper(string sku, long total) => Lowest(total, Cart("B 1 100 0", "A 1 100 0"),
        """ "unit": {"take": [{"items": {"all": true}, "count": 2}], "give": {"cheapest": 1, "percent": 100}} """,
        $$$""" "order": {"items": {"skus": ["{{{sku}}}"]}, "spend": [{"from": 1, "off": 10}]} """);

    [Theory]
    [InlineData("""{"off": 100}""", 40, 360)] // 400 - 40
    [InlineData("""{"total": 200}""", 150, 250)] // 400 - 150 instead of 200
    [InlineData("""{"percent": 50}""", 100, 300)] // 50 + 150, cut to 100
    [InlineData("""{"price": 90}""", 33, 367)] // 10 + 210, cut to 33
    [InlineData("""{"cheapest": 1, "percent": 50}""", 49, 351)] // 50, cut to 49
    [InlineData("""{"cheapest": 1, "percent": 50}""", 50, 350)]
    public void Each_kind_of_gift_ends_at_its_most(string give, int maxOff, long total) => Lowest(total, Cart("A 1 100 0", "B 1 300 0"),
        $$$""" "unit": {"take": [{"items": {"all": true}, "count": 2}], "give": {{{give}}}, "maxOff": {{{maxOff}}}} """);

    [Theory]
    [InlineData("A", 75, 275)] // 50 and 150 cut to 100 in proportion: 25 and 75, which leaves 75 and 225
    [InlineData("A", 76, 300)]
    [InlineData("B", 225, 275)]
    [InlineData("B", 226, 300)]
    public void A_most_is_divided_in_proportion_to_the_discounts(string sku, int from, long total) => Lowest(total, Cart("A 1 100 0", "B 1 300 0"),
        """ "unit": {"take": [{"items": {"all": true}, "count": 2}], "give": {"percent": 50}, "maxOff": 100} """,
        $$$""" "order": {"items": {"skus": ["{{{sku}}}"]}, "spend": [{"from": {{{from}}}, "off": 25}]} """);

    [Theory]
    [InlineData("", 2899)] // 3199 holds 1000 three times: 300 off
    [InlineData(""", "maxRepeat": 2""", 2999)]
    [InlineData(""", "maxOff": 250""", 2949)]
    public void Every_thousand_gives_its_hundred(string limit, long total) => Lowest(total, Cart("A 1 3199 0"),
        $$$""" "order": {"items": {"all": true}, "spend": [{"from": 1000, "off": 100}], "every": true{{{limit}}}} """);

    [Theory]
    [InlineData(1, 500)] // not enough units for any step
    [InlineData(2, 950)] // 1000 - 5 %
    [InlineData(3, 1275)] // 1500 - 15 %
    public void The_highest_step_reached_counts(int units, long total) => Lowest(total, Cart($"A {units} 500 0"),
        """ "order": {"items": {"all": true}, "count": [{"from": 2, "percent": 5}, {"from": 3, "percent": 15}]} """);

    [Fact]
    public void What_stacking_offers_take_beyond_a_headroom_is_cut_in_the_order_of_ids_and_moved_nowhere() => Lowest(145, Cart("A 1 100 60", "B 1 100 60"),
        // P1: 30 from A. P2: 15 and 15 by the headrooms 40 and 40 that both offers see; A has 10 left. 200 - 30 - 10 - 15.
        """ "order": {"items": {"skus": ["A"]}, "spend": [{"from": 1, "off": 30}], "stacks": true} """,
        """ "order": {"items": {"all": true}, "spend": [{"from": 1, "off": 30}], "stacks": true} """);

    [Fact]
    public void Of_the_order_offers_that_do_not_stack_one_is_applied_beside_all_that_do() => Lowest(800, Cart("A 1 1000 0"),
        // 100 or 120, and 80 with either.
        """ "order": {"items": {"all": true}, "spend": [{"from": 1, "percent": 10}]} """,
        """ "order": {"items": {"all": true}, "spend": [{"from": 1, "off": 120}]} """,
        """ "order": {"items": {"all": true}, "spend": [{"from": 1, "off": 80}], "stacks": true} """);

    [Theory]
    [InlineData(90, 760)] // together 150 + 90 = 240, more than the 20 % that stand alone
    [InlineData(40, 800)] // 150 + 40 = 190, less than 200
    public void One_in_the_set_of_all_stands_alone(int off, long total) => Lowest(total, Cart("A 1 1000 0"),
        """ "exclusive": ["*"], "order": {"items": {"all": true}, "spend": [{"from": 1, "percent": 20}], "stacks": true} """,
        """ "order": {"items": {"all": true}, "spend": [{"from": 1, "off": 150}], "stacks": true} """,
        $$$""" "unit": {"take": [{"items": {"all": true}, "count": 1}], "give": {"off": {{{off}}}}} """);

    [Fact]
    public void Of_a_set_one_offer_is_applied_but_that_as_often_as_it_goes() => Lowest(1500, Cart("A 4 500 0"),
        // Twice the second at half price: 2000 - 500. With both the 300 off there would be 1200.
        """ "exclusive": ["x", "y"], """ + SecondAtHalf,
        """ "exclusive": ["y"], "order": {"items": {"all": true}, "spend": [{"from": 1, "off": 300}]} """);

    [Theory]
    [InlineData(500, 1150)] // C, the only one untaken, reaches 500: 1500 - 250 - 100
    [InlineData(501, 1250)] // 250 off for the pair; without it all three reach 501, but 100 is less
    public void An_order_offer_for_untaken_units_sees_no_others(int from, long total) => Lowest(total, Cart("A 2 500 0", "C 1 500 0"),
        SecondAtHalf, $$$""" "order": {"items": {"all": true}, "spend": [{"from": {{{from}}}, "off": 100}], "untaken": true} """);

    [Theory]
    [InlineData("after", "off", 100, 750)] // 500 + 250 do not reach 1000; the pair's 250 is more than 100
    [InlineData("before", "off", 100, 650)]
    [InlineData("before", "percent", 10, 675)] // the threshold is reached, but 10 % are of 750
    public void The_basis_before_moves_the_threshold_only(string basis, string benefit, int amount, long total) => Lowest(total, Cart("A 2 500 0"),
        SecondAtHalf, $$$""" "order": {"items": {"all": true}, "spend": [{"from": 1000, "{{{benefit}}}": {{{amount}}}}], "basis": "{{{basis}}}"} """);

    [Theory]
    [InlineData(""" "spend": 1000, "each": true """, 2397)] // twice 1000: two B at 99, one at 199
    [InlineData(""" "spend": 1000 """, 2297)] // enough once is enough for all: three at 99
    [InlineData(""" "spend": 2001 """, 2597)]
    [InlineData(""" "count": 1, "each": true """, 2397)]
    [InlineData(""" "count": 2, "each": true """, 2497)]
    [InlineData(""" "count": 3 """, 2597)]
    public void Needs_must_be_there_and_each_limits_by_them(string needs, long total) => Lowest(total, Cart("A 2 1000 0", "B 3 199 0"),
        $$$""" "needs": {"items": {"skus": ["A"]}, {{{needs}}}}, "unit": {"take": [{"items": {"skus": ["B"]}, "count": 1}], "give": {"price": 99}} """);

    [Fact]
    public void Units_with_a_price_stage_discount_are_not_regular_but_count_for_needs()
    {
        const string TenPercent = """ "price": {"items": {"skus": ["A"]}, "percent": 10} """;
        Lowest(1350, Cart("A 1 1000 0", "B 1 900 0"), TenPercent, SecondAtHalf); // 900 + 450
        Lowest(1800, Cart("A 1 1000 0", "B 1 900 0"), TenPercent, """ "regularOnly": true, """ + SecondAtHalf); // 900 + 900, B alone is no pair
        Lowest(1710, Cart("A 1 1000 0", "B 1 900 0"), TenPercent, // both are there for the needs; 10 % of B's 900
            """ "regularOnly": true, "needs": {"items": {"all": true}, "spend": 1800}, "order": {"items": {"all": true}, "spend": [{"from": 900, "percent": 10}]} """);
        Lowest(1800, Cart("A 1 1000 0", "B 1 900 0"), TenPercent, // A's 900 do not help B's to reach 901
            """ "regularOnly": true, "order": {"items": {"all": true}, "spend": [{"from": 901, "percent": 10}]} """);
    }

    [Fact]
    public void Price_offers_do_not_add_up_and_end_at_floor_and_unit_price()
    {
        string[] offers = [""" "price": {"items": {"all": true}, "percent": 33} """, """ "price": {"items": {"skus": ["A"]}, "off": 30} """, """ "price": {"items": {"skus": ["B"]}, "price": 120} """];
        Lowest(66, Cart("A 1 99 0"), offers); // 99 · 67 % = 66.33; 99 - 30 = 69
        Lowest(80, Cart("A 1 99 80"), offers);
        Lowest(99, Cart("A 1 99 120"), offers);
        Lowest(67, Cart("B 1 100 0"), offers);
        Lowest(0, Cart("A 1 20 0"), """ "price": {"items": {"all": true}, "off": 30} """);
    }

    [Fact]
    public void An_application_that_would_discount_nothing_is_none() => Lowest(140, Cart("A 1 100 60", "B 1 100 60"),
        // P2: 30 from A; P3: 20 and 20, of which A has 10 left. Could P1 hold A for nothing, P3 would take its 40 from B alone: 130.
        """ "unit": {"take": [{"items": {"skus": ["A"]}, "count": 1}], "give": {"price": 200}} """,
        """ "order": {"items": {"skus": ["A"]}, "spend": [{"from": 1, "off": 30}], "stacks": true} """,
        """ "order": {"items": {"all": true}, "spend": [{"from": 1, "off": 40}], "stacks": true, "untaken": true} """);

    [Fact]
    public void Of_units_alike_the_one_with_the_larger_amount_gets_what_is_left_over() => Lowest(1, Cart("A 2 3 0"),
        // P1 leaves 3 and 1. P2's 2 are 1.5 and 0.5, the one left over to the larger: 2 and 0. P3 finds 1 left on the free one: 4 - 2 - 1.
        """ "limit": 1, "unit": {"take": [{"items": {"all": true}, "count": 1}], "give": {"price": 1}} """,
        """ "order": {"items": {"all": true}, "spend": [{"from": 1, "off": 2}], "stacks": true} """,
        """ "order": {"items": {"all": true}, "spend": [{"from": 1, "off": 2}], "stacks": true, "untaken": true} """);

    [Fact]
    public void Of_units_alike_in_amount_too_the_free_one_gets_what_is_left_over() => Lowest(4, Cart("A 3 2 1"),
        // P1 takes a 2 and makes another 1, which is its floor. P2's 1 could go to the 2 taken or the 2 free: the free one, which leaves P3 nothing.
        """ "unit": {"take": [{"items": {"all": true}, "count": 2}], "give": {"cheapest": 1, "price": 1}} """,
        """ "order": {"items": {"all": true}, "spend": [{"from": 1, "off": 1}], "stacks": true} """,
        """ "order": {"items": {"all": true}, "spend": [{"from": 1, "off": 1}], "stacks": true, "untaken": true} """);

    [Theory]
    [InlineData("", 300)] // 400: two pairs, 50 off each
    [InlineData(""" "coupon": ["C1", "C2"], """, 350)] // both codes are there, and still it is once
    [InlineData(""" "coupon": ["C1"], "limit": 2, """, 300)]
    [InlineData(""" "coupon": ["C3"], """, 400)]
    [InlineData(""" "limit": 1, """, 350)]
    [InlineData(""" "perMember": 3, """, 350)] // used 2 of 3
    [InlineData(""" "perMember": 2, """, 400)]
    [InlineData(""" "total": 9, """, 350)] // used 8 of 9
    [InlineData(""" "when": {"days": [1], "weekdays": [2], "hours": [{"from": "00:30", "until": "00:31"}]}, """, 300)] // Tuesday, 1 December, 00:30 in Taipei
    [InlineData(""" "when": {"days": [30]}, """, 400)]
    [InlineData(""" "when": {"hours": [{"from": "00:00", "until": "00:30"}]}, """, 400)]
    [InlineData(""" "when": {"from": "2026-12-01T00:30:00+08:00", "until": "2026-11-30T16:30:01Z"}, """, 300)]
    [InlineData(""" "when": {"until": "2026-12-01T00:30:00+08:00"}, """, 400)]
    [InlineData(""" "who": {"members": "birthday-month", "tags": ["vip", "staff"]}, """, 300)]
    [InlineData(""" "who": {"members": "first-purchase"}, """, 400)]
    [InlineData(""" "where": {"stores": ["T02"]}, """, 400)]
    [InlineData(""" "where": {"channels": ["store", "online"], "stores": ["T01"]}, """, 300)]
    [InlineData(""" "tender": ["cash"], """, 400)]
    public void Conditions_say_whether_and_how_often(string condition, long total) => Lowest(
        total,
        """
        {"at": "2026-11-30T16:30:00Z", "channel": "store", "store": "T01", "tenders": ["line-pay"], "coupons": ["C1", "C2"], "usedTotal": {"P1": 8},
         "member": {"id": "M1", "tier": "gold", "firstPurchase": false, "birthMonth": 12, "tags": ["vip"], "used": {"P1": 2}},
         "lines": [{"line": 1, "sku": "A", "quantity": 4, "unitPrice": 100}]}
        """,
        condition + SecondAtHalf);

    private static void Lowest(long total, string cart, params string[] offers)
    {
        var listed = offers.Select((offer, i) => $$$"""{"id": "P{{{i + 1}}}", "name": {"zh-TW": "活動", "en": "Offer"}, {{{offer}}}}""");
        var outcome = PlainReference.Lowest($$$"""{"timezone": "Asia/Taipei", "offers": [{{{string.Join(',', listed)}}}]}""", cart);
        Assert.True(total == outcome.Total, $"{outcome.Total} instead of {total}, by\n{outcome.Way}");
    }

    /// <param name="lines">Sku, quantity, unit price and floor.</param>
    private static string Cart(params string[] lines) =>
        $$$"""{"at": "2026-11-21T15:00:00+08:00", "channel": "online", "lines": [{{{string.Join(',', lines.Select((line, i) => Line(line.Split(' '), i + 1)))}}}]}""";

    private static string Line(string[] line, int number) =>
        $$"""{"line": {{number}}, "sku": "{{line[0]}}", "quantity": {{line[1]}}, "unitPrice": {{line[2]}}, "floor": {{line[3]}}}""";

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Tokamak.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests run from inside a clone of the repository.");
        return folder;
    }
}
