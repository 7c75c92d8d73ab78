using System.Buffers;
using System.Text;
using System.Text.Json;
using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral;

/// <summary>
/// Reads facts from lines of JSON (R1). Checks form only: fields, types, ranges, ids; what a fact says of others is
/// checked by <see cref="FactLog"/> and <see cref="Replay"/>. Keeps one string for each id that comes again and again
/// (staff, stores, kinds; not members, of whom there are too many to look up faster than to copy), so it is for one thread.
/// </summary>
public sealed class FactReader
{
    /// <summary>Longest line taken, in bytes: a sale of several thousand lines fits.</summary>
    public const int MaxLineBytes = 1 << 20;

    private readonly InternedTexts _texts = new();
    private readonly List<RawLine> _lines = [];

    /// <summary>Reads one line without its line break. On false, <paramref name="fault"/> says what to mend.</summary>
    public bool TryRead(ReadOnlySpan<byte> json, int lineNumber, out Fact fact, out Fault fault)
    {
        fact = null!;
        fault = null!;
        try
        {
            if (json.Length > MaxLineBytes)
                throw new JsonException($"the line is {json.Length:N0} bytes long; a fact may have {MaxLineBytes:N0}. Put each fact on a line of its own");
            fact = Read(json, lineNumber);
            return true;
        }
        catch (JsonException e)
        {
            fault = new Fault(e.BytePositionInLine is null ? e.Message : MalformedJson(json, e), lineNumber);
            return false;
        }
    }

    private static string MalformedJson(ReadOnlySpan<byte> json, JsonException e) =>
        System.Text.Unicode.Utf8.IsValid(json) && !json.Contains((byte)0)
            ? $"not valid JSON at byte {e.BytePositionInLine + 1}: write exactly one JSON object on each line"
            : "not valid UTF-8: save the file as UTF-8";

    private Fact Read(ReadOnlySpan<byte> json, int lineNumber)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("write one JSON object on each line, such as {\"type\": …}");

