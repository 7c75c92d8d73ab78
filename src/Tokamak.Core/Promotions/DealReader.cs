using Tokamak.Core.Kernel;

namespace Tokamak.Core.Promotions;

/// <summary>Reads what an offer gives.</summary>
internal static class DealReader
{
    private const int MaxSteps = 50;
    private const int MaxTaken = 20;

    public static Deal Price(JsonNodeReader node)
    {
        node.IsObject(["items"], ["price", "percent", "off"]);
        return new PriceDeal(ConditionReader.Items(node.Field("items")), CutOf(node, ["price", "percent", "off"]) ?? default);
    }

    private static Cut? CutOf(JsonNodeReader node, ReadOnlySpan<string> kinds)
    {
        if (OneOf(node, kinds) is not { } kind) return null;
        var amount = node.Field(kind)!.Value;
        return kind switch
        {
            "price" => new Cut(CutKind.Price, amount.Whole(0, Cart.MaxMoney)),
            "percent" => new Cut(CutKind.Percent, amount.Whole(1, 100)),
            _ => new Cut(CutKind.Off, amount.Whole(1, Cart.MaxMoney)),
        };
    }

    /// <summary>The one of these fields that is there; null with a fault if none or several are.</summary>
    private static string? OneOf(JsonNodeReader node, ReadOnlySpan<string> names)
    {
        string? found = null;
        foreach (var name in names)
        {
            if (node.Field(name) is not { } field) continue;
            if (found is not null) field.Refuse($"stands beside \"{found}\"; keep one of them", FaultKind.Misplaced);
            found ??= name;
        }
        if (found is null) node.Refuse($"gives nothing; add one of {string.Join(", ", names.ToArray().Select(name => $"\"{name}\""))}");
        return found;
    }

    public static Deal Unit(JsonNodeReader node)
    {
        node.IsObject(["take", "give"], ["maxOff"]);
        var nodes = node.Field("take")?.Items() ?? [];
        if (node.Field("take") is { } take && nodes.Count is < 1 or > 2) take.Refuse("must hold one or two selectors");
        var takes = nodes.ConvertAll(OneTake);
        var taken = takes.Sum(one => one.Count);
        var maxOff = node.Field("maxOff")?.Whole(1, Cart.MaxMoney);
        return node.Field("give") is { } given
            ? Give(given, takes, taken) with { MaxOff = maxOff }
            : new UnitDeal(takes, Promotions.Give.Percent, 1, GiveOn.EachTaken, 0, maxOff);
    }

    private static Take OneTake(JsonNodeReader node)
    {
        node.IsObject(["items", "count"], ["same"]);
        node.Field("same")?.Word("sku");
        return new Take(ConditionReader.Items(node.Field("items")), node.Field("count")?.Number(1, MaxTaken) ?? 1, node.Field("same") is not null);
    }

    private static UnitDeal Give(JsonNodeReader node, List<Take> takes, int taken)
    {
        node.IsObject([], ["percent", "price", "off", "total", "cheapest", "last"]);
        var cheapest = node.Field("cheapest");
        var last = node.Field("last");
        last?.Refuse(cheapest is not null, "stands beside \"cheapest\"; keep one of them");
        last?.Refuse(last.Value.Element.ValueKind != System.Text.Json.JsonValueKind.True, "must be true, or left out");
        last?.Refuse(takes.Count == 1, "means the units of the second selector, and there is one only; add another, or use \"cheapest\"");
        var onSome = cheapest is not null || last is not null;
        var kind = OneOf(node, onSome ? ["percent", "price"] : ["percent", "price", "off", "total"]);
        if (onSome)
            foreach (var whole in (ReadOnlySpan<string>)["off", "total"])
                node.Field(whole)?.Refuse("is for the whole of the taken units; beside \"cheapest\" or \"last\" use \"percent\" or \"price\"", FaultKind.Misplaced);
        var k = cheapest?.Number(1, MaxTaken * 2) ?? 0;
        if (k > 0 && taken > 0 && k >= taken) cheapest!.Value.Refuse($"must be less than the {taken} units taken; to discount all of them leave it out", FaultKind.TooMuch);
        var on = cheapest is not null ? GiveOn.Cheapest : last is not null ? GiveOn.Last : GiveOn.EachTaken;
        var (give, amount) = kind switch
        {
            "percent" => (Promotions.Give.Percent, node.Field(kind)!.Value.Whole(1, 100)),
            "price" => (Promotions.Give.Price, node.Field(kind)!.Value.Whole(0, Cart.MaxMoney)),
            "off" => (Promotions.Give.OffWhole, node.Field(kind)!.Value.Whole(1, Cart.MaxMoney)),
            "total" => (Promotions.Give.PriceOfWhole, node.Field(kind)!.Value.Whole(0, Cart.MaxMoney)),
            _ => (Promotions.Give.Percent, 1),
        };
        return new UnitDeal(takes, give, amount, on, k, null);
    }

    public static Deal Order(JsonNodeReader node)
    {
        node.IsObject(["items"], ["spend", "count", "every", "maxRepeat", "basis", "untaken", "maxOff", "stacks"]);
        var measure = ConditionReader.MeasureOf(node);
        var nodes = Steps(node, measure);
        var percent = nodes.Count > 0 && nodes[0].Field("percent") is not null;
        var steps = new List<OrderStep>();
        foreach (var step in nodes)
        {
            step.IsObject(["from"], ["off", "percent"]);
            var (own, other) = percent ? ("percent", "off") : ("off", "percent");
            if (OneOf(step, ["off", "percent"]) is { } found && found != own) step.Field(other)!.Value.Refuse($"must be \"{own}\", as in the first step", FaultKind.Misplaced);
            var read = new OrderStep(From(step), step.Field(own)?.Whole(1, percent ? 100 : Cart.MaxMoney) ?? 1);
            if (steps.Count > 0 && read.From <= steps[^1].From) step.Field("from")?.Refuse("must be more than in the step before", FaultKind.NotRising);
            if (steps.Count > 0 && read.Benefit <= steps[^1].Benefit) step.Field(own)?.Refuse("must be more than in the step before", FaultKind.NotRising);
            steps.Add(read);
        }
        var every = Every(node, steps.Count);
        if (every && percent) node.Field("every")!.Value.Refuse("repeats an amount off; percents cannot be repeated", FaultKind.Misplaced);
        return new OrderDeal(
            ConditionReader.Items(node.Field("items")), measure, steps, percent, every, node.Field("maxRepeat")?.Whole(1, Cart.MaxMoney), Before(node),
            node.Field("untaken")?.Flag() ?? false, node.Field("maxOff")?.Whole(1, Cart.MaxMoney), node.Field("stacks")?.Flag() ?? false);
    }

    public static Deal Reward(JsonNodeReader node)
    {
        node.IsObject(["items"], ["spend", "count", "every", "maxRepeat", "basis"]);
        var measure = ConditionReader.MeasureOf(node);
        var steps = new List<RewardStep>();
        foreach (var step in Steps(node, measure))
        {
            step.IsObject(["from"], ["gift", "coupon", "pointsTimes", "freeShipping", "shippingOff"]);
            var read = new RewardStep(
                From(step), step.Field("gift") is { } gift ? GiftOf(gift) : null, step.Field("coupon")?.Name(), step.Field("pointsTimes")?.Whole(1, 1_000),
                step.Field("freeShipping")?.Flag() ?? false, step.Field("shippingOff")?.Whole(1, Cart.MaxMoney));
            if (read is { Gift: null, Coupon: null, PointsTimes: null, FreeShipping: false, ShippingOff: null })
                step.Refuse("gives nothing; add \"gift\", \"coupon\", \"pointsTimes\", \"freeShipping\" or \"shippingOff\"", FaultKind.Empty);
            if (steps.Count > 0 && read.From <= steps[^1].From) step.Field("from")?.Refuse("must be more than in the step before", FaultKind.NotRising);
            steps.Add(read);
        }
        var every = Every(node, steps.Count);
        return new RewardDeal(ConditionReader.Items(node.Field("items")), measure, steps, every, node.Field("maxRepeat")?.Whole(1, Cart.MaxMoney), Before(node));
    }

    private static long From(JsonNodeReader step) => step.Field("from")?.Whole(1, Cart.MaxMoney) ?? 1;

    private static bool Before(JsonNodeReader node) => node.Field("basis")?.Word("after", "before") == 1;

    private static bool Every(JsonNodeReader node, int steps)
    {
        var every = node.Field("every")?.Flag() ?? false;
        if (every && steps > 1) node.Field("every")!.Value.Refuse("repeats one step; keep one, or leave it out", FaultKind.Misplaced);
        if (!every) node.Field("maxRepeat")?.Refuse("limits what \"every\" repeats; add \"every\": true or leave it out", FaultKind.Misplaced);
        return every;
    }

    private static List<JsonNodeReader> Steps(JsonNodeReader node, Measure measure)
    {
        var list = node.Field(measure == Measure.Count ? "count" : "spend");
        var steps = list?.Filled() ?? [];
        if (steps.Count > MaxSteps) list!.Value.Refuse($"holds {steps.Count} steps; {MaxSteps} are the most");
        return steps;
    }

    private static Gift? GiftOf(JsonNodeReader node)
    {
        if (!node.IsObject(["quantity"], ["sku", "oneOf"])) return null;
        var names = OneOf(node, ["sku", "oneOf"]) switch
        {
            "sku" => [node.Field("sku")!.Value.Name()],
            "oneOf" => node.Field("oneOf")!.Value.Names(),
            _ => [],
        };
        return new Gift(names, node.Field("quantity")?.Whole(1, Cart.MaxUnits) ?? 1);
    }
}
