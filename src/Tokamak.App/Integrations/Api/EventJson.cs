using System.Globalization;
using System.Text.Json;
using Tokamak.App.Brands;
using Tokamak.App.Data;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Integrations.Api;

/// <summary>How postings and notices are written, in the feed and in webhooks alike.</summary>
internal static class EventJson
{
    /// <summary>The types by the names that they have outside.</summary>
    public static readonly IReadOnlyDictionary<string, EventType> Types = Enum.GetValues<EventType>().ToDictionary(NameOf, StringComparer.Ordinal);

    public static string NameOf(EventType type) => type switch
    {
        EventType.CreditPosted => "credit.posted",
        EventType.CommissionPosted => "commission.posted",
        EventType.BountyPosted => "bounty.posted",
        EventType.FactParked => "fact.parked",
        EventType.FactAccepted => "fact.accepted",
        EventType.FactRefused => "fact.refused",
        EventType.FactDismissed => "fact.dismissed",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>What amounts count: the currency, and how many of its decimals a whole unit stands for.</summary>
    public static void WriteCurrency(Utf8JsonWriter json, Currency? currency)
    {
        if (currency is null) return;
        json.WriteString("currency"u8, currency.Code);
        json.WriteNumber("currencyDecimals"u8, currency.Decimals);
    }

    public static void WriteEvents(Utf8JsonWriter json, IEnumerable<PostedEvent> events)
    {
        json.WriteStartArray("events"u8);
        foreach (var posted in events) Write(json, posted);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, PostedEvent posted)
    {
        json.WriteStartObject();
        json.WriteNumber("seq"u8, posted.Seq);
        json.WriteString("type"u8, NameOf(posted.Type));
        switch (posted.Row)
        {
            case CreditRow credit: Fields(json, credit); break;
            case CommissionRow commission: Fields(json, commission); break;
            case BountyRow bounty: Fields(json, bounty); break;
            case NoticeRow notice: Fields(json, notice); break;
            default: throw new ArgumentOutOfRangeException(nameof(posted), posted.Row.GetType().Name, "A row that is no event.");
        }
        json.WriteEndObject();
    }

    private static void Fields(Utf8JsonWriter json, CreditRow row)
    {
        Posting(json, row.Day, row.ForDay, row.Cause);
        Part(json, row.Sale, row.Line, row.Role, row.Staff, row.Store);
        json.WriteNumber("amount"u8, row.Amount);
        json.WriteNumber("policy"u8, row.Policy);
    }

    private static void Fields(Utf8JsonWriter json, CommissionRow row)
    {
        Posting(json, row.Day, row.ForDay, row.Cause);
        Part(json, row.Sale, row.Line, row.Role, row.Staff, row.Store);
        json.WriteNumber("amountE4"u8, row.AmountE4);
        json.WriteNumber("credit"u8, row.Credit);
        json.WriteString("saleMonth"u8, row.SaleMonth);
        json.WriteNumber("policy"u8, row.Policy);
    }

    private static void Fields(Utf8JsonWriter json, BountyRow row)
    {
        Posting(json, row.Day, row.ForDay, row.Cause);
        json.WriteString("service"u8, row.Fact);
        Optional(json, "sale", row.Sale);
        json.WriteString("staff"u8, row.Staff);
        json.WriteNumber("amount"u8, row.Amount);
    }

    private static void Fields(Utf8JsonWriter json, NoticeRow row)
    {
        json.WriteString("at"u8, new Instant(row.AtTicks).ToString());
        json.WriteString("fact"u8, row.Fact);
        Optional(json, "reason", row.Reason);
        Optional(json, "sender", row.Sender);
    }

    private static void Posting(Utf8JsonWriter json, DateOnly day, DateOnly forDay, string cause)
    {
        json.WriteString("day"u8, DayOf(day));
        json.WriteString("forDay"u8, DayOf(forDay));
        json.WriteString("cause"u8, cause);
    }

    private static void Part(Utf8JsonWriter json, string sale, long? line, short role, string? staff, string store)
    {
        json.WriteString("sale"u8, sale);
        if (line is { } number) json.WriteNumber("line"u8, number);
        json.WriteString("role"u8, ((Role)role) switch
        {
            Role.Owner => "owner",
            Role.Closer => "closer",
            Role.Handover => "handover",
            Role.Host => "host",
            _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
        });
        Optional(json, "staff", staff);
        json.WriteString("store"u8, store);
    }

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    private static string DayOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