        var raw = default(RawFact);
        _lines.Clear();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var field = FactFields.Named(ref reader);
            if ((raw.Seen & field) != 0) throw new JsonException($"'{FactFields.NameOf(field)}' stands twice; keep one");
            raw.Seen |= field;
            reader.Read();
            ReadField(ref reader, field, ref raw);
        }
        reader.Read();
        return FactForm.Build(in raw, _lines, lineNumber);
    }

    private void ReadField(ref Utf8JsonReader reader, FactField field, ref RawFact raw)
    {
        switch (field)
        {
            case FactField.Lines: ReadLines(ref reader); break;
            case FactField.At: raw.At = ReadInstant(ref reader); break;
            case FactField.Id: raw.Id = ReadId(ref reader, "id", unique: true); break;
            case FactField.Sale: raw.Sale = ReadId(ref reader, "sale", unique: true); break;
            case FactField.Fact: raw.Fact = ReadId(ref reader, "fact", unique: true); break;
            case FactField.Type: raw.Type = ReadWord(ref reader, "type"); break;
            case FactField.Event: raw.Event = ReadWord(ref reader, "event"); break;
            case FactField.Channel: raw.Channel = ReadWord(ref reader, "channel"); break;
            case FactField.Staff: raw.Staff = ReadId(ref reader, "staff"); break;
            case FactField.Store: raw.Store = ReadId(ref reader, "store"); break;
            case FactField.Grade: raw.Grade = ReadId(ref reader, "grade"); break;
            case FactField.Code: raw.Code = ReadId(ref reader, "code"); break;
            case FactField.Member: raw.Member = ReadId(ref reader, "member", unique: true); break;
            case FactField.From: raw.From = ReadId(ref reader, "from", unique: true); break;
            case FactField.Into: raw.Into = ReadId(ref reader, "into", unique: true); break;
            case FactField.Kind: raw.Kind = ReadId(ref reader, "kind"); break;
            default: throw new InvalidOperationException($"field {field} has no reader");
        }
    }

    private void ReadLines(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("'lines' must be a list, such as [{\"line\": 1, …}]");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException($"'lines[{_lines.Count}]' must be an object");
            var line = default(RawLine);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var field = FactFields.NamedInLine(ref reader, _lines.Count);
                if ((line.Seen & field) != 0) throw new JsonException($"'lines[{_lines.Count}].{FactFields.NameOf(field)}' stands twice; keep one");
                line.Seen |= field;
                reader.Read();
                switch (field)
                {
                    case LineField.Line: line.Line = ReadWhole(ref reader, "line", 1, long.MaxValue); break;
                    case LineField.Quantity: line.Quantity = (int)ReadWhole(ref reader, "quantity", 1, FactForm.MaxQuantity); break;
                    case LineField.Net: line.Net = ReadWhole(ref reader, "net", 0, FactForm.MaxNet); break;
                    case LineField.Amount: line.Amount = ReadWhole(ref reader, "amount", 1, long.MaxValue); break;
                    case LineField.Category: line.Category = ReadId(ref reader, "category"); break;
                    case LineField.Staff: line.Staff = ReadId(ref reader, "staff"); break;
                    default: line.Fulfil = ReadWord(ref reader, "fulfil"); break;
                }
            }
            _lines.Add(line);
        }
    }

    private long ReadWhole(ref Utf8JsonReader reader, string field, long min, long max)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            if (reader.ValueSpan.IndexOfAny("eE."u8) >= 0)
                throw new JsonException($"'lines[{_lines.Count}].{field}' must be written without fraction or exponent");
            if (reader.TryGetInt64(out var value) && value >= min && value <= max) return value;
        }
        throw new JsonException($"'lines[{_lines.Count}].{field}' must be a whole number from {min} to {max}");
    }

    private static Instant ReadInstant(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String
            && (reader.ValueIsEscaped ? TryReadEscaped(ref reader, out var instant) : Instant.TryParse(reader.ValueSpan, out instant)))
            return instant;
        throw new JsonException("'at' must be a time with offset as RFC 3339 writes it, such as 2026-01-05T12:00:00+08:00");
    }

    private static bool TryReadEscaped(ref Utf8JsonReader reader, out Instant instant)
    {
        var unescaped = new byte[reader.ValueSpan.Length];
        try
        {
            return Instant.TryParse(unescaped.AsSpan(0, reader.CopyString(unescaped)), out instant);
        }
        catch (InvalidOperationException)
        {
            // Half a character (a lone surrogate): no time either.
            instant = default;
            return false;
        }
    }

    private string ReadWord(ref Utf8JsonReader reader, string field)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException($"'{field}' must be a text");
        return ReadText(ref reader, field, unique: false);
    }

    private string ReadId(ref Utf8JsonReader reader, string field, bool unique = false)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            if (!reader.ValueIsEscaped && FactForm.IsPlainId(reader.ValueSpan))
                return unique ? Encoding.ASCII.GetString(reader.ValueSpan) : _texts.Of(reader.ValueSpan);
            var text = ReadText(ref reader, field, unique);
            if (FactForm.IsId(text)) return text;
        }
        throw new JsonException($"'{field}' must be a text of 1 to 100 characters without white space, comma, quotation mark, control character or emoji");
    }

    private string ReadText(ref Utf8JsonReader reader, string field, bool unique)
    {
        if (!reader.ValueIsEscaped && Ascii.IsValid(reader.ValueSpan))
            return unique ? Encoding.ASCII.GetString(reader.ValueSpan) : _texts.Of(reader.ValueSpan);
        try
        {
            return _texts.Of(reader.GetString()!);
        }
        catch (InvalidOperationException)
        {
            throw new JsonException($"'{field}' is not valid UTF-8: save the file as UTF-8");
        }
    }
}

/// <summary>One string for each repeated text, found by its bytes without making a string first.</summary>
internal sealed class InternedTexts
{
    private readonly HashSet<string> _texts = new(new ByAscii());
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;

    public InternedTexts() => _byBytes = _texts.GetAlternateLookup<ReadOnlySpan<byte>>();

    public string Of(ReadOnlySpan<byte> ascii)
    {
        if (_byBytes.TryGetValue(ascii, out var known)) return known;
        _byBytes.Add(ascii);
        return _byBytes.TryGetValue(ascii, out known) ? known : Encoding.ASCII.GetString(ascii);
    }

    public string Of(string text)
    {
        if (_texts.TryGetValue(text, out var known)) return known;
        _texts.Add(text);
        return text;
    }

    private sealed class ByAscii : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
    {
        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);
        public bool Equals(ReadOnlySpan<byte> alternate, string other) => Ascii.Equals(alternate, other);
        public string Create(ReadOnlySpan<byte> alternate) => Encoding.ASCII.GetString(alternate);

        public int GetHashCode(string obj)
        {
            var hash = 2166136261u;
            foreach (var c in obj) hash = unchecked((hash ^ c) * 16777619u);
            return unchecked((int)hash);
        }

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = 2166136261u;
            foreach (var c in alternate) hash = unchecked((hash ^ c) * 16777619u);
            return unchecked((int)hash);
        }
    }
}
