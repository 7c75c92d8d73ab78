using System.Text.Json;
using Tokamak.App.Brands;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Intake;

/// <summary>Reads a mapping and names every fault of form with its JSON path.</summary>
public static class MappingReader
{
    private static readonly string[] Encodings = ["utf-8", "big5", "utf-16"];
    private const int MaxScaleDigits = 6;

    /// <summary>The mapping, or null with its faults.</summary>
    public static Mapping? Read(ReadOnlyMemory<byte> json, List<Fault> faults) =>
        Read(json, faults, ReadMapping, mapping => CheckReferences(mapping.Sources, [.. mapping.Facts, mapping.StoreNames, mapping.StaffNames], faults));

    /// <summary>A mapping of any sort, or null with its faults.</summary>
    /// <param name="json">The file.</param>
    /// <param name="faults">What is wrong is added to these.</param>
    /// <param name="read">Reads its form.</param>
    /// <param name="check">Looks at what goes beyond the form, once that is sound.</param>
    internal static T? Read<T>(ReadOnlyMemory<byte> json, List<Fault> faults, Func<JsonNodeReader, T?> read, Action<T> check) where T : class
    {
        if (json.Span.StartsWith("\uFEFF"u8)) json = json[3..];
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            faults.Add(new Fault(System.Text.Unicode.Utf8.IsValid(json.Span)
                ? $"not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}; mend it there"
                : "not valid UTF-8; save the file as UTF-8", Path: "$"));
            return null;
        }
        using (document)
        {
            return Read(document, faults, read, check);
        }
    }

    private static T? Read<T>(JsonDocument document, List<Fault> faults, Func<JsonNodeReader, T?> read, Action<T> check) where T : class
    {
        try
        {
            var mapping = read(new JsonNodeReader(document.RootElement, "$", faults));
            if (faults.Count > 0 || mapping is null) return null;
            check(mapping);
            return faults.Count > 0 ? null : mapping;
        }
        catch (InvalidOperationException)
        {
            faults.Add(new Fault("the name of a field holds half a character (a lone surrogate); write it anew", Path: "$"));
            return null;
        }
    }

    private static Mapping? ReadMapping(JsonNodeReader root)
    {
        if (!root.IsObject(MappingShape.Mapping.Required, MappingShape.Mapping.Optional) || MappingShape.Mapping.Required.Any(name => root.Field(name) is null)) return null;
        root.Field("mapping")!.Value.Whole(1, 1);
        root.Field("note")?.Text();
        root.Field("$schema")?.Text();
        var zone = ReadZone(root.Field("timezone")!.Value);
        var (style, scale) = ReadMoney(root.Field("money")!.Value);
        var values = new ExpressionReader(zone);
        var sources = ReadSources(root.Field("sources")!.Value);
        var rules = root.Field("facts")!.Value.Items().ConvertAll(rule => ReadRule(rule, values));
        if (rules.Count == 0) root.Field("facts")!.Value.Refuse("must hold at least one rule");
        var names = root.Field("names");
        if (names is { } n) n.IsObject(MappingShape.Names.Required, MappingShape.Names.Optional);
        return new Mapping(
            root.Field("brand")!.Value.Text(), zone, style, scale, sources, [.. rules.OfType<FactRule>()],
            ReadNames(names?.Field("stores"), values), ReadNames(names?.Field("staff"), values));
    }

    internal static Zone ReadZone(JsonNodeReader node)
    {
        var name = node.Text();
        if (Zones.Find(name) is { } zone) return zone;
        node.Refuse("must be a time zone of the IANA database such as \"Asia/Taipei\"");
        return Zone.Utc;
    }

    private static (NumberStyle Style, long Scale) ReadMoney(JsonNodeReader node)
    {
        if (!node.IsObject(MappingShape.Money.Required, MappingShape.Money.Optional)) return (new NumberStyle('.', null), 1);
        var scale = node.Field("scale")?.Whole(1, 1_000_000) ?? 1;
        var powers = Enumerable.Range(0, MaxScaleDigits + 1).Select(digits => (long)Math.Pow(10, digits));
        if (!powers.Contains(scale)) node.Field("scale")!.Value.Refuse("must be 1, 10, 100, 1000, 10000, 100000 or 1000000: how many smallest units make one of the currency");
        if (node.Field("currency") is { } currency && (currency.Text() is not { Length: 3 } code || !code.All(char.IsAsciiLetterUpper)))
            currency.Refuse("must be the three capital letters of the currency, such as \"TWD\"");
        var decimalMark = OneCharacter(node.Field("decimalMark")) ?? '.';
        var groupMark = OneCharacter(node.Field("groupMark"));
        if (groupMark == decimalMark) node.Refuse("decimalMark and groupMark must differ");
        return (new NumberStyle(decimalMark, groupMark), scale);
    }

    private static char? OneCharacter(JsonNodeReader? node)
    {
        if (node is not { } given) return null;
        var text = given.Text();
        if (text.Length == 1 && !char.IsAsciiDigit(text[0]) && text[0] is not ('"' or '\r' or '\n' or '-' or '+')) return text[0];
        given.Refuse("must be one character that is no digit, sign, quote or line break");
        return null;
    }

    internal static List<Source> ReadSources(JsonNodeReader node)
    {
        var sources = new List<Source>();
        if (node.Element.ValueKind != JsonValueKind.Object)
        {
            node.Refuse("must be an object that names each source: { \"orders\": { \"file\": \"orders.csv\" } }");
            return sources;
        }
        foreach (var (name, field) in node.Properties())
        {
            if (sources.Exists(known => known.Name == name)) field.Refuse("stands twice; keep one");
            else sources.Add(ReadSource(name, field));
        }
        if (sources.Count == 0) node.Refuse("must name at least one source");
        return sources;
    }

    private static Source ReadSource(string name, JsonNodeReader node)
    {
        var empty = new Source(name, node.Path, "", SourceFormat.Csv, "utf-8", ',', null, null, null);
        if (!node.IsObject(MappingShape.Source.Required, MappingShape.Source.Optional)) return empty;
        node.Field("note")?.Text();
        if (node.Field("rows") is { } rows)
        {
            foreach (var other in MappingShape.Source.Optional)
                if (other is not ("rows" or "note")) node.Field(other)?.Refuse("does not go with rows; leave it out");
            return empty with { Rows = rows.Items().ConvertAll(ReadRow) };
        }
        if (node.Field("file") is null) node.Refuse("must have a file, or rows written here");
        var file = node.Field("file")?.Text() ?? "";
        if (node.Field("file") is { } given && !StaysInFolder(file)) given.Refuse("must be a path inside the data folder, without '..' and not absolute");
        var format = node.Field("format")?.Word("csv", "jsonl") is 1 ? SourceFormat.JsonLines : SourceFormat.Csv;
        if (format == SourceFormat.JsonLines)
        {
            node.Field("delimiter")?.Refuse("belongs to csv; leave it out");
            node.Field("columns")?.Refuse("belongs to csv; JSON Lines names its own fields");
        }
        else node.Field("each")?.Refuse("belongs to jsonl; leave it out");
        return new Source(
            name, node.Path, file, format, node.Field("encoding") is { } encoding ? Encodings[encoding.Word(Encodings)] : "utf-8",
            Delimiter(node.Field("delimiter")), node.Field("columns")?.Items().ConvertAll(column => column.Text()), node.Field("each")?.Text(), null);
    }

    private static char Delimiter(JsonNodeReader? node)
    {
        var delimiter = OneCharacter(node) ?? ',';
        if (!char.IsAscii(delimiter) || char.IsLetter(delimiter) || delimiter == '\0') node!.Value.Refuse("must be an ASCII character such as a comma, a semicolon, a tab (\"\\t\") or a bar");
        return delimiter;
    }

    private static bool StaysInFolder(string file) =>
        file.Length > 0 && !Path.IsPathRooted(file) && !file.Contains('\0', StringComparison.Ordinal) && !file.Contains(':', StringComparison.Ordinal)
        && !file.Split('/', '\\').Contains("..") && file.IndexOf('*', StringComparison.Ordinal) is var star && (star < 0 || star > file.LastIndexOfAny(['/', '\\']));

    private static Dictionary<string, string> ReadRow(JsonNodeReader node)
    {
        var row = new Dictionary<string, string>(StringComparer.Ordinal);
        if (node.Element.ValueKind != JsonValueKind.Object) node.Refuse("must be an object of texts, such as { \"staff\": \"A\" }");
        foreach (var (name, value) in node.Properties())
            if (!row.TryAdd(name, value.Text())) value.Refuse("stands twice; keep one");
        return row;
    }

    private static FactRule? ReadRule(JsonNodeReader node, ExpressionReader values)
    {
        if (node.Element.ValueKind != JsonValueKind.Object || node.Field("type") is not { } typeNode)
        {
            node.Refuse("must be an object with a type, such as { \"type\": \"sale\", … }");
            return null;
        }
        var words = Enum.GetValues<FactType>().Select(MappingShape.Word).ToArray();
        var type = (FactType)typeNode.Word(words);
        if (!words.Contains(typeNode.Element.ToString())) return null;
        var shape = MappingShape.Rule(type);
        node.IsObject(shape.Required, shape.Optional);
        var (source, joins, where) = ReadRows(node);
        var fields = ReadFields(node, MappingShape.FieldsOf(type), values);
        Dictionary<string, Expression> lineFields = [];
        if (node.Field("lines") is { } lines && MappingShape.LinesOf(type) is { Length: > 0 } inLine)
        {
            var lineShape = MappingShape.LinesShape(type);
            if (lines.IsObject(lineShape.Required, lineShape.Optional)) lineFields = ReadFields(lines, inLine, values);
        }
        return new FactRule(node.Path, type, source, joins, where, fields, lineFields);
    }

    internal static Dictionary<string, Expression> ReadFields(JsonNodeReader node, FactField[] fields, ExpressionReader values)
    {
        var read = new Dictionary<string, Expression>(StringComparer.Ordinal);
        foreach (var field in fields)
            if (node.Field(field.Name) is { } value && values.Read(value, field.Kind) is { } expression) read.Add(field.Name, expression);
        return read;
    }

    private static NameRule? ReadNames(JsonNodeReader? given, ExpressionReader values)
    {
        if (given is not { } node || !node.IsObject(MappingShape.NameRule.Required, MappingShape.NameRule.Optional)) return null;
        var (source, joins, where) = ReadRows(node);
        var id = node.Field("id") is { } idNode ? values.Read(idNode, FieldKind.Id) : null;
        var name = node.Field("name") is { } nameNode ? values.Read(nameNode, FieldKind.Text) : null;
        return id is null || name is null ? null : new NameRule(node.Path, source, joins, where, id, name);
    }

    internal static (string Source, List<Join> Joins, List<Condition> Where) ReadRows(JsonNodeReader node)
    {
        node.Field("note")?.Text();
        return (node.Field("source")?.Text() ?? "",
            node.Field("joins")?.Items().ConvertAll(ReadJoin) ?? [],
            node.Field("where")?.Items().ConvertAll(ExpressionReader.ReadCondition) ?? []);
    }

    private static Join ReadJoin(JsonNodeReader node)
    {
        if (!node.IsObject(MappingShape.Join.Required, MappingShape.Join.Optional)) return new Join(node.Path, "", "", [], WhenMissing.Reject);
        var source = node.Field("source")?.Text() ?? "";
        var keys = new List<JoinKey>();
        if (node.Field("on") is { } on)
        {
            if (on.Element.ValueKind != JsonValueKind.Object || on.Properties().Count == 0)
                on.Refuse("must name the columns that match: { \"column of this row\": \"column of the joined source\" }");
            foreach (var (left, right) in on.Properties()) keys.Add(new JoinKey(left, right.Text()));
        }
        var alias = node.Field("as")?.Text() ?? source;
        if (alias.Length == 0 || alias.Contains('.', StringComparison.Ordinal)) (node.Field("as") ?? node).Refuse("must be called by a name without a dot; add \"as\"");
        return new Join(node.Path, source, alias, keys, (WhenMissing)(node.Field("missing")?.Word("reject", "skip", "empty") ?? 0));
    }

    internal static void CheckReferences(IReadOnlyList<Source> sources, IEnumerable<RowRule?> rules, List<Fault> faults)
    {
        var known = string.Join(", ", sources.Select(s => $"\"{s.Name}\""));
        foreach (var rule in rules.OfType<RowRule>())
        {
            Check(rule.Source, rule.Path + ".source");
            foreach (var join in rule.Joins)
            {
                Check(join.Source, join.Path + ".source");
                var notYet = rule.Joins.SkipWhile(other => other != join).Select(other => other.As + ".").ToArray();
                foreach (var key in join.On)
                    if (notYet.Any(alias => key.Left.StartsWith(alias, StringComparison.Ordinal)))
                        faults.Add(new Fault($"\"{key.Left}\" is a column of a join that comes no earlier; put that join before this one", Path: join.Path + ".on"));
                if (rule.Joins.Count(other => other.As == join.As) > 1)
                    faults.Add(new Fault($"two joins are called \"{join.As}\"; give one of them another name with \"as\"", Path: join.Path));
            }
        }

        void Check(string source, string path)
        {
            if (!sources.Any(s => s.Name == source)) faults.Add(new Fault($"\"{source}\" is not among the sources ({known}); name one of them or add it", Path: path));
        }
    }
}
