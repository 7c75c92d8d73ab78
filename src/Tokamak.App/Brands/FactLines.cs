using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Brands;

/// <summary>
/// Writes facts as JSON Lines exactly as R1 names them: <c>type, id, at</c>, then the fields in the order of its table,
/// absent ones left out. The one place that knows, so that seeded, imported and exported facts read alike.
/// </summary>
public static class FactLines
{
    // Ids may be Chinese (R1 allows the Basic Multilingual Plane); a person reads these files, no browser does.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Appends one line, its <c>\n</c> included. <paramref name="offsetSeconds"/>: local time ahead of UTC then.</summary>
    public static void Write(IBufferWriter<byte> output, Fact fact, int offsetSeconds)
    {
        using (var json = new Utf8JsonWriter(output, Readable)) Write(json, fact, offsetSeconds);
        output.Write("\n"u8);
    }

    /// <summary>Writes one fact as a JSON object.</summary>
    public static void Write(Utf8JsonWriter json, Fact fact, int offsetSeconds)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, TypeOf(fact));
        json.WriteString("id"u8, fact.Id.Value);
        json.WriteString("at"u8, Local(fact.At, offsetSeconds));
        switch (fact)
        {
            case StaffFact staff: Fields(json, staff); break;
            case MergeFact merge:
                json.WriteString("from"u8, merge.From.Value);
                json.WriteString("into"u8, merge.Into.Value);
                break;
            case ServiceFact service:
                json.WriteString("member"u8, service.Member.Value);
                json.WriteString("kind"u8, service.Kind);
                json.WriteString("store"u8, service.Store.Value);
                Optional(json, "staff", service.Staff?.Value);
                break;
            case SaleFact sale: Fields(json, sale); break;
            case SaleChangeFact change: Fields(json, change); break;
            case VoidFact voiding: json.WriteString("fact"u8, voiding.Voided.Value); break;
            default: throw new ArgumentOutOfRangeException(nameof(fact), fact.GetType().Name, "A type of fact that R1 does not know.");
        }
        json.WriteEndObject();
    }

    /// <summary>The word of R1 for a fact's type, such as <c>handover</c>.</summary>
    public static string TypeOf(Fact fact) => fact.Order switch
    {
        FactOrder.Staff => "staff",
        FactOrder.Merge => "merge",
        FactOrder.Service => "service",
        FactOrder.Sale => "sale",
        FactOrder.Handover => "handover",
        FactOrder.Cancel => "cancel",
        FactOrder.Refund => "refund",
        FactOrder.Return => "return",
        FactOrder.Void => "void",
        _ => throw new ArgumentOutOfRangeException(nameof(fact), fact.Order, "A type of fact that R1 does not know."),
    };

    private static void Fields(Utf8JsonWriter json, StaffFact fact)
    {
        json.WriteString("staff"u8, fact.Staff.Value);
        json.WriteString("event"u8, fact.Event switch
        {
            StaffEvent.Joined => "joined",
            StaffEvent.Moved => "moved",
            StaffEvent.Left => "left",
            _ => throw new ArgumentOutOfRangeException(nameof(fact), fact.Event, "A staff event that R1 does not know."),
        });
        Optional(json, "store", fact.Store?.Value);
        Optional(json, "grade", fact.Grade);
        Optional(json, "code", fact.Code);
        Optional(json, "member", fact.Member?.Value);
    }

    private static void Fields(Utf8JsonWriter json, SaleFact fact)
    {
        json.WriteString("channel"u8, fact.Channel == Channel.Store ? "store" : "online");
        Optional(json, "store", fact.Store?.Value);
        Optional(json, "member", fact.Member?.Value);
        Optional(json, "staff", fact.Staff?.Value);
        Optional(json, "code", fact.Code);
        json.WriteStartArray("lines"u8);
        foreach (var line in fact.Lines)
        {
            json.WriteStartObject();
            json.WriteNumber("line"u8, line.Line);
            json.WriteString("category"u8, line.Category);
            json.WriteNumber("quantity"u8, line.Quantity);
            json.WriteNumber("net"u8, line.Net);
            json.WriteString("fulfil"u8, line.Fulfil switch
            {
                Fulfil.Taken => "taken",
                Fulfil.Pickup => "pickup",
                Fulfil.Ship => "ship",
                _ => throw new ArgumentOutOfRangeException(nameof(fact), line.Fulfil, "A fulfilment that R1 does not know."),
            });
            Optional(json, "staff", line.Staff?.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Fields(Utf8JsonWriter json, SaleChangeFact fact)
    {
        json.WriteString("sale"u8, fact.Sale.Value);
        if (fact is HandoverFact handover)
        {
            Optional(json, "store", handover.Store?.Value);
            Optional(json, "staff", handover.Staff?.Value);
        }
        json.WriteStartArray("lines"u8);
        foreach (var line in fact.Lines)
        {
            json.WriteStartObject();
            json.WriteNumber("line"u8, line.Line);
            if (fact is not RefundFact) json.WriteNumber("quantity"u8, line.Quantity);
            if (line.Amount is { } amount) json.WriteNumber("amount"u8, amount);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    // RFC 3339 knows whole minutes only; older offsets (local mean time) are cut to them, the instant stays the same.
    private static string Local(Instant at, int offsetSeconds)
    {
        var minutes = offsetSeconds / 60;
        var ticks = at.Ticks + (minutes * TimeSpan.TicksPerMinute);
        if (minutes == 0 || ticks < 0 || ticks > DateTime.MaxValue.Ticks) return at.ToString();
        var local = new DateTime(ticks, DateTimeKind.Unspecified).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
        var size = Math.Abs(minutes);
        return string.Create(CultureInfo.InvariantCulture, $"{local}{(minutes < 0 ? '-' : '+')}{size / 60:00}:{size % 60:00}");
    }
}
