using System.Text.Json;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.Core.Referral;

[Flags]
internal enum FactField
{
    None = 0, Type = 1, Id = 2, At = 4, Staff = 8, Event = 16, Store = 32, Grade = 64, Code = 128, Member = 256, From = 512,
    Into = 1024, Kind = 2048, Channel = 4096, Sale = 8192, Fact = 16384, Lines = 32768,
}

[Flags]
internal enum LineField { None = 0, Line = 1, Category = 2, Quantity = 4, Net = 8, Fulfil = 16, Staff = 32, Amount = 64 }

/// <summary>The fields of one JSON object as read, before the type says which belong there.</summary>
internal struct RawFact
{
    public FactField Seen;
    public string Type, Id, Event, Staff, Store, Grade, Code, Member, From, Into, Kind, Channel, Sale, Fact;
    public Instant At;
}

internal struct RawLine
{
    public LineField Seen;
    public long Line, Net, Amount;
    public int Quantity;
    public string Category, Fulfil, Staff;
}

/// <summary>Names of the fields of R1's table.</summary>
internal static class FactFields
{
    private static readonly FieldNames<FactField> Fields = new(NameOf);
    private static readonly FieldNames<LineField> LineFields = new(NameOf);

    public static string NameOf(FactField field) => field.ToString().ToLowerInvariant();
    public static string NameOf(LineField field) => field.ToString().ToLowerInvariant();

    public static FactField Named(ref Utf8JsonReader reader) =>
        Fields.Find(ref reader) is var field and not FactField.None ? field : throw new JsonException($"'{Shown(ref reader)}' is no field of a fact; leave it out");

    public static LineField NamedInLine(ref Utf8JsonReader reader, int index) =>
        LineFields.Find(ref reader) is var field and not LineField.None
            ? field
            : throw new JsonException($"'lines[{index}].{Shown(ref reader)}' is no field of a line; leave it out");

    private static string Shown(ref Utf8JsonReader reader)
    {
        var name = System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
        return name.Length <= 40 ? name : name[..40] + "…";
    }
}

/// <summary>
/// Finds a field by its name with one comparison: length, first and last letter tell all names apart (checked when the
/// table is made). Millions of lines have a dozen names each.
/// </summary>
internal sealed class FieldNames<TField> where TField : struct, Enum
{
    private const int Slots = 64;
    private readonly (byte[] Name, TField Field)[] _slots = new (byte[], TField)[Slots];

    public FieldNames(Func<TField, string> nameOf)
    {
        foreach (var field in Enum.GetValues<TField>())
        {
            if (EqualityComparer<TField>.Default.Equals(field, default)) continue;
            var name = System.Text.Encoding.ASCII.GetBytes(nameOf(field));
            ref var slot = ref _slots[SlotOf(name)];
            if (slot.Name is not null) throw new InvalidOperationException($"{nameOf(field)} falls together with another name; mix its letters differently");
            slot = (name, field);
        }
    }

    /// <summary>The field, or the default for none.</summary>
    public TField Find(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped || reader.ValueSpan.IsEmpty) return FindEscaped(ref reader);
        ref readonly var slot = ref _slots[SlotOf(reader.ValueSpan)];
        return slot.Name is not null && reader.ValueSpan.SequenceEqual(slot.Name) ? slot.Field : default;
    }

    private TField FindEscaped(ref Utf8JsonReader reader)
    {
        RefuseHalfCharacters(ref reader);
        foreach (var (name, field) in _slots)
            if (name is not null && reader.ValueTextEquals(name)) return field;
        return default;
    }

    // An escaped name is compared by its characters, which System.Text.Json cannot do with a lone surrogate.
    private static void RefuseHalfCharacters(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped) return;
        try
        {
            reader.GetString();
        }
        catch (InvalidOperationException)
        {
            throw new JsonException("a field's name holds half a character (a lone surrogate); write it anew");
        }
    }

    private static int SlotOf(ReadOnlySpan<byte> name) => (name.Length + (name[0] * 2) + (name[^1] * 4)) % Slots;
}

/// <summary>What R1 says of one fact by itself: which fields each type takes, ids, ranges, lines.</summary>
public static class FactForm
{
    public const long MaxNet = 1_000_000_000_000_000;
    public const int MaxQuantity = 1_000_000;
    public const int MaxIdLength = 100;
    private const FactField Always = FactField.Type | FactField.Id | FactField.At;
    private const LineField Units = LineField.Line | LineField.Quantity;
    private const LineField Sold = Units | LineField.Category | LineField.Net | LineField.Fulfil;

