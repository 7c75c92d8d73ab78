using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Intake;

/// <summary>Turns the expressions of one rule into functions of its row. Refuses at once what the names of columns show to be personal.</summary>
internal sealed class ExpressionCompiler(Func<string, string, BoundColumn> bind, NumberStyle style, KeyedIds? keys, ISet<string> keyedColumns, List<PersonalUse> uses, List<Fault> faults)
{
    /// <summary>A text for any use but ids.</summary>
    public Func<RuleRow, string> Text(Expression expression) => Compile(expression, _ => null);

    /// <summary>An id: opaque, of R1's form; empty where the field is absent.</summary>
    public Func<RuleRow, string> Id(Expression expression, string field, bool ofPerson)
    {
        var value = Compile(expression, column => Watch(column.Path, column.Name, ofPerson));
        var place = PlaceOf(expression);
        var whole = expression is TemplateValue ? new PersonalUse(expression.Path, place, ofPerson) : null;
        if (whole is not null) uses.Add(whole);
        return row =>
        {
            var text = value(row);
            if (row.IsRefused || text.Length == 0) return text;
            if (whole?.Look(text) is { } kind) return row.Refuse(place, LooksPersonal(kind));
            return FactForm.IsId(text) ? text : row.Refuse(place, $"{Show(place, text)} is no {field}: an id has 1 to 100 characters without white space, comma or double quote");
        };
    }

    private PersonalUse? Watch(string path, string column, bool ofPerson)
    {
        if (PersonalValue.OfColumnName(LastName(column)) is { } kind) faults.Add(PersonalUse.Refusal(path, column, kind, "by its name"));
        var use = new PersonalUse(path, column, ofPerson);
        uses.Add(use);
        return use;
    }

    private static string LooksPersonal(PersonalKind kind) =>
        $"the value (not shown) looks like {(kind == PersonalKind.Email ? "an e-mail address" : "a phone number")}; ids must be opaque";

    private Func<RuleRow, string> Compile(Expression expression, Func<(string Path, string Name), PersonalUse?> watch)
    {
        switch (expression)
        {
            case ConstantValue constant:
                return _ => constant.Text;
            case ColumnValue column:
                return Watched(Bind(column.Column, column.Path), watch((column.Path, column.Column)));
            case TemplateValue template:
                return Template(template, watch);
            case MappedValue mapped:
                return Mapped(mapped, watch);
            case KeyedValue keyed:
                return Keyed(keyed);
            default:
                throw new ArgumentException($"{expression.GetType().Name} gives no text", nameof(expression));
        }
    }

    private BoundColumn Bind(string column, string path) => bind(column, path);

    private static Func<RuleRow, string> Watched(BoundColumn column, PersonalUse? use)
    {
        if (use is null) return column.Of;
        return row =>
        {
            var text = column.Of(row);
            return text.Length > 0 && use.Look(text) is { } kind ? row.Refuse(column.Name, LooksPersonal(kind)) : text;
        };
    }

    private Func<RuleRow, string> Template(TemplateValue template, Func<(string Path, string Name), PersonalUse?> watch)
    {
        var texts = template.Texts;
        var parts = template.Columns.Select(name => Watched(Bind(name, template.Path), watch((template.Path, name)))).ToArray();
        return row =>
        {
            var whole = texts[0];
            for (var i = 0; i < parts.Length; i++)
            {
                var part = parts[i](row);
                if (part.Length == 0) return "";
                whole = string.Concat(whole, part, texts[i + 1]);
            }
            return whole;
        };
    }

    private Func<RuleRow, string> Mapped(MappedValue mapped, Func<(string Path, string Name), PersonalUse?> watch)
    {
        var value = Compile(mapped.Value, _ => null);
        var otherwise = mapped.Otherwise is { } other ? Compile(other, watch) : null;
        var (table, place) = (mapped.Map, PlaceOf(mapped.Value));
        return row =>
        {
            var text = value(row);
            if (row.IsRefused) return "";
            if (table.TryGetValue(text, out var to)) return to;
            return otherwise is not null ? otherwise(row) : row.Refuse(place, $"{Show(place, text)} is not in the map at {mapped.Path}.map; add it there, or an \"otherwise\"");
        };
    }

    private Func<RuleRow, string> Keyed(KeyedValue keyed)
    {
        var column = Bind(keyed.Column, keyed.Path);
        keyedColumns.Add(LastName(keyed.Column));
        if (keys is null)
        {
            faults.Add(new Fault($"keyed ids need a secret key; give one with --key-file FILE or the environment variable {KeyedIds.KeyVariable}, and keep it: another key gives other ids", Path: keyed.Path + ".keyed"));
            return _ => "";
        }
        var what = keyed.As switch { PersonalKind.Phone => "phone number", PersonalKind.Email => "e-mail address", _ => "text" };
        return row =>
        {
            var text = column.Of(row);
            if (text.Length == 0) return "";
            return PersonalValue.Canonical(text, keyed.As, keyed.CallingCode) is { } canonical
                ? keys.IdOf(canonical, keyed.As, keyed.Prefix)
                : row.Refuse(keyed.Column, $"the value (not shown) is no {what}");
        };
    }

