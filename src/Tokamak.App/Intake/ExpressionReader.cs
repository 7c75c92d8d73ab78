using System.Text.Json;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Intake;

/// <summary>Reads how fields get their values: columns, constants, templates, value maps, keyed ids, numbers, money, moments.</summary>
internal sealed class ExpressionReader(Zone zone)
{
    private const int MaxAddDays = 10_000;
    private static readonly string[] ValueForms = ["column", "const", "template", "keyed"];

    public Expression? Read(JsonNodeReader node, FieldKind kind) => kind switch
    {
        FieldKind.Moment => ReadMoment(node),
        FieldKind.Line or FieldKind.Quantity => ReadNumber(node),
        FieldKind.Net or FieldKind.Amount => ReadMoney(node),
        _ => Checked(node, ReadValue(node, MappingShape.Value), kind),
    };

    /// <summary>What stands in the mapping itself can be judged before any file is read.</summary>
    private static Expression? Checked(JsonNodeReader node, Expression? value, FieldKind kind)
    {
        var words = FieldWords.Of(kind);
        foreach (var text in Written(value))
        {
            if (words.Length > 0 && !words.Contains(text) && (text.Length > 0 || FieldWords.AreNeeded(kind))) node.Refuse($"can only be {string.Join(" or ", words)}, not '{text}'; mend the const or the map");
            else if (kind is FieldKind.Id or FieldKind.PersonId && text.Length > 0 && !Core.Referral.FactForm.IsId(text))
                node.Refuse($"gives {Rejects.Shown(text)}, and an id has 1 to 100 characters without white space, comma or double quote");
        }
        return value;

        static IEnumerable<string> Written(Expression? value) => value switch
        {
            ConstantValue constant => [constant.Text],
            MappedValue mapped => mapped.Map.Values.Concat(Written(mapped.Otherwise)),
            _ => [],
        };
    }

    private Expression? ReadValue(JsonNodeReader node, MappingShape.Shape shape)
    {
        if (node.Element.ValueKind == JsonValueKind.String) return new ColumnValue(node.Path, ColumnName(node));
        if (node.Element.ValueKind != JsonValueKind.Object)
        {
            node.Refuse("must be the name of a column, or an object such as { \"const\": \"…\" }");
            return null;
        }
        if (!node.IsObject(shape.Required, shape.Optional)) return null;
        var forms = ValueForms.Where(form => node.Field(form) is not null).ToArray();
        if (forms.Length != 1)
        {
            node.Refuse($"must have exactly one of {string.Join(", ", ValueForms)}");
            return null;
        }
        var inner = node.Field(forms[0])!.Value;
        Expression? value = forms[0] switch
        {
            "column" => new ColumnValue(node.Path, ColumnName(inner)),
            "const" => ReadConstant(node, inner),
            "template" => ReadTemplate(node, inner),
            _ => ReadKeyed(node, inner),
        };
        return node.Field("map") is { } map ? ReadMap(node, value, map) : Unmapped(node, value);
    }

    private static string ColumnName(JsonNodeReader node)
    {
        var name = node.Text();
        if (name.Length == 0) node.Refuse("must name a column");
        return name;
    }

    private static ConstantValue ReadConstant(JsonNodeReader node, JsonNodeReader inner) =>
        new(node.Path, inner.Element.ValueKind == JsonValueKind.Number ? inner.Element.GetRawText() : inner.Text());

    private static Expression? Unmapped(JsonNodeReader node, Expression? value)
    {
        node.Field("otherwise")?.Refuse("goes with map; add the map or leave this out");
        return value;
    }

    private MappedValue? ReadMap(JsonNodeReader node, Expression? value, JsonNodeReader map)
    {
        var table = new Dictionary<string, string>(StringComparer.Ordinal);
        if (map.Element.ValueKind != JsonValueKind.Object) map.Refuse("must be an object: { \"value in the file\": \"value in the fact\" or null }");
        foreach (var (from, to) in map.Properties())
            if (!table.TryAdd(from, to.Element.ValueKind == JsonValueKind.Null ? "" : to.Text())) to.Refuse("stands twice; keep one");
        if (value is ConstantValue or KeyedValue) map.Refuse("does not go with const or keyed; leave one of them out");
        Expression? otherwise = node.Field("otherwise") switch
        {
            null => null,
            { Element.ValueKind: JsonValueKind.Null } none => new ConstantValue(none.Path, ""),
            { } given => ReadValue(given, MappingShape.Value),
        };
        return value is null ? null : new MappedValue(node.Path, value, table, otherwise);
    }