    /// <summary>Is this text an id (R1)?</summary>
    public static bool IsId(string text)
    {
        if (text.Length is 0 or > MaxIdLength) return false;
        foreach (var c in text)
            if (char.IsWhiteSpace(c) || char.IsControl(c) || char.IsSurrogate(c) || c is ',' or '"') return false;
        return true;
    }

    internal static bool IsPlainId(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > MaxIdLength) return false;
        foreach (var c in text)
            if (c is <= (byte)' ' or >= 0x7f or (byte)',' or (byte)'"') return false;
        return true;
    }

    internal static Fact Build(in RawFact raw, List<RawLine> lines, int lineNumber)
    {
        if ((raw.Seen & FactField.Type) == 0) throw new JsonException("'type' is missing; it says what kind of fact the line is");
        return raw.Type switch
        {
            "staff" => Staff(in raw, lineNumber),
            "merge" => Merge(in raw, lineNumber),
            "service" => Service(in raw, lineNumber),
            "sale" => Sale(in raw, lines, lineNumber),
            "handover" => Handover(in raw, lines, lineNumber),
            "cancel" => Cancel(in raw, lines, lineNumber),
            "refund" => Refund(in raw, lines, lineNumber),
            "return" => Return(in raw, lines, lineNumber),
            "void" => Void(in raw, lineNumber),
            _ => throw new JsonException("'type' must be staff, merge, service, sale, handover, cancel, refund, return or void"),
        };
    }

    private static StaffFact Staff(in RawFact raw, int lineNumber)
    {
        var (happened, required, optional) = raw.Event switch
        {
            "joined" => (StaffEvent.Joined, FactField.Store, FactField.Grade | FactField.Code | FactField.Member),
            "moved" => (StaffEvent.Moved, FactField.Store, FactField.Grade),
            "left" => (StaffEvent.Left, FactField.None, FactField.None),
            _ => throw new JsonException("'event' must be joined, moved or left"),
        };
        Check(in raw, FactField.Staff | FactField.Event | required, optional);
        return new StaffFact(new(raw.Id), raw.At, lineNumber, new(raw.Staff), happened, StoreOf(in raw), raw.Grade, raw.Code, MemberOf(in raw));
    }

    private static MergeFact Merge(in RawFact raw, int lineNumber)
    {
        Check(in raw, FactField.From | FactField.Into, FactField.None);
        return new MergeFact(new(raw.Id), raw.At, lineNumber, new(raw.From), new(raw.Into));
    }

    private static ServiceFact Service(in RawFact raw, int lineNumber)
    {
        Check(in raw, FactField.Member | FactField.Kind | FactField.Store, FactField.Staff);
        return new ServiceFact(new(raw.Id), raw.At, lineNumber, new(raw.Member), raw.Kind, StoreOf(in raw)!.Value, StaffOf(in raw));
    }

    private static SaleFact Sale(in RawFact raw, List<RawLine> lines, int lineNumber)
    {
        var channel = raw.Channel switch
        {
            "store" => Channel.Store,
            "online" => Channel.Online,
            _ => throw new JsonException("'channel' must be store or online"),
        };
        Check(in raw, FactField.Channel | FactField.Lines | (channel == Channel.Store ? FactField.Store : FactField.None), FactField.Member | FactField.Staff | FactField.Code);
        CheckLines(lines, Sold, LineField.Staff);
        var sold = new SaleLine[lines.Count];
        for (var i = 0; i < sold.Length; i++)
        {
            var line = lines[i];
            var fulfil = line.Fulfil switch
            {
                "taken" => Fulfil.Taken,
                "pickup" => Fulfil.Pickup,
                "ship" => Fulfil.Ship,
                _ => throw new JsonException($"'lines[{i}].fulfil' must be taken, pickup or ship"),
            };
            sold[i] = new SaleLine(line.Line, line.Category, line.Quantity, line.Net, fulfil, line.Staff is null ? null : new StaffId(line.Staff));
        }
        return new SaleFact(new(raw.Id), raw.At, lineNumber, channel, StoreOf(in raw), MemberOf(in raw), StaffOf(in raw), raw.Code, sold);
    }

    private static HandoverFact Handover(in RawFact raw, List<RawLine> lines, int lineNumber)
    {
        Check(in raw, FactField.Sale | FactField.Lines, FactField.Store | FactField.Staff);
        return new HandoverFact(new(raw.Id), raw.At, lineNumber, new(raw.Sale), StoreOf(in raw), StaffOf(in raw), Changes(lines, Units, LineField.None));
    }

    private static CancelFact Cancel(in RawFact raw, List<RawLine> lines, int lineNumber)
    {
        Check(in raw, FactField.Sale | FactField.Lines, FactField.None);
        return new CancelFact(new(raw.Id), raw.At, lineNumber, new(raw.Sale), Changes(lines, Units, LineField.None));
    }

    private static RefundFact Refund(in RawFact raw, List<RawLine> lines, int lineNumber)
    {
        Check(in raw, FactField.Sale | FactField.Lines, FactField.None);
        return new RefundFact(new(raw.Id), raw.At, lineNumber, new(raw.Sale), Changes(lines, LineField.Line | LineField.Amount, LineField.None));
    }

    private static ReturnFact Return(in RawFact raw, List<RawLine> lines, int lineNumber)
    {
        Check(in raw, FactField.Sale | FactField.Lines, FactField.None);
        return new ReturnFact(new(raw.Id), raw.At, lineNumber, new(raw.Sale), Changes(lines, Units, LineField.Amount));
    }

    private static VoidFact Void(in RawFact raw, int lineNumber)
    {
        Check(in raw, FactField.Fact, FactField.None);
        return new VoidFact(new(raw.Id), raw.At, lineNumber, new(raw.Fact));
    }

    private static LineChange[] Changes(List<RawLine> lines, LineField required, LineField optional)
    {
        CheckLines(lines, required, optional);
        var changes = new LineChange[lines.Count];
        for (var i = 0; i < changes.Length; i++)
            changes[i] = new LineChange(lines[i].Line, lines[i].Quantity, (lines[i].Seen & LineField.Amount) != 0 ? lines[i].Amount : null);
        return changes;
    }

    private static void Check(in RawFact raw, FactField required, FactField optional)
    {
        required |= Always;
        var missing = required & ~raw.Seen;
        if (missing != 0) throw new JsonException($"{Listed(missing)} missing in a fact of type {raw.Type}; add it");
        var extra = raw.Seen & ~(required | optional);
        if (extra != 0) throw new JsonException($"{Listed(extra)} not part of a fact of type {raw.Type}{(raw.Event ?? raw.Channel) switch { null => "", var kind => $" ({kind})" }}; leave it out");
        if (raw.Store == StoreId.Online.Value) throw new JsonException("no store may be called 'online'; leave the store out of an online sale, or rename the store");
        if (raw.Id is "vest" or "pay") throw new JsonException($"no fact may have the id '{raw.Id}'; it names postings of our own. Give the fact another id");
    }

    private static void CheckLines(List<RawLine> lines, LineField required, LineField optional)
    {
        if (lines.Count == 0) throw new JsonException("'lines' must name at least one line");
        var many = lines.Count > 16 ? new HashSet<long>() : null;
        for (var i = 0; i < lines.Count; i++)
        {
            var missing = required & ~lines[i].Seen;
            if (missing != 0) throw new JsonException($"'lines[{i}]' lacks {missing.ToString().ToLowerInvariant()}; add it");
            var extra = lines[i].Seen & ~(required | optional);
            if (extra != 0) throw new JsonException($"'lines[{i}]' has {extra.ToString().ToLowerInvariant()}, which does not belong there; leave it out");
            if (many is null ? NamedBefore(lines, i) : !many.Add(lines[i].Line))
                throw new JsonException($"'lines[{i}]' names line {lines[i].Line} a second time; name each line once");
        }
    }

    private static bool NamedBefore(List<RawLine> lines, int index)
    {
        for (var i = 0; i < index; i++)
            if (lines[i].Line == lines[index].Line) return true;
        return false;
    }

    private static string Listed(FactField fields)
    {
        var names = string.Join(", ", Enum.GetValues<FactField>().Where(f => f != FactField.None && (fields & f) != 0).Select(f => $"'{FactFields.NameOf(f)}'"));
        return names + (names.Contains(',', StringComparison.Ordinal) ? " are" : " is");
    }

    private static StoreId? StoreOf(in RawFact raw) => raw.Store is null ? null : new StoreId(raw.Store);
    private static StaffId? StaffOf(in RawFact raw) => raw.Staff is null ? null : new StaffId(raw.Staff);
    private static MemberId? MemberOf(in RawFact raw) => raw.Member is null ? null : new MemberId(raw.Member);
}
