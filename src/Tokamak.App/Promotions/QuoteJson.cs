using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tokamak.Core.Promotions;

namespace Tokamak.App.Promotions;

/// <summary>Writes a quote as the spec's Result says (promotions, "Result").</summary>
public static class QuoteJson
{
    private static readonly JsonWriterOptions Plainly = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="quote">The quote.</param>
    /// <param name="ofLines">Says of each line, too, what points pay of it, where they do: <c>paidByPoints</c>.</param>
    public static string Text(Quote quote, bool ofLines = false)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Plainly))
        {
            json.WriteStartObject();
            Fields(json, quote, ofLines);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <summary>The fields of the Result, for whoever says more beside them.</summary>
    /// <inheritdoc cref="Text"/>
    public static void Fields(Utf8JsonWriter json, Quote quote, bool ofLines)
    {
        json.WriteNumber("total", quote.Total);
        json.WriteBoolean("optimal", quote.IsOptimal);
        json.WriteNumber("bound", quote.Bound);
        List(json, "lines", quote.Lines, line =>
        {
            json.WriteNumber("line", line.Line);
            json.WriteNumber("amount", line.Amount);
            if (ofLines && line.PaidByPoints > 0) json.WriteNumber("paidByPoints", line.PaidByPoints);
            List(json, "discounts", line.Discounts, discount =>
            {
                json.WriteString("offer", discount.Offer);
                json.WriteNumber("amount", discount.Amount);
            });
        });
        List(json, "applied", quote.Applied, applied =>
        {
            json.WriteString("offer", applied.Offer);
            json.WriteNumber("times", applied.Times);
            json.WriteNumber("amount", applied.Amount);
        });
        List(json, "rewards", quote.Rewards, reward => Reward(json, reward));
        List(json, "notApplied", quote.NotApplied, missed => NotApplied(json, missed));
        json.WriteStartObject("points");
        json.WriteNumber("spent", quote.Points.Spent);
        json.WriteNumber("amount", quote.Points.Amount);
        json.WriteEndObject();
    }

    private static void Reward(Utf8JsonWriter json, Reward reward)
    {
        json.WriteString("offer", reward.Offer);
        json.WriteNumber("times", reward.Times);
        if (reward.Gift is { } gift)
        {
            json.WriteStartObject("gift");
            if (gift.OneOf.Count == 1) json.WriteString("sku", gift.OneOf[0]);
            else Names(json, "oneOf", gift.OneOf);
            json.WriteNumber("quantity", gift.Quantity);
            json.WriteEndObject();
        }
        if (reward.Coupon is { } series) json.WriteString("coupon", series);
        if (reward.PointsTimes is { } times) json.WriteNumber("pointsTimes", times);
        if (reward.FreeShipping) json.WriteBoolean("freeShipping", true);
        if (reward.ShippingOff is { } off) json.WriteNumber("shippingOff", off);
    }

    private static void NotApplied(Utf8JsonWriter json, NotApplied missed)
    {
        json.WriteString("offer", missed.Offer);
        json.WriteString("reason", Reason(missed.Reason));
        if (missed.Reason == NotAppliedReason.ShortBy)
        {
            json.WriteNumber("missing", missed.Missing);
            json.WriteString("of", missed.Of == Measure.Spend ? "amount" : "units");
        }
        if (missed.By is { } by) Names(json, "by", by);
    }

    private static string Reason(NotAppliedReason reason) => reason switch
    {
        NotAppliedReason.CouponMissing => "coupon-missing",
        NotAppliedReason.UsedUp => "used-up",
        NotAppliedReason.ShortBy => "short-by",
        NotAppliedReason.Exclusive => "exclusive",
        NotAppliedReason.BetterOffer => "better-offer",
        NotAppliedReason.NoBenefit => "no-benefit",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "has no word"),
    };

    private static void Names(Utf8JsonWriter json, string name, IReadOnlyList<string> names)
    {
        json.WriteStartArray(name);
        foreach (var one in names) json.WriteStringValue(one);
        json.WriteEndArray();
    }

    private static void List<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
