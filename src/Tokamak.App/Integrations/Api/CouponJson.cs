using System.Text.Json;
using Tokamak.App.Coupons;
using Tokamak.App.Web;
using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Integrations.Api;

/// <summary>How coupons are written: reasons as a word for programs and a sentence for whoever stands at the counter.</summary>
internal static class CouponJson
{
    public static void Write(Utf8JsonWriter json, CouponSeries series)
    {
        json.WriteStartObject("series"u8);
        json.WriteString("id"u8, series.Id);
        json.WriteStartObject("name"u8);
        json.WriteString("zh-TW"u8, series.Name.ZhTw);
        json.WriteString("en"u8, series.Name.En);
        json.WriteEndObject();
        if (series.From is { } from) json.WriteString("from"u8, from.ToString());
        if (series.Until is { } until) json.WriteString("until"u8, until.ToString());
        json.WriteEndObject();
    }

    /// <summary>Whether a code may be used, or is held.</summary>
    /// <param name="json">An object that has begun.</param>
    /// <param name="answer">Of it.</param>
    /// <param name="can">What it is called that it can be.</param>
    /// <param name="t">In the language that was asked for.</param>
    public static void Write(Utf8JsonWriter json, CouponAnswer answer, string can, Texts t)
    {
        json.WriteString("code"u8, answer.Typed);
        json.WriteBoolean(can, answer.Refusal is null);
        if (answer.Opens is { } opens) json.WriteString("opens"u8, opens);
        if (answer.Series is { } series) Write(json, series);
        if (answer.Refusal is { } refusal) Write(json, refusal, t);
    }

    public static void Write(Utf8JsonWriter json, WalletCoupon coupon, Texts t)
    {
        json.WriteStartObject();
        json.WriteString("code"u8, coupon.Code.Shown);
        Write(json, coupon.Series);
        json.WriteString("givenAt"u8, coupon.GivenAt.ToString());
        json.WriteString("state"u8, coupon.Use switch { CouponUse.Redeemed => "redeemed"u8, CouponUse.Held => "held"u8, _ => coupon.Ended is null ? "usable"u8 : "ended"u8 });
        if (coupon.Use != CouponUse.Redeemed && coupon.Ended is { } ended) Write(json, ended, t);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CouponRefusal refusal, Texts t)
    {
        json.WriteString("reason"u8, CouponWords.Code(refusal));
        json.WriteString("message"u8, CouponWords.Of(refusal, t));
    }

    /// <summary>Texts of a list, each of 1 to some letters; null where it is no such list.</summary>
    public static IReadOnlyList<string>? Texts(JsonElement read, string field, int most, int mostLetters)
    {
        if (!read.TryGetProperty(field, out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 || list.GetArrayLength() > most) return null;
        var texts = new List<string>();
        foreach (var item in list.EnumerateArray())
        {
            try
            {
                if (item.ValueKind != JsonValueKind.String || item.GetString() is not { Length: > 0 } text || text.Length > mostLetters || text.Any(char.IsControl)) return null;
                texts.Add(text);
            }
            catch (InvalidOperationException)
            {
                // Half a character is no text.
                return null;
            }
        }
        return texts;
    }

    /// <summary>What each coupon took off; null where it is no such list, or one is named twice.</summary>
    public static Dictionary<string, long>? Amounts(JsonElement read, int most)
    {
        if (!read.TryGetProperty("coupons", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > most) return null;
        var amounts = new Dictionary<string, long>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || item.EnumerateObject().Count() != 2 || ApiJson.TextOf(item, "opens", SeriesRules.MostLettersOfId) is not { } opens) return null;
            if (!item.TryGetProperty("amount", out var amount) || amount.ValueKind != JsonValueKind.Number || !amount.TryGetInt64(out var whole) || whole is < 0 or > MostAmount || !amounts.TryAdd(opens, whole)) return null;
        }
        return amounts;
    }

    /// <summary>As much as a line of a sale may come to (R1).</summary>
    private const long MostAmount = 1_000_000_000_000_000;
}