    /// <summary>A whole number; null where the field is absent or refused.</summary>
    public Func<RuleRow, long?> Whole(NumberValue number, string field, long min, long max)
    {
        var (value, place) = (Text(number.Value), PlaceOf(number.Value));
        return row =>
        {
            var text = value(row);
            if (row.IsRefused || text.Length == 0) return null;
            if (!ExactDecimal.TryParse(text, style, out var read)) return Refused(row, place, $"{Show(place, text)} is no whole number for {field}");
            var units = UnitsOf(number.Negate ? -read : read, 1, Rounding.Refuse);
            return units >= min && units <= max ? units : Refused(row, place, $"{field} {Show(place, text)} must be a whole number from {min} to {max}");
        };
    }

    /// <summary>Money in smallest units; null where the field is absent or refused.</summary>
    public Func<RuleRow, long?> Money(MoneyValue money, string field, long scale, long min, long max)
    {
        var terms = new List<(Func<RuleRow, string> Value, string Place, int Sign)> { (Text(money.Value), PlaceOf(money.Value), 1) };
        terms.AddRange(money.Plus.Select(term => (Text(term), PlaceOf(term), 1)));
        terms.AddRange(money.Minus.Select(term => (Text(term), PlaceOf(term), -1)));
        var times = money.Times is { } factor ? (Value: Text(factor), Place: PlaceOf(factor)) : default;
        return row =>
        {
            var total = default(ExactDecimal);
            for (var i = 0; i < terms.Count; i++)
            {
                if (Decimal(row, terms[i].Value, terms[i].Place, field, absentIsZero: i > 0) is not { } term) return null;
                if (i == 0 && times.Value is not null)
                {
                    if (Decimal(row, times.Value, times.Place, field, absentIsZero: false) is not { } by) return null;
                    term *= by;
                }
                try { total += terms[i].Sign < 0 ? -term : term; }
                catch (OverflowException) { return Refused(row, terms[i].Place, $"{field} is too big"); }
            }
            var units = UnitsOf(money.Negate ? -total : total, scale, money.Rounding);
            if (units is null) return Refused(row, terms[0].Place, $"{field} has more decimals than the currency's scale {scale} keeps, or is too big; raise \"scale\" or name a \"round\"");
            return units >= min && units <= max ? units : Refused(row, terms[0].Place, $"{field} is {units} in smallest units and must be from {min} to {max}");
        };
    }

    private ExactDecimal? Decimal(RuleRow row, Func<RuleRow, string> value, string place, string field, bool absentIsZero)
    {
        var text = value(row);
        if (row.IsRefused) return null;
        if (text.Length == 0) return absentIsZero ? default(ExactDecimal) : null;
        if (ExactDecimal.TryParse(text, style, out var read)) return read;
        Refused(row, place, $"{Show(place, text)} is no amount for {field}");
        return null;
    }

    private static long? UnitsOf(ExactDecimal value, long scale, Rounding rounding)
    {
        try { return value.ToUnits(scale, rounding); }
        catch (OverflowException) { return null; }
    }

    public Func<RuleRow, Instant?> Moment(MomentValue moment)
    {
        var (value, place) = (Text(moment.Value), PlaceOf(moment.Value));
        var format = new MomentFormat(moment.Formats, moment.Zone, moment.AddDays);
        return row =>
        {
            var text = value(row);
            if (row.IsRefused || text.Length == 0) return null;
            if (format.TryRead(text, out var at)) return at;
            row.Refuse(place, $"{Show(place, text)} is no date in the format {string.Join(" or ", moment.Formats)}");
            return null;
        };
    }

    public Func<RuleRow, bool> Holds(Condition condition)
    {
        var column = Bind(condition.Column, condition.Path);
        var values = condition.Values.ToHashSet(StringComparer.Ordinal);
        return condition.Test switch
        {
            Test.In => row => values.Contains(column.Of(row)),
            Test.NotIn => row => !values.Contains(column.Of(row)),
            Test.Empty => row => column.Of(row).Length == 0,
            Test.NotEmpty => row => column.Of(row).Length > 0,
            Test.Above => row => Compare(row) > 0,
            Test.Below => row => Compare(row) < 0,
            _ => throw new ArgumentOutOfRangeException(nameof(condition)),
        };

        int Compare(RuleRow row)
        {
            var text = column.Of(row);
            if (ExactDecimal.TryParse(text, style, out var read)) return read.CompareTo(condition.Bound);
            row.Refuse(column.Name, $"{Show(column.Name, text)} is no number to compare");
            return 0;
        }
    }

    /// <summary>The name for a reject's column: the first column an expression reads.</summary>
    public static string PlaceOf(Expression expression) => expression switch
    {
        ColumnValue column => column.Column,
        TemplateValue template => template.Columns.Count > 0 ? template.Columns[0] : "",
        MappedValue mapped => PlaceOf(mapped.Value),
        KeyedValue keyed => keyed.Column,
        NumberValue number => PlaceOf(number.Value),
        MoneyValue money => PlaceOf(money.Value),
        MomentValue moment => PlaceOf(moment.Value),
        _ => "",
    };

    /// <summary>Columns that hold personal data for one field are not shown for another either.</summary>
    public string Show(string column, string value) => keyedColumns.Contains(LastName(column)) ? "the value (not shown)" : Rejects.Shown(value);

    private static string LastName(string column) => column[(column.LastIndexOf('.') + 1)..];

    private static long? Refused(RuleRow row, string column, string reason)
    {
        row.Refuse(column, reason);
        return null;
    }
}
