using System.Text.Json;
using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral;

/// <summary>Reads a referral policy, one version or a list of them in any order, and checks it whole (spec: "Policy, as JSON").</summary>
public static class PolicyReader
{
    private const int MaxDays = 10_000;
    private const int MaxRateBps = 10_000;
    private const int MaxBandPercent = 1_000;
    private const long MaxMoney = long.MaxValue;
    private static readonly string[] MemberKinds = [BindingRules.Choice, BindingRules.Decline];

    /// <summary>The policy, or null with every fault by its JSON path.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="zones">IANA zone by name, null for an unknown one.</param>
    /// <param name="faults">Receives what is wrong.</param>
    public static Policy? Read(ReadOnlyMemory<byte> json, Func<string, Zone?> zones, List<Fault> faults) =>
        JsonNodeReader.Document(json, faults, root =>
        {
            var nodes = root.Element.ValueKind == JsonValueKind.Array ? root.Items() : [root];
            if (nodes.Count == 0) root.Refuse("must hold at least one version");
            var versions = nodes.ConvertAll(node => (Node: node, Version: ReadVersion(node)));
            return faults.Count > 0 ? null : InOrder(versions, zones, faults);
        });

    private static Policy? InOrder(List<(JsonNodeReader Node, PolicyVersion Version)> versions, Func<string, Zone?> zones, List<Fault> faults)
    {
        var first = versions[0].Version;
        foreach (var (node, version) in versions)
        {
            if (version.Timezone != first.Timezone) node.Field("timezone")!.Value.Refuse("must be the same in all versions");
            if (version.Currency != first.Currency) node.Field("currency")!.Value.Refuse("must be the same in all versions");
        }
        var zone = zones(first.Timezone);
        if (zone is null) versions[0].Node.Field("timezone")!.Value.Refuse("must be a time zone of the IANA database such as \"Asia/Taipei\"", FaultKind.Word);

        versions.Sort((a, b) => a.Version.EffectiveFrom.CompareTo(b.Version.EffectiveFrom));
        for (var i = 1; i < versions.Count; i++)
        {
            var (earlier, later) = (versions[i - 1].Version, versions[i].Version);
            if (later.EffectiveFrom == earlier.EffectiveFrom) versions[i].Node.Field("effectiveFrom")!.Value.Refuse("is the date of another version; give each its own", FaultKind.TooEarly);
            else if (later.Version <= earlier.Version) versions[i].Node.Field("version")!.Value.Refuse($"must be greater than {earlier.Version}, the version in force before it");
        }
        return faults.Count > 0 ? null : new Policy([.. versions.Select(v => v.Version)], zone!);
    }

    private static PolicyVersion ReadVersion(JsonNodeReader node)
    {
        node.IsObject(
            ["policy", "version", "effectiveFrom", "timezone", "currency", "services", "takeover", "staffMoves", "staffLeaves", "decay",
                "linkDays", "selfPurchase", "split", "rates", "staffPercent", "holdDays", "clawbackDays"],
            ["bands", "capPerMonth", "bounties"]);
        node.Field("policy")?.Word("referral");
        var hold = node.Field("holdDays");
        hold?.IsObject(["store", "online"], []);
        return new PolicyVersion
        {
            Version = node.Field("version")?.Number(0, int.MaxValue) ?? 0,
            EffectiveFrom = node.Field("effectiveFrom")?.Date() ?? default,
            Timezone = node.Field("timezone")?.Text() ?? "",
            Currency = node.Field("currency") is { } currency ? ReadCurrency(currency) : "",
            Services = ReadServices(node.Field("services")),
            Takeover = (Takeover)(node.Field("takeover")?.Word("never", "stronger", "equal", "any") ?? 0),
            StaffMoves = (StaffMoves)(node.Field("staffMoves")?.Word("follow", "keep", "stay") ?? 0),
            StaffLeaves = (StaffLeaves)(node.Field("staffLeaves")?.Word("store", "release") ?? 0),
            Decay = ReadDecay(node.Field("decay")),
            LinkDays = node.Field("linkDays")?.Number(0, MaxDays) ?? 0,
            SelfPurchase = (SelfPurchase)(node.Field("selfPurchase")?.Word("exclude", "allow") ?? 0),
            Split = ReadSplit(node.Field("split")),
            Rates = ReadRates(node.Field("rates")),
            Bands = ReadBands(node.Field("bands")),
            CapPerMonth = node.Field("capPerMonth")?.Whole(0, MaxMoney),
            StaffPercent = node.Field("staffPercent")?.Number(0, 100) ?? 0,
            Bounties = ReadBounties(node.Field("bounties")),
            HoldDaysStore = hold?.Field("store")?.Number(0, MaxDays) ?? 0,
            HoldDaysOnline = hold?.Field("online")?.Number(0, MaxDays) ?? 0,
            ClawbackDays = node.Field("clawbackDays")?.Number(0, MaxDays) ?? 0,
        };
    }

