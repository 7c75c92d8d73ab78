using System.Text;
using System.Text.Json;

namespace Tokamak.App.Intake;

/// <summary>
/// Reads one JSON Lines file. A column names a field, with dots into nested objects (<c>customer.id</c>); with
/// <c>each</c> every element of that list is a row of its own, beside the fields around it.
/// </summary>
internal sealed class JsonRows(string file, Source source, NeededColumns needed, Rejects rejects)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly string[] _names = [.. needed.Names];
    private readonly string? _eachPrefix = source.Each is null ? null : source.Each + ".";

    public IEnumerable<SourceRow> Read(Func<TextReader> open)
    {
        using var text = open();
        var lines = new BoundedLines(text);
        while (lines.Next())
        {
            var place = new RowPlace(file, lines.Number);
            if (lines.TooLong) rejects.Add(place, "", $"a line of more than {CsvRows.MaxRecord:N0} characters; put each record on a line of its own");
            else if (!string.IsNullOrWhiteSpace(lines.Text))
                foreach (var cells in RowsOf(lines.Text, place))
                    yield return new SourceRow(place, cells);
        }
    }

    private List<string[]> RowsOf(string line, RowPlace place)
    {
        var rows = new List<string[]>();
        try
        {
            using var document = JsonDocument.Parse(line, Strict);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) rejects.Add(place, "", "is no JSON object; write one object a line");
            else if (source.Each is null) Add(rows, place, root, default);
            else if (Find(root, source.Each) is { ValueKind: JsonValueKind.Array } list)
                foreach (var element in list.EnumerateArray()) Add(rows, place, root, element);
        }
        catch (JsonException e)
        {
            rejects.Add(place, "", e.BytePositionInLine is { } at ? $"is no valid JSON at byte {at + 1}" : "names a field twice");
        }
        catch (InvalidOperationException)
        {
            rejects.Add(place, "", "holds half a character (a lone surrogate)");
        }
        return rows;
    }

    private void Add(List<string[]> rows, RowPlace place, JsonElement root, JsonElement element)
    {
        var cells = new string[_names.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            var name = _names[i];
            var found = _eachPrefix is not null && name.StartsWith(_eachPrefix, StringComparison.Ordinal)
                ? Find(element, name[_eachPrefix.Length..])
                : Find(root, name);
            if (found is not null) needed.Saw(name);
            if (found is { ValueKind: JsonValueKind.Object or JsonValueKind.Array })
            {
                rejects.Add(place, name, "is an object or a list; name a field inside it, or the list as \"each\"");
                return;
            }
            cells[i] = TextOf(found);
            if (!cells[i].Contains('\uFFFD', StringComparison.Ordinal)) continue;
            rejects.Add(place, name, $"has bytes that are not {source.Encoding}; name the file's \"encoding\" in the mapping, or mend the row");
            return;
        }
        rows.Add(cells);
    }

    private static string TextOf(JsonElement? found) => found switch
    {
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => "",
        { ValueKind: JsonValueKind.String } text => text.GetString()!.Trim(),
        { ValueKind: JsonValueKind.True } => "true",
        { ValueKind: JsonValueKind.False } => "false",
        { } number => number.GetRawText(),
    };

    private static JsonElement? Find(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object) return null;
        if (element.TryGetProperty(name, out var found)) return found;
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && element.TryGetProperty(name[..dot], out var inner) ? Find(inner, name[(dot + 1)..]) : null;
    }

    /// <summary>Lines of at most a given length; the rest of a longer one is skipped, not kept.</summary>
    private sealed class BoundedLines(TextReader text)
    {
        private readonly char[] _buffer = new char[1 << 16];
        private readonly StringBuilder _line = new();
        private int _at, _end;

        public int Number { get; private set; }
        public bool TooLong { get; private set; }
        public string Text { get; private set; } = "";

        public bool Next()
        {
            _line.Clear();
            TooLong = false;
            while (true)
            {
                if (_at == _end && (_end = text.Read(_buffer, _at = 0, _buffer.Length)) == 0)
                {
                    if (_line.Length == 0 && !TooLong) return false;
                    break;
                }
                var rest = _buffer.AsSpan(_at, _end - _at);
                var feed = rest.IndexOf('\n');
                var part = feed < 0 ? rest : rest[..feed];
                if (_line.Length + part.Length > CsvRows.MaxRecord) TooLong = true;
                else if (!TooLong) _line.Append(part);
                _at += part.Length + (feed < 0 ? 0 : 1);
                if (feed >= 0) break;
            }
            Number++;
            Text = TooLong ? "" : _line.ToString();
            return true;
        }
    }
}
