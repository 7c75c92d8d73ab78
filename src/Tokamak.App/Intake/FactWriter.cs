using System.Text.Encodings.Web;
using System.Text.Json;
using Tokamak.Core.Referral;

namespace Tokamak.App.Intake;

/// <summary>
/// Writes facts as JSON Lines (R1): UTF-8, <c>\n</c>, one form for one fact, so that equal facts are equal bytes. Fields
/// stand as type, id, at, then in the order of R1's table; Chinese stays readable; instants are written in UTC.
/// </summary>
public sealed class FactWriter : IDisposable
{
    private readonly Stream _stream;
    private readonly Utf8JsonWriter _json;

    public FactWriter(Stream stream)
    {
        _stream = stream;
        _json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    public void Write(Fact fact)
    {
        _json.WriteStartObject();
        _json.WriteString("type"u8, fact.Order.ToString().ToLowerInvariant());
        _json.WriteString("id"u8, fact.Id.Value);
        _json.WriteString("at"u8, fact.At.ToString());
        switch (fact)
        {
            case StaffFact staff: Write(staff); break;
            case MergeFact merge: Write(merge); break;
            case ServiceFact service: Write(service); break;
            case SaleFact sale: Write(sale); break;
            case SaleChangeFact change: Write(change); break;
            case VoidFact voiding: _json.WriteString("fact"u8, voiding.Voided.Value); break;
            default: throw new ArgumentException($"{fact.GetType().Name} is no fact of R1", nameof(fact));
        }
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _stream.WriteByte((byte)'\n');
    }

    private void Write(StaffFact staff)
    {
        _json.WriteString("staff"u8, staff.Staff.Value);
        _json.WriteString("event"u8, staff.Event.ToString().ToLowerInvariant());
        Perhaps("store"u8, staff.Store?.Value);
        Perhaps("grade"u8, staff.Grade);
        Perhaps("code"u8, staff.Code);
        Perhaps("member"u8, staff.Member?.Value);
    }

    private void Write(MergeFact merge)
    {
        _json.WriteString("from"u8, merge.From.Value);
        _json.WriteString("into"u8, merge.Into.Value);
    }

    private void Write(ServiceFact service)
    {
        _json.WriteString("member"u8, service.Member.Value);
        _json.WriteString("kind"u8, service.Kind);
        _json.WriteString("store"u8, service.Store.Value);
        Perhaps("staff"u8, service.Staff?.Value);
    }

    private void Write(SaleFact sale)
    {
        _json.WriteString("channel"u8, sale.Channel == Channel.Store ? "store"u8 : "online"u8);
        Perhaps("store"u8, sale.Store?.Value);
        Perhaps("member"u8, sale.Member?.Value);
        Perhaps("staff"u8, sale.Staff?.Value);
        Perhaps("code"u8, sale.Code);
        _json.WriteStartArray("lines"u8);
        foreach (var line in sale.Lines)
        {
            _json.WriteStartObject();
            _json.WriteNumber("line"u8, line.Line);
            _json.WriteString("category"u8, line.Category);
            _json.WriteNumber("quantity"u8, line.Quantity);
            _json.WriteNumber("net"u8, line.Net);
            _json.WriteString("fulfil"u8, line.Fulfil switch { Fulfil.Taken => "taken"u8, Fulfil.Pickup => "pickup"u8, _ => "ship"u8 });
            Perhaps("staff"u8, line.Staff?.Value);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
    }

    private void Write(SaleChangeFact change)
    {
        _json.WriteString("sale"u8, change.Sale.Value);
        if (change is HandoverFact handover)
        {
            Perhaps("store"u8, handover.Store?.Value);
            Perhaps("staff"u8, handover.Staff?.Value);
        }
        _json.WriteStartArray("lines"u8);
        foreach (var line in change.Lines)
        {
            _json.WriteStartObject();
            _json.WriteNumber("line"u8, line.Line);
            if (change is not RefundFact) _json.WriteNumber("quantity"u8, line.Quantity);
            if (line.Amount is { } amount) _json.WriteNumber("amount"u8, amount);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
    }

    private void Perhaps(ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null) _json.WriteString(name, text);
    }

    public void Dispose() => _json.Dispose();
}
