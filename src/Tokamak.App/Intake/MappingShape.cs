namespace Tokamak.App.Intake;

public enum FactType : byte { Staff, Merge, Service, Sale, Handover, Cancel, Refund, Return, Void }

/// <summary>What a field of a fact or of a member holds, which says how its text is read.</summary>
public enum FieldKind : byte { Id, PersonId, Text, Moment, Event, Channel, Fulfil, Line, Quantity, Net, Amount, YesNo, Language, JoinedBy }

public sealed record FactField(string Name, FieldKind Kind, bool Required);

/// <summary>The words that some fields take, in the order of their enums.</summary>
public static class FieldWords
{
    public static string[] Of(FieldKind kind) => kind switch
    {
        FieldKind.Event => ["joined", "moved", "left"],
        FieldKind.Channel => ["store", "online"],
        FieldKind.Fulfil => ["taken", "pickup", "ship"],
        FieldKind.YesNo => ["no", "yes"],
        FieldKind.Language => ["zh-TW", "en"],
        FieldKind.JoinedBy => ["store", "web", "app", "clerk", "import", "system"],
        _ => [],
    };

    /// <summary>Facts need theirs; of a member any may be unknown.</summary>
    public static bool AreNeeded(FieldKind kind) => kind is FieldKind.Event or FieldKind.Channel or FieldKind.Fulfil;
}

/// <summary>The fields that each object of a mapping takes. The reader asks here, and a test holds the JSON Schema against it.</summary>
public static class MappingShape
{
    public sealed record Shape(string Name, string[] Required, string[] Optional)
    {
        public IEnumerable<string> All => Required.Concat(Optional);
    }

    public static readonly Shape Mapping = new("mapping", ["mapping", "brand", "timezone", "money", "sources", "facts"], ["$schema", "note", "names"]);
    public static readonly Shape Money = new("money", ["currency", "scale"], ["decimalMark", "groupMark"]);
    public static readonly Shape Source = new("source", [], ["note", "file", "format", "encoding", "delimiter", "columns", "each", "rows"]);
    public static readonly Shape Join = new("join", ["source", "on"], ["as", "missing"]);
    public static readonly Shape Condition = new("condition", ["column"], ["equals", "in", "notIn", "empty", "above", "below"]);
    public static readonly Shape Value = new("value", [], ["column", "const", "template", "keyed", "map", "otherwise"]);
    public static readonly Shape Number = new("number", [], [.. Value.Optional, "negate"]);
    public static readonly Shape Amount = new("amount", [], [.. Value.Optional, "times", "plus", "minus", "negate", "round"]);
    public static readonly Shape Moment = new("moment", [], [.. Value.Optional, "format", "timezone", "addDays"]);
    public static readonly Shape Keyed = new("keyed", ["column", "as"], ["callingCode", "prefix"]);
    public static readonly Shape Names = new("names", [], ["stores", "staff"]);
    public static readonly Shape NameRule = new("nameRule", ["source", "id", "name"], ["note", "joins", "where"]);

    private static readonly string[] RuleRequired = ["type", "source"];
    private static readonly string[] RuleOptional = ["note", "joins", "where"];

    public static IEnumerable<Shape> Objects =>
    [
        Mapping, Money, Source, Join, Condition, Value, Number, Amount, Moment, Keyed, Names, NameRule,
        .. Enum.GetValues<FactType>().Select(Rule),
        .. Enum.GetValues<FactType>().Where(type => LinesOf(type).Length > 0).Select(LinesShape),
    ];

    /// <summary>The fields of R1's table besides <c>type</c> and <c>lines</c>.</summary>
    public static FactField[] FieldsOf(FactType type) => [Id, At, .. type switch
    {
        FactType.Staff => [One("staff"), new("event", FieldKind.Event, true), Perhaps("store"), Perhaps("grade"), Perhaps("code"), PerhapsPerson("member")],
        FactType.Merge => [Person("from"), Person("into")],
        FactType.Service => [Person("member"), One("kind"), One("store"), Perhaps("staff")],
        FactType.Sale => new FactField[] { new("channel", FieldKind.Channel, true), Perhaps("store"), PerhapsPerson("member"), Perhaps("staff"), Perhaps("code") },
        FactType.Handover => [One("sale"), Perhaps("store"), Perhaps("staff")],
        FactType.Cancel or FactType.Refund or FactType.Return => [One("sale")],
        FactType.Void => [One("fact")],
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    }];

    /// <summary>The fields of one line; none for facts without lines.</summary>
    public static FactField[] LinesOf(FactType type) => type switch
    {
        FactType.Sale => [Line, One("category"), Quantity, new("net", FieldKind.Net, true), new("fulfil", FieldKind.Fulfil, true), Perhaps("staff")],
        FactType.Handover or FactType.Cancel => [Line, Quantity],
        FactType.Refund => [Line, new("amount", FieldKind.Amount, true)],
        FactType.Return => [Line, Quantity, new("amount", FieldKind.Amount, false)],
        _ => [],
    };

    public static string Word(this FactType type) => type.ToString().ToLowerInvariant();

    public static Shape Rule(FactType type)
    {
        var fields = FieldsOf(type);
        string[] lines = LinesOf(type).Length > 0 ? ["lines"] : [];
        return new Shape(type.Word() + "Rule",
            [.. RuleRequired, .. fields.Where(f => f.Required).Select(f => f.Name), .. lines],
            [.. RuleOptional, .. fields.Where(f => !f.Required).Select(f => f.Name)]);
    }

    public static Shape LinesShape(FactType type)
    {
        var fields = LinesOf(type);
        return new Shape(type.Word() + "Lines", [.. fields.Where(f => f.Required).Select(f => f.Name)], [.. fields.Where(f => !f.Required).Select(f => f.Name)]);
    }

    private static readonly FactField Id = new("id", FieldKind.Id, true);
    private static readonly FactField At = new("at", FieldKind.Moment, true);
    private static readonly FactField Line = new("line", FieldKind.Line, true);
    private static readonly FactField Quantity = new("quantity", FieldKind.Quantity, true);

    private static FactField One(string name) => new(name, FieldKind.Id, true);
    private static FactField Perhaps(string name) => new(name, FieldKind.Id, false);
    private static FactField Person(string name) => new(name, FieldKind.PersonId, true);
    private static FactField PerhapsPerson(string name) => new(name, FieldKind.PersonId, false);
}
