using System.Buffers;
using Tokamak.App.Members;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Intake.People;

/// <summary>Reads a mapping of members and names every fault of form with its JSON path.</summary>
public static class MemberMappingReader
{
    /// <summary>The kind of the service that having been somebody's member before is, unless the mapping names another.</summary>
    public const string ImportedOwner = "import-owner";

    private static readonly string[] Kinds = ["phone", "email", "line", "card", "foreign"];
    private static readonly SearchValues<char> LettersOfSystem = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>The mapping, or null with its faults.</summary>
    public static MemberMapping? Read(ReadOnlyMemory<byte> json, List<Fault> faults) =>
        MappingReader.Read(json, faults, ReadMapping, mapping => Check(mapping, faults));

    private static MemberMapping? ReadMapping(JsonNodeReader root)
    {
        if (!root.IsObject(MemberShape.Mapping.Required, MemberShape.Mapping.Optional) || MemberShape.Mapping.Required.Any(name => root.Field(name) is null)) return null;
        root.Field("mapping")!.Value.Whole(1, 1);
        root.Field("note")?.Text();
        root.Field("$schema")?.Text();
        var zone = MappingReader.ReadZone(root.Field("timezone")!.Value);
        var region = root.Field("region")?.Text();
        if (region is not null && !NumberingFile.Plans.Knows(region)) root.Field("region")!.Value.Refuse("must be the two capital letters of a country, such as \"TW\"");
        var values = new ExpressionReader(zone);
        var rules = root.Field("members")!.Value.Items().ConvertAll(rule => ReadRule(rule, values));
        if (rules.Count == 0) root.Field("members")!.Value.Refuse("must hold at least one rule");
        return new MemberMapping(zone, region, root.Field("strict")?.Flag() ?? false, MappingReader.ReadSources(root.Field("sources")!.Value), [.. rules.OfType<MemberRule>()]);
    }

    private static MemberRule? ReadRule(JsonNodeReader node, ExpressionReader values)
    {
        if (!node.IsObject(MemberShape.Rule.Required, MemberShape.Rule.Optional)) return null;
        var (source, joins, where) = MappingReader.ReadRows(node);
        return new MemberRule(
            node.Path, source, joins, where, Value(node, "id", FieldKind.PersonId, values), MappingReader.ReadFields(node, MemberShape.Fields, values),
            [.. (node.Field("keys")?.Items() ?? []).Select(key => ReadKey(key, values)).OfType<KeyRule>()],
            [.. (node.Field("consents")?.Items() ?? []).Select(consent => ReadConsent(consent, values)).OfType<ConsentRule>()],
            node.Field("owner") is { } owner ? ReadOwner(owner, values) : null);
    }

    private static KeyRule? ReadKey(JsonNodeReader node, ExpressionReader values)
    {
        if (!node.IsObject(MemberShape.Key.Required, MemberShape.Key.Optional) || node.Field("kind") is not { } kindNode) return null;
        var kind = (KeyKind)kindNode.Word(Kinds);
        var system = node.Field("system")?.Text();
        if (kind == KeyKind.Foreign && system is null) node.Refuse("must name the system whose id it is: \"system\": \"crm\"");
        if (kind != KeyKind.Foreign) node.Field("system")?.Refuse("belongs to foreign; leave it out");
        if (kind != KeyKind.Phone) node.Field("region")?.Refuse("belongs to phone; leave it out");
        if (system is not null && (system.Length is 0 or > 40 || system.AsSpan().IndexOfAnyExcept(LettersOfSystem) >= 0)) node.Field("system")!.Value.Refuse("must be 1 to 40 small letters, digits, '-', '_' or '.'");
        return Value(node, "value", FieldKind.Text, values) is { } value
            ? new KeyRule(node.Path, kind, system, value, Value(node, "proved", FieldKind.YesNo, values), Value(node, "region", FieldKind.Text, values)) : null;
    }

    private static ConsentRule? ReadConsent(JsonNodeReader node, ExpressionReader values)
    {
        if (!node.IsObject(MemberShape.Consent.Required, MemberShape.Consent.Optional)) return null;
        var purpose = node.Field("purpose")?.Text() ?? "";
        if (!MemberText.IsWord(purpose, Consents.MostLettersOfName)) node.Field("purpose")?.Refuse($"must be 1 to {Consents.MostLettersOfName} letters, digits, '-', '_' or '.', such as \"{Consents.Marketing}\"");
        var (given, wording, at) = (Value(node, "given", FieldKind.YesNo, values), Value(node, "wording", FieldKind.Text, values), Value(node, "at", FieldKind.Moment, values));
        return given is null || wording is null || at is null ? null : new ConsentRule(node.Path, purpose, given, wording, at);
    }

    private static OwnerRule? ReadOwner(JsonNodeReader node, ExpressionReader values)
    {
        if (!node.IsObject(MemberShape.Owner.Required, MemberShape.Owner.Optional)) return null;
        var kind = node.Field("kind")?.Text() ?? ImportedOwner;
        if (!FactForm.IsId(kind)) node.Field("kind")!.Value.Refuse($"must be a kind of service as the policy lists it, such as \"{ImportedOwner}\"");
        var (store, at) = (Value(node, "store", FieldKind.Id, values), Value(node, "at", FieldKind.Moment, values));
        return store is null || at is null ? null : new OwnerRule(node.Path, kind, store, Value(node, "staff", FieldKind.Id, values), at);
    }

    private static Expression? Value(JsonNodeReader node, string name, FieldKind kind, ExpressionReader values) => node.Field(name) is { } field ? values.Read(field, kind) : null;

    private static void Check(MemberMapping mapping, List<Fault> faults)
    {
        MappingReader.CheckReferences(mapping.Sources, mapping.Rules, faults);
        foreach (var rule in mapping.Rules)
            if (rule.Id is null && !rule.Keys.Any(IsTheirId))
                faults.Add(new Fault(
                    "has no id; add it, or a key of kind foreign with \"proved\": { \"const\": \"yes\" }, by which a member is found again when the file comes again", Path: rule.Path));
    }

    /// <summary>Whether a key can stand for an id: what a system calls somebody, which it knows to be theirs.</summary>
    internal static bool IsTheirId(KeyRule key) => key is { Kind: KeyKind.Foreign, Proved: ConstantValue { Text: "yes" } };
}
