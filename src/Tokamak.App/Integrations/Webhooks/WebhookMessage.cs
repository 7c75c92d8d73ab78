using System.Globalization;
using Tokamak.App.Brands;
using Tokamak.App.Data;
using Tokamak.App.Integrations.Api;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Integrations.Webhooks;

/// <summary>What is sent: a run of events, the same in every try.</summary>
internal sealed record WebhookMessage(string Id, ReadOnlyMemory<byte> Body)
{
    /// <summary>Events in one message at most.</summary>
    public const int MostEvents = 100;

    private const string TypesDivider = " ";

    /// <summary>The message that is under way to a receiver.</summary>
    public static WebhookMessage Of(WebhookRow to, string brand, Currency? currency, IEnumerable<PostedEvent> events) => new(
        string.Create(CultureInfo.InvariantCulture, $"msg_{to.Id}_{to.Round}_{to.CursorSeq}_{to.SendingSeq}"),
        BodyOf("events.posted", to.BegunAtTicks!.Value, brand, json =>
        {
            EventJson.WriteCurrency(json, currency);
            EventJson.WriteEvents(json, events);
            json.WriteString("next"u8, Cursor.Of(to.SendingSeq!.Value));
        }));

    /// <summary>A message that tells nothing, to try whether one arrives.</summary>
    public static WebhookMessage Ping(WebhookRow to, string brand, long nowTicks) =>
        new(string.Create(CultureInfo.InvariantCulture, $"msg_{to.Id}_ping_{nowTicks}"), BodyOf("ping", nowTicks, brand, _ => { }));

    /// <summary>The types that a receiver gets.</summary>
    public static IReadOnlySet<EventType> TypesOf(WebhookRow to)
    {
        var may = to.Pay ? ReadEvents.All : ReadEvents.WithoutPay;
        return to.Types.Length == 0 ? may : to.Types.Split(TypesDivider).Select(name => EventJson.Types[name]).Where(may.Contains).ToHashSet();
    }

    public static string TypesText(IEnumerable<EventType> types) => string.Join(TypesDivider, types.Distinct().Order().Select(EventJson.NameOf));

    private static ReadOnlyMemory<byte> BodyOf(string type, long atTicks, string brand, Action<System.Text.Json.Utf8JsonWriter> data) => ApiJson.ObjectOf(json =>
    {
        json.WriteString("type"u8, type);
        json.WriteString("timestamp"u8, new Instant(atTicks).ToString());
        json.WriteStartObject("data"u8);
        json.WriteString("brand"u8, brand);
        data(json);
        json.WriteEndObject();
    });
}