    private static string ReadCurrency(JsonNodeReader node)
    {
        var currency = node.Text();
        if (currency.Length != 3 || currency.AsSpan().ContainsAnyExceptInRange('A', 'Z')) node.Refuse("must be an ISO 4217 code such as \"TWD\"", FaultKind.Word);
        return currency;
    }

    private static string ReadId(JsonNodeReader node)
    {
        var text = node.Text();
        if (!FactForm.IsId(text)) node.Refuse("must be 1 to 100 characters without white space, comma, quotation mark or control character", FaultKind.Id);
        return text;
    }

    private static List<ServiceTerms> ReadServices(JsonNodeReader? list)
    {
        var services = new List<ServiceTerms>();
        foreach (var node in list?.Items() ?? [])
        {
            node.IsObject(["kind", "strength", "lockDays", "lifeDays"], ["renews"]);
            var kind = node.Field("kind") is { } k ? ReadId(k) : "";
            if (kind == BindingRules.Decline) node.Field("kind")!.Value.Refuse("member-decline is the member's own word and takes no terms; leave it out", FaultKind.Misplaced);
            else if (services.Exists(s => s.Kind == kind)) node.Field("kind")?.Refuse("is listed already; list each kind once", FaultKind.Twice);
            services.Add(new ServiceTerms(
                kind,
                node.Field("strength")?.Number(1, 100) ?? 1,
                node.Field("lockDays")?.Number(0, MaxDays) ?? 0,
                node.Field("lifeDays")?.Number(0, MaxDays) ?? 0,
                node.Field("renews")?.Flag() ?? true));
        }
        return services;
    }

    private static List<DecayStep> ReadDecay(JsonNodeReader? list)
    {
        var steps = new List<DecayStep>();
        foreach (var node in list?.Items() ?? [])
        {
            node.IsObject(["days", "percent"], []);
            var step = new DecayStep(node.Field("days")?.Number(0, MaxDays) ?? 0, node.Field("percent")?.Number(0, 100) ?? 0);
            if (steps.Count > 0 && step.Days <= steps[^1].Days) node.Field("days")?.Refuse("must be more than in the step before", FaultKind.NotRising);
            steps.Add(step);
        }
        return steps;
    }

    private static List<SplitRule> ReadSplit(JsonNodeReader? list)
    {
        var rules = new List<SplitRule>();
        foreach (var node in list?.Items() ?? [])
        {
            node.IsObject(["channel", "shares"], ["closer"]);
            var shares = node.Field("shares");
            shares?.IsObject(["owner", "closer", "handover"], []);
            var owner = shares?.Field("owner")?.Number(0, 100) ?? 0;
            var closer = shares?.Field("closer")?.Number(0, 100) ?? 0;
            var handover = shares?.Field("handover")?.Number(0, 100) ?? 0;
            if (owner + closer + handover > 100) shares?.Refuse($"add up to {owner + closer + handover}; they may be 100 together at most", FaultKind.TooMuch);
            var sources = node.Field("closer")?.Items().ConvertAll(n => (CloserSource)n.Word("staff", "code", "link"));
            rules.Add(new SplitRule(
                (Channel)(node.Field("channel")?.Word("store", "online") ?? 0),
                sources ?? [CloserSource.Staff, CloserSource.Code, CloserSource.Link],
                owner, closer, handover));
        }
        return rules;
    }

