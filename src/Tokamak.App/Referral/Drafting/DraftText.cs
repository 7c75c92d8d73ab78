using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tokamak.App.Web;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Drafting;

/// <summary>What every draft of a brand shares.</summary>
/// <param name="Last">The latest version there is; null for a brand without a policy.</param>
/// <param name="Earliest">The first day that a new version may begin on; null: any.</param>
/// <param name="Decimals">Of the currency, as amounts are typed.</param>
/// <param name="Latest">The last day that a new version may begin on; null: any.</param>
public sealed record DraftFrame(PolicyVersion? Last, DateOnly? Earliest, int Decimals, DateOnly? Latest = null)
{
    /// <summary>The number of the next version.</summary>
    public int Next => (Last?.Version ?? 0) + 1;
}

/// <summary>
/// A form as the JSON of a policy and back. What cannot be read as a number is written as the text that was typed: <see cref="PolicyReader"/>
/// then names the fault by its path, and the form gets the text back.
/// </summary>
public static class DraftText
{
    private const int RateDecimals = 2;
    private static readonly JsonWriterOptions Plainly = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(DraftForm form, DraftFrame frame)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Plainly)) Write(json, form, frame);
        return bytes.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, DraftForm form, DraftFrame frame)
    {
        json.WriteStartObject();
        json.WriteString("policy", "referral");
        json.WriteNumber("version", frame.Next);
        Text(json, "effectiveFrom", form.From);
        Text(json, "timezone", frame.Last?.Timezone ?? form.Timezone);
        Text(json, "currency", frame.Last?.Currency ?? form.Currency);
        List(json, "services", form.Services, row =>
        {
            Text(json, "kind", row.Kind);
            Number(json, "strength", row.Strength);
            Number(json, "lockDays", row.LockDays);
            Number(json, "lifeDays", row.LifeDays);
            json.WriteBoolean("renews", row.Renews);
        });
        Text(json, "takeover", form.Takeover);
        Text(json, "staffMoves", form.StaffMoves);
        Text(json, "staffLeaves", form.StaffLeaves);
        List(json, "decay", form.Decay, row =>
        {
            Number(json, "days", row.Days);
            Number(json, "percent", row.Percent);
        });
        Number(json, "linkDays", form.LinkDays);
        Text(json, "selfPurchase", form.SelfPurchase);
        List(json, "split", [.. Splits(form)], split => Split(json, split.Channel, split.Fields));
        List(json, "rates", form.Rates, row => Rate(json, row, frame.Decimals));
        if (form.BandMode is { Length: > 0 } mode)
        {
            json.WriteStartObject("bands");
            json.WriteString("mode", mode);
            List(json, "steps", form.Bands, row =>
            {
                Number(json, "from", row.From, frame.Decimals);
                Number(json, "percent", row.Percent);
            });
            json.WriteEndObject();
        }
        NumberIfAny(json, "capPerMonth", form.Cap, frame.Decimals);
        Number(json, "staffPercent", form.StaffPercent);
        List(json, "bounties", form.Bounties, row => Bounty(json, row, frame.Decimals));
        json.WriteStartObject("holdDays");
        Number(json, "store", form.HoldStore);
        Number(json, "online", form.HoldOnline);
        json.WriteEndObject();
        Number(json, "clawbackDays", form.Clawback);
        json.WriteEndObject();
    }

    /// <summary>The rules that are written, in their order: places of <c>$.split</c> are places of this.</summary>
    public static IEnumerable<(string Channel, SplitFields Fields)> Splits(DraftForm form) =>
        new[] { ("store", form.Store), ("online", form.Online) }.Where(split => !split.Item2.IsNone);

    private static void Split(Utf8JsonWriter json, string channel, SplitFields fields)
    {
        json.WriteString("channel", channel);
        json.WriteStartArray("closer");
        foreach (var source in fields.Sources) json.WriteStringValue(source);
        json.WriteEndArray();
        json.WriteStartObject("shares");
        Number(json, "owner", fields.Owner);
        Number(json, "closer", fields.Closer);
        Number(json, "handover", fields.Handover);
        json.WriteEndObject();
    }

    private static void Rate(Utf8JsonWriter json, RateFields row, int decimals)
    {
        Text(json, "role", row.Role);
        if (!string.IsNullOrWhiteSpace(row.Grade)) Text(json, "grade", row.Grade);
        Number(json, "rate", row.Rate, RateDecimals);
        var lines = (row.Categories ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length > 0)
        {
            json.WriteStartObject("categories");
            foreach (var line in lines)
            {
                // The last gap parts the id from its rate; without one there is no rate, which is a fault of it.
                var gap = line.LastIndexOfAny([' ', '\t', '\u3000', ':', '：']);
                Number(json, Clean(gap < 0 ? line : line[..gap].TrimEnd(' ', '\t', '\u3000', ':', '：')), gap < 0 ? "" : line[(gap + 1)..], RateDecimals);
            }
            json.WriteEndObject();
        }
        NumberIfAny(json, "perHandover", row.PerHandover, decimals);
        NumberIfAny(json, "perHandoverMinNet", row.MinNet, decimals);
    }

    private static void Bounty(Utf8JsonWriter json, BountyFields row, int decimals)
    {
        Text(json, "service", row.Kind);
        Number(json, "amount", row.Amount, decimals);
        if (row.Once) json.WriteString("oncePer", "member");
        json.WriteBoolean("bound", row.Bound);
        NumberIfAny(json, "requiresPurchaseWithinDays", row.WithinDays, 0);
        NumberIfAny(json, "minNet", row.MinNet, decimals);
    }

    private static void Text(Utf8JsonWriter json, string name, string? typed) => json.WriteString(name, Clean(typed?.Trim() ?? ""));

    private static void NumberIfAny(Utf8JsonWriter json, string name, string? typed, int decimals)
    {
        if (!string.IsNullOrWhiteSpace(typed)) Number(json, name, typed, decimals);
    }

    private static void Number(Utf8JsonWriter json, string name, string? typed, int decimals = 0)
    {
        if (TypedNumber.TryRead(typed, decimals, out var value)) json.WriteNumber(name, value);
        else Text(json, name, typed);
    }

    /// <summary>Half a character cannot be written as JSON, and no database keeps a zero.</summary>
    private static string Clean(string text) => string.Concat(text.EnumerateRunes()).Replace("\0", "", StringComparison.Ordinal);

    private static void List<TRow>(Utf8JsonWriter json, string name, IReadOnlyList<TRow> rows, Action<TRow> write)
    {
        json.WriteStartArray(name);
        foreach (var row in rows)
        {
            json.WriteStartObject();
            write(row);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>A form filled from a version's JSON, or from what <see cref="Write(DraftForm, DraftFrame)"/> made of one with faults.</summary>
    public static DraftForm Read(string body, int decimals)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        var form = new DraftForm
        {
            From = Said(root, "effectiveFrom"), Timezone = Said(root, "timezone"), Currency = Said(root, "currency"),
            Takeover = Said(root, "takeover"), StaffMoves = Said(root, "staffMoves"), StaffLeaves = Said(root, "staffLeaves"),
            Services =
            [
                .. Rows(root, "services").Select(row => new ServiceFields
                {
                    Kind = Said(row, "kind"), Strength = Said(row, "strength"), LockDays = Said(row, "lockDays"), LifeDays = Said(row, "lifeDays"), Renews = IsTrue(row, "renews", absent: true),
                }),
            ],
            Decay = [.. Rows(root, "decay").Select(row => new DecayFields { Days = Said(row, "days"), Percent = Said(row, "percent") })],
            LinkDays = Said(root, "linkDays"), SelfPurchase = Said(root, "selfPurchase"),
            Store = SplitOf(root, "store"), Online = SplitOf(root, "online"),
            Rates = [.. Rows(root, "rates").Select(row => RateOf(row, decimals))],
            Cap = Said(root, "capPerMonth", decimals), StaffPercent = Said(root, "staffPercent"),
            Bounties =
            [
                .. Rows(root, "bounties").Select(row => new BountyFields
                {
                    Kind = Said(row, "service"), Amount = Said(row, "amount", decimals), Once = Said(row, "oncePer").Length > 0, Bound = IsTrue(row, "bound", absent: false),
                    WithinDays = Said(row, "requiresPurchaseWithinDays"), MinNet = Said(row, "minNet", decimals),
                }),
            ],
            HoldStore = Said(Part(root, "holdDays"), "store"), HoldOnline = Said(Part(root, "holdDays"), "online"), Clawback = Said(root, "clawbackDays"),
        };
        var bands = Part(root, "bands");
        form.BandMode = Said(bands, "mode");
        form.Bands = [.. Rows(bands, "steps").Select(row => new BandFields { From = Said(row, "from", decimals), Percent = Said(row, "percent") })];
        return form;
    }

    private static SplitFields SplitOf(JsonElement root, string channel)
    {
        // Only the first rule of a channel counts (R9).
        var rule = Rows(root, "split").Find(row => Said(row, "channel") == channel);
        if (rule.ValueKind != JsonValueKind.Object) return new SplitFields { First = "staff" };
        var closers = rule.TryGetProperty("closer", out var list) ? [.. list.EnumerateArray().Select(source => source.GetString()!).Distinct()] : new List<string> { "staff", "code", "link" };
        var shares = Part(rule, "shares");
        return new SplitFields
        {
            First = closers.ElementAtOrDefault(0), Second = closers.ElementAtOrDefault(1), Third = closers.ElementAtOrDefault(2),
            Owner = Said(shares, "owner"), Closer = Said(shares, "closer"), Handover = Said(shares, "handover"),
        };
    }

    private static RateFields RateOf(JsonElement row, int decimals)
    {
        var categories = Part(row, "categories");
        return new RateFields
        {
            Role = Said(row, "role"), Grade = Said(row, "grade"), Rate = Said(row, "rate", RateDecimals), PerHandover = Said(row, "perHandover", decimals), MinNet = Said(row, "perHandoverMinNet", decimals),
            Categories = categories.ValueKind != JsonValueKind.Object ? "" : string.Join('\n', categories.EnumerateObject().Select(entry => $"{entry.Name} {Said(entry.Value, RateDecimals)}")),
        };
    }

    private static JsonElement Part(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var part) ? part : default;

    private static List<JsonElement> Rows(JsonElement of, string name) => Part(of, name) is { ValueKind: JsonValueKind.Array } rows ? [.. rows.EnumerateArray()] : [];

    private static string Said(JsonElement of, string name, int decimals = 0) => Said(Part(of, name), decimals);

    private static string Said(JsonElement value, int decimals) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => TypedNumber.Write(value.GetInt64(), decimals),
        _ => "",
    };

    private static bool IsTrue(JsonElement of, string name, bool absent) => Part(of, name).ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => absent };
}
