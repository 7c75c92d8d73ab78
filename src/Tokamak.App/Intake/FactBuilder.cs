using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Intake;

/// <summary>Makes the head of a fact, and one of its lines, from a row of its rule. What a row lacks is refused there.</summary>
internal sealed class FactBuilder
{
    private static readonly SaleLine[] NoSaleLines = [];
    private static readonly LineChange[] NoChanges = [];

    private readonly FactRule _rule;
    private readonly Dictionary<string, (Func<RuleRow, string> Value, string Place)> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Func<RuleRow, long?> Value, string Place)> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _shared = new(StringComparer.Ordinal);
    private readonly Func<RuleRow, Instant?> _at;

    public FactBuilder(FactRule rule, ExpressionCompiler compiler, long scale)
    {
        _rule = rule;
        _at = compiler.Moment((MomentValue)rule.Fields["at"]);
        foreach (var field in MappingShape.FieldsOf(rule.Type))
            if (rule.Fields.TryGetValue(field.Name, out var expression)) Add(field.Name, field, expression);
        foreach (var field in MappingShape.LinesOf(rule.Type))
            if (rule.LineFields.TryGetValue(field.Name, out var expression)) Add(field.Name == "staff" ? LineStaff : field.Name, field, expression);

        void Add(string name, FactField field, Expression expression)
        {
            var place = ExpressionCompiler.PlaceOf(expression);
            if (Number(compiler, field, expression, scale) is { } number) _numbers.Add(name, (number, place));
            else if (field.Kind != FieldKind.Moment) _texts.Add(name, (Text(compiler, field, expression), place));
        }
    }

    /// <summary>A line's staff stands beside the sale's, so it goes by a name of its own.</summary>
    private const string LineStaff = "line staff";

    private static Func<RuleRow, long?>? Number(ExpressionCompiler compiler, FactField field, Expression expression, long scale) => field.Kind switch
    {
        FieldKind.Line => compiler.Whole((NumberValue)expression, field.Name, 1, long.MaxValue),
        FieldKind.Quantity => compiler.Whole((NumberValue)expression, field.Name, 1, FactForm.MaxQuantity),
        FieldKind.Net => compiler.Money((MoneyValue)expression, field.Name, scale, 0, FactForm.MaxNet),
        FieldKind.Amount => compiler.Money((MoneyValue)expression, field.Name, scale, 1, FactForm.MaxNet),
        _ => null,
    };

    private static Func<RuleRow, string> Text(ExpressionCompiler compiler, FactField field, Expression expression) =>
        field.Kind is FieldKind.Id or FieldKind.PersonId
            ? compiler.Id(expression, field.Name, field.Kind == FieldKind.PersonId)
            : compiler.Text(expression);

    /// <summary>The id of the fact a row belongs to, as far as it can be told: null where not even that is sound.</summary>
    public string? IdOf(RuleRow row)
    {
        var id = Needed(row, "id");
        if (id is "vest" or "pay") row.Refuse(_texts["id"].Place, $"no fact may have the id '{id}'; add a prefix with a template");
        return row.IsRefused ? null : id;
    }

    /// <summary>All but the lines; null where the row is refused.</summary>
    public Fact? Head(RuleRow row, string id)
    {
        var fact = new FactId(id);
        var at = _at(row);
        if (at is null) row.Refuse(ExpressionCompiler.PlaceOf(_rule.Fields["at"]), $"is empty, and a {_rule.Type.Word()} needs its time");
        if (row.IsRefused) return null;
        Fact head = _rule.Type switch
        {
            FactType.Staff => Staff(row, fact, at!.Value),
            FactType.Merge => new MergeFact(fact, at!.Value, 0, new(Needed(row, "from")), new(Needed(row, "into"))),
            FactType.Service => new ServiceFact(fact, at!.Value, 0, new(Needed(row, "member")), Needed(row, "kind"), StoreOf(row, Needed(row, "store")), StaffOf(row, "staff")),
            FactType.Sale => Sale(row, fact, at!.Value),
            FactType.Handover => new HandoverFact(fact, at!.Value, 0, new(Needed(row, "sale")), Store(row), StaffOf(row, "staff"), NoChanges),
            FactType.Cancel => new CancelFact(fact, at!.Value, 0, new(Needed(row, "sale")), NoChanges),
            FactType.Refund => new RefundFact(fact, at!.Value, 0, new(Needed(row, "sale")), NoChanges),
            FactType.Return => new ReturnFact(fact, at!.Value, 0, new(Needed(row, "sale")), NoChanges),
            FactType.Void => new VoidFact(fact, at!.Value, 0, new(Needed(row, "fact"))),
            _ => throw new InvalidOperationException($"no fact is called {_rule.Type}"),
        };
        return row.IsRefused ? null : head;
    }

    /// <summary>What does not belong to a moved or left is left out, so that one rule can serve a file of all three events.</summary>
    private StaffFact Staff(RuleRow row, FactId id, Instant at)
    {
        var happened = (StaffEvent)Word(row, "event", FieldKind.Event);
        StoreId? store = happened == StaffEvent.Left ? null : StoreOf(row, Needed(row, "store"));
        var grade = happened == StaffEvent.Left ? "" : Perhaps(row, "grade");
        var code = happened == StaffEvent.Joined ? Perhaps(row, "code") : "";
        var member = happened == StaffEvent.Joined ? Perhaps(row, "member") : "";
        return new StaffFact(
            id, at, 0, new(Needed(row, "staff")), happened, store, grade.Length == 0 ? null : grade, code.Length == 0 ? null : code,
            member.Length == 0 ? null : new MemberId(member));
    }

    /// <summary>R1 gives an online sale no store: the field is left out whatever the file says.</summary>
    private SaleFact Sale(RuleRow row, FactId id, Instant at)
    {
        var channel = Word(row, "channel", FieldKind.Channel) == 0 ? Channel.Store : Channel.Online;
        StoreId? store = channel == Channel.Online ? null : StoreOf(row, Needed(row, "store"));
        var (member, code) = (Perhaps(row, "member"), Perhaps(row, "code"));
        return new SaleFact(id, at, 0, channel, store, member.Length == 0 ? null : new MemberId(member), StaffOf(row, "staff"), code.Length == 0 ? null : code, NoSaleLines);
    }

    public SaleLine SaleLine(RuleRow row) => new(
        Number(row, "line"), Needed(row, "category"), (int)Number(row, "quantity"), Number(row, "net"),
        (Fulfil)Word(row, "fulfil", FieldKind.Fulfil), StaffOf(row, LineStaff));

    public LineChange Change(RuleRow row)
    {
        var quantity = _rule.Type == FactType.Refund ? 0 : (int)Number(row, "quantity");
        var amount = _rule.Type == FactType.Refund ? Number(row, "amount") : _numbers.TryGetValue("amount", out var given) ? given.Value(row) : null;
        return new LineChange(Number(row, "line"), quantity, amount);
    }

    private string Needed(RuleRow row, string field)
    {
        var text = Perhaps(row, field);
        if (text.Length == 0 && !row.IsRefused)
            row.Refuse(_texts.TryGetValue(field, out var known) ? known.Place : "", $"{field} is empty, and a {_rule.Type.Word()} needs it");
        return text;
    }

    private string Perhaps(RuleRow row, string field)
    {
        if (!_texts.TryGetValue(field, out var known)) return "";
        var text = known.Value(row);
        if (field is "id" or "sale" or "fact" || text.Length == 0) return text;
        if (_shared.TryGetValue(text, out var shared)) return shared;
        if (_shared.Count < 1 << 20) _shared.Add(text, text);
        return text;
    }

    private long Number(RuleRow row, string field)
    {
        var (value, place) = _numbers[field];
        if (value(row) is { } number) return number;
        row.Refuse(place, $"{field} is empty, and a {_rule.Type.Word()} needs it");
        return 1;
    }

    private int Word(RuleRow row, string field, FieldKind kind)
    {
        var text = Needed(row, field);
        var words = FieldWords.Of(kind);
        var index = Array.IndexOf(words, text);
        if (index < 0) row.Refuse(_texts[field].Place, $"{field} is {Rejects.Shown(text)} and must be {string.Join(" or ", words)}; add a \"map\"");
        return Math.Max(index, 0);
    }

    private StoreId? Store(RuleRow row) => Perhaps(row, "store") is { Length: > 0 } store ? StoreOf(row, store) : null;

    private StoreId StoreOf(RuleRow row, string store)
    {
        if (store == StoreId.Online.Value) row.Refuse(_texts["store"].Place, "no store may be called 'online'; give the store another name");
        return new StoreId(store);
    }

    private StaffId? StaffOf(RuleRow row, string field) => Perhaps(row, field) is { Length: > 0 } staff ? new StaffId(staff) : null;
}
