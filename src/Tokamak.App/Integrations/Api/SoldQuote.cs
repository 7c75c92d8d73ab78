using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tokamak.App.Data;
using Tokamak.App.Referral.Live;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;
using Tokamak.Core.Referral;

namespace Tokamak.App.Integrations.Api;

/// <summary>
/// The sale that a quote becomes: what was sold at which price says the quote, how and by whom says whoever commits it. Lines that the quote does not
/// have cost nothing: gifts.
/// </summary>
internal static class SoldQuote
{
    private static readonly string[] OfSale = ["id", "at", "staff", "code", "lines"], OfLine = ["line", "category", "fulfil", "staff"], OfGift = [.. OfLine, "quantity", "net"];

    /// <param name="quote">The quote.</param>
    /// <param name="json">A sale of R1 without what the quote says: type, channel, store, member, and of lines quantity and net.</param>
    /// <param name="now">When it was, if that does not say.</param>
    /// <param name="wrong">Takes what is wrong.</param>
    /// <returns>Null: something is wrong.</returns>
    public static SaleFact? Of(QuoteRow quote, ReadOnlyMemory<byte> json, Instant now, List<ProblemPlace> wrong)
    {
        if (ObjectOf(json) is not { } said || said["lines"] is not JsonArray lines)
        {
            wrong.Add(new("#", """Send one JSON object such as {"id": "S1", "lines": [{"line": 1, "category": "shoes", "fulfil": "taken"}]}: a sale without what the quote says."""));
            return null;
        }
        var cart = CartReader.Read(System.Text.Encoding.UTF8.GetBytes(quote.Cart), [])!;
        Unknown(said, OfSale, "#", wrong);
        var sale = new JsonObject { ["type"] = "sale", ["at"] = now.ToString(), ["channel"] = cart.Channel == Cart.StoreChannel ? "store" : "online" };
        if (cart.Store is not null) sale["store"] = cart.Store;
        if (cart.Member is not null) sale["member"] = cart.Member.Id;
        foreach (var (name, value) in said)
            if (name != "lines") sale[name] = value?.DeepClone();
        sale["lines"] = LinesOf(lines, cart, NetsOf(quote), wrong);
        if (wrong.Count > 0) return null;
        if (FactText.TryRead(JsonSerializer.SerializeToUtf8Bytes(sale), 0, out var fact, out var fault)) return (SaleFact)fact;
        wrong.Add(new("#", fault.Message));
        return null;
    }

    private static JsonArray LinesOf(JsonArray said, Cart cart, Dictionary<long, long> nets, List<ProblemPlace> wrong)
    {
        var (lines, left) = (new JsonArray(), cart.Lines.ToDictionary(line => (long)line.Line));
        foreach (var (place, node) in said.Index())
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"#/lines/{place}");
            if (node is not JsonObject line || line["line"] is not JsonValue value || !value.TryGetValue<long>(out var number))
            {
                wrong.Add(new(at, "A line is an object with its number as 'line'."));
                continue;
            }
            var whole = (JsonObject)line.DeepClone();
            if (left.Remove(number, out var sold))
            {
                Unknown(line, OfLine, at, wrong);
                (whole["quantity"], whole["net"]) = (sold.Quantity, nets[number]);
            }
            else if (nets.ContainsKey(number)) wrong.Add(new(at, $"Line {number} stands here twice."));
            else
            {
                Unknown(line, OfGift, at, wrong);
                if (line["net"] is not JsonValue net || !net.TryGetValue<long>(out var amount) || amount != 0) wrong.Add(new(at, $"The quote has no line {number}; one that is added costs nothing, as a gift does: give it 'quantity' and 'net' 0, or price the cart anew with it."));
            }
            lines.Add(whole);
        }
        foreach (var missing in left.Keys.Order()) wrong.Add(new("#/lines", $"Line {missing} of the quote is missing: a quote is committed whole. Price the cart anew without it."));
        return lines;
    }

    /// <summary>What each line costs after points (R1: net).</summary>
    private static Dictionary<long, long> NetsOf(QuoteRow quote)
    {
        using var result = JsonDocument.Parse(quote.Result);
        return result.RootElement.GetProperty("lines").EnumerateArray().ToDictionary(
            line => line.GetProperty("line").GetInt64(), line => line.GetProperty("amount").GetInt64() - (line.TryGetProperty("paidByPoints", out var points) ? points.GetInt64() : 0));
    }

    private static void Unknown(JsonObject said, string[] known, string at, List<ProblemPlace> wrong)
    {
        foreach (var (name, _) in said)
            if (!known.Contains(name)) wrong.Add(new(at, $"'{name}' is not said here; there is {string.Join(", ", known)}. The quote says the rest."));
    }

    private static JsonObject? ObjectOf(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonNode.Parse(json.Span, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}