    /// <summary>Text with columns in braces: <c>O{order_id}</c>; <c>{{</c> and <c>}}</c> are braces themselves.</summary>
    private static TemplateValue ReadTemplate(JsonNodeReader node, JsonNodeReader inner)
    {
        var text = inner.Text();
        var texts = new List<string>();
        var columns = new List<string>();
        var literal = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '{' or '}' && i + 1 < text.Length && text[i + 1] == c)
            {
                literal.Append(c);
                i++;
            }
            else if (c == '{' && text.IndexOf('}', i) is var end && end > i + 1)
            {
                texts.Add(literal.ToString());
                literal.Clear();
                columns.Add(text[(i + 1)..end]);
                i = end;
            }
            else if (c is '{' or '}')
            {
                inner.Refuse($"has a stray brace at character {i + 1}; write {{column}} around a column, or {{{{ and }}}} for braces themselves");
                break;
            }
            else literal.Append(c);
        }
        texts.Add(literal.ToString());
        return new TemplateValue(node.Path, texts, columns);
    }

    private static KeyedValue? ReadKeyed(JsonNodeReader node, JsonNodeReader inner)
    {
        if (!inner.IsObject(MappingShape.Keyed.Required, MappingShape.Keyed.Optional)) return null;
        var calling = inner.Field("callingCode")?.Text() ?? "886";
        if (calling.Length is 0 or > 3 || !calling.All(char.IsAsciiDigit) || calling[0] == '0') inner.Field("callingCode")?.Refuse("must be the digits of a country's calling code, such as \"886\"");
        var prefix = inner.Field("prefix")?.Text() ?? "k";
        if (prefix.Length > 20 || (prefix.Length > 0 && !Core.Referral.FactForm.IsId(prefix))) inner.Field("prefix")!.Value.Refuse("must be at most 20 characters without white space, comma or double quote");
        var column = inner.Field("column") is { } named ? ColumnName(named) : "";
        return new KeyedValue(node.Path, column, (PersonalKind)(inner.Field("as")?.Word("phone", "email", "text") ?? 0), calling, prefix);
    }

    private NumberValue? ReadNumber(JsonNodeReader node)
    {
        var value = ReadValue(node, MappingShape.Number);
        return value is null ? null : new NumberValue(node.Path, value, node.Field("negate")?.Flag() ?? false);
    }

    private MoneyValue? ReadMoney(JsonNodeReader node)
    {
        var value = ReadValue(node, MappingShape.Amount);
        if (value is null) return null;
        return new MoneyValue(
            node.Path, value, node.Field("times") is { } times ? ReadValue(times, MappingShape.Value) : null,
            Terms("plus"), Terms("minus"), node.Field("negate")?.Flag() ?? false,
            (Rounding)(node.Field("round")?.Word("refuse", "half-away-from-zero", "half-even", "down") ?? 0));

        List<Expression> Terms(string name) =>
            [.. (node.Field(name)?.Items() ?? []).Select(item => ReadValue(item, MappingShape.Value)).OfType<Expression>()];
    }

    private MomentValue? ReadMoment(JsonNodeReader node)
    {
        var value = ReadValue(node, MappingShape.Moment);
        if (value is null) return null;
        List<JsonNodeReader> given = node.Field("format") switch
        {
            null => [],
            { Element.ValueKind: JsonValueKind.String } one => [one],
            { } list => list.Items(),
        };
        foreach (var format in given)
            if (MomentFormat.FaultOf(format.Text()) is { } fault) format.Refuse(fault);
        return new MomentValue(
            node.Path, value, given.Count == 0 ? [MomentFormat.Iso] : given.ConvertAll(format => format.Text()),
            node.Field("timezone") is { } own ? MappingReader.ReadZone(own) : zone, node.Field("addDays")?.Number(-MaxAddDays, MaxAddDays) ?? 0);
    }

    public static Condition ReadCondition(JsonNodeReader node)
    {
        var never = new Condition(node.Path, "", Test.In, [], default);
        if (!node.IsObject(MappingShape.Condition.Required, MappingShape.Condition.Optional)) return never;
        var tests = MappingShape.Condition.Optional.Where(test => node.Field(test) is not null).ToArray();
        if (tests.Length != 1 || node.Field("column") is not { } column)
        {
            node.Refuse($"must have a column and exactly one of {string.Join(", ", MappingShape.Condition.Optional)}");
            return never;
        }
        var name = ColumnName(column);
        var given = node.Field(tests[0])!.Value;
        return tests[0] switch
        {
            "equals" => new Condition(node.Path, name, Test.In, [given.Text()], default),
            "in" => new Condition(node.Path, name, Test.In, given.Items().ConvertAll(item => item.Text()), default),
            "notIn" => new Condition(node.Path, name, Test.NotIn, given.Items().ConvertAll(item => item.Text()), default),
            "empty" => new Condition(node.Path, name, given.Flag() ? Test.Empty : Test.NotEmpty, [], default),
            "above" => new Condition(node.Path, name, Test.Above, [], Bound(given)),
            _ => new Condition(node.Path, name, Test.Below, [], Bound(given)),
        };
    }

    private static ExactDecimal Bound(JsonNodeReader node)
    {
        if (node.Element.ValueKind == JsonValueKind.Number && ExactDecimal.TryParse(node.Element.GetRawText(), new NumberStyle('.', null), out var bound)) return bound;
        node.Refuse("must be a number such as 0 or 12.5");
        return default;
    }
}