    private static List<RateRule> ReadRates(JsonNodeReader? list)
    {
        var rules = new List<RateRule>();
        foreach (var node in list?.Items() ?? [])
        {
            node.IsObject(["role", "rate"], ["grade", "categories", "perHandover", "perHandoverMinNet"]);
            var role = (node.Field("role")?.Word("owner", "closer", "handover") ?? 0) switch { 0 => Role.Owner, 1 => Role.Closer, _ => Role.Handover };
            var grade = node.Field("grade") is { } g ? ReadId(g) : null;
            if (rules.Exists(r => r.Role == role && (r.Grade is null || r.Grade == grade))) node.Refuse("never applies: an earlier entry of this role comes first; put it before that one or leave it out", FaultKind.Hidden);
            if (role != Role.Handover) node.Field("perHandover")?.Refuse("belongs to role handover only; leave it out", FaultKind.Misplaced);
            if (role != Role.Handover) node.Field("perHandoverMinNet")?.Refuse("belongs to role handover only; leave it out", FaultKind.Misplaced);
            rules.Add(new RateRule(
                role,
                node.Field("rate")?.Number(0, MaxRateBps) ?? 0,
                grade,
                ReadCategories(node.Field("categories")),
                node.Field("perHandover")?.Whole(0, MaxMoney),
                node.Field("perHandoverMinNet")?.Whole(0, MaxMoney) ?? 0));
        }
        return rules;
    }

    private static Dictionary<string, int> ReadCategories(JsonNodeReader? node)
    {
        var rates = new Dictionary<string, int>(StringComparer.Ordinal);
        if (node is not { } categories) return rates;
        if (categories.Element.ValueKind != JsonValueKind.Object) categories.Refuse("must be an object { \"category\": rate }");
        else
            foreach (var property in categories.Element.EnumerateObject())
            {
                if (!FactForm.IsId(property.Name)) categories.Refuse("names a category that is no id (1 to 100 characters without white space, comma or quotation mark)", FaultKind.Id);
                if (!rates.TryAdd(property.Name, categories.Field(property.Name)!.Value.Number(0, MaxRateBps))) categories.Field(property.Name)!.Value.Refuse("stands twice; keep one", FaultKind.Twice);
            }
        return rates;
    }

    private static Bands? ReadBands(JsonNodeReader? node)
    {
        if (node is not { } bands) return null;
        bands.IsObject(["mode", "steps"], []);
        var steps = new List<BandStep>();
        foreach (var item in bands.Field("steps")?.Items() ?? [])
        {
            item.IsObject(["from", "percent"], []);
            var step = new BandStep(item.Field("from")?.Whole(0, MaxMoney) ?? 0, item.Field("percent")?.Number(0, MaxBandPercent) ?? 0);
            if (steps.Count > 0 && step.From <= steps[^1].From) item.Field("from")?.Refuse("must be more than in the step before", FaultKind.NotRising);
            steps.Add(step);
        }
        if (steps.Count == 0 && bands.Field("steps")?.Element is { ValueKind: JsonValueKind.Array }) bands.Field("steps")!.Value.Refuse("must hold at least one step; leave 'bands' out for none", FaultKind.Empty);
        return new Bands((BandMode)(bands.Field("mode")?.Word("whole", "marginal") ?? 0), steps);
    }

    private static List<Bounty> ReadBounties(JsonNodeReader? list)
    {
        var bounties = new List<Bounty>();
        foreach (var node in list?.Items() ?? [])
        {
            node.IsObject(["service", "amount"], ["oncePer", "bound", "requiresPurchaseWithinDays", "minNet"]);
            var kind = node.Field("service") is { } k ? ReadId(k) : "";
            if (kind is BindingRules.StoreSale or BindingRules.AssistedSale) node.Field("service")!.Value.Refuse("arises from sales, which pay commission; put the bounty on another kind", FaultKind.Misplaced);
            else if (MemberKinds.Contains(kind)) node.Field("service")!.Value.Refuse("is the member's own act; put the bounty on another kind", FaultKind.Misplaced);
            else if (bounties.Exists(b => b.Service == kind)) node.Field("service")?.Refuse("has a bounty already; keep one", FaultKind.Twice);
            node.Field("oncePer")?.Word("member");
            bounties.Add(new Bounty(
                kind,
                node.Field("amount")?.Whole(0, MaxMoney) ?? 0,
                node.Field("oncePer") is not null,
                node.Field("bound")?.Flag() ?? false,
                node.Field("requiresPurchaseWithinDays")?.Number(0, MaxDays),
                node.Field("minNet")?.Whole(0, MaxMoney) ?? 1));
        }
        return bounties;
    }
}
