using Shape = Tokamak.App.Intake.MappingShape.Shape;

namespace Tokamak.App.Intake.People;

/// <summary>The fields that each object of a mapping of members takes. The reader asks here, and a test holds the JSON Schema against it.</summary>
public static class MemberShape
{
    public static readonly Shape Mapping = new("memberMapping", ["mapping", "timezone", "sources", "members"], ["$schema", "note", "region", "strict"]);
    public static readonly Shape Key = new("key", ["kind", "value"], ["system", "proved", "region"]);
    public static readonly Shape Consent = new("consent", ["purpose", "given", "wording", "at"], []);
    public static readonly Shape Owner = new("owner", ["store", "at"], ["staff", "kind"]);

    /// <summary>What is known of a member besides keys, consents and owner.</summary>
    public static readonly FactField[] Fields =
    [
        new("name", FieldKind.Text, false), new("birthday", FieldKind.Moment, false), new("language", FieldKind.Language, false), new("joined", FieldKind.Moment, false),
        new("store", FieldKind.Id, false), new("staff", FieldKind.Id, false), new("channel", FieldKind.JoinedBy, false),
    ];

    public static readonly Shape Rule = new("memberRule", ["source"], ["note", "joins", "where", "id", .. Fields.Select(field => field.Name), "keys", "consents", "owner"]);

    public static IEnumerable<Shape> Objects =>
    [
        Mapping, Rule, Key, Consent, Owner,
        MappingShape.Source, MappingShape.Join, MappingShape.Condition, MappingShape.Value, MappingShape.Moment, MappingShape.Keyed,
    ];
}
