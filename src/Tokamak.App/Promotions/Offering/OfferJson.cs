using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;

namespace Tokamak.App.Promotions.Offering;

/// <summary>What every field of a form is read by.</summary>
/// <param name="Zone">Whose clocks the form's times are of.</param>
/// <param name="Decimals">Of the currency, as amounts are typed.</param>
public sealed record OfferFrame(Zone Zone, int Decimals);

/// <summary>
/// A form as the JSON of an offer. What cannot be read is written as the text that was typed: <see cref="OfferReader"/> then names the fault
/// by its path, and the form gets the text back (<see cref="OfferFields"/>).
/// </summary>
public static class OfferJson
{
    private static readonly JsonWriterOptions Plainly = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>One offer's JSON object.</returns>
    public static string Write(OfferForm form, string id, OfferFrame frame)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Plainly)) new Writing(json, frame.Zone, frame.Decimals).Offer(form, id);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private readonly struct Writing(Utf8JsonWriter json, Zone zone, int decimals)
    {
        public void Offer(OfferForm form, string id)
        {
            json.WriteStartObject();
            json.WriteString("id", Clean(id));
            json.WriteStartObject("name");
            TextIfAny("zh-TW", form.Chinese);
            TextIfAny("en", form.English);
            json.WriteEndObject();
            When(form);
            Where(form);
            Who(form);
            NamesIfAny("tender", form.Tender);
            NamesIfAny("coupon", form.Coupon);
            FlagIf("public", form.Public);
            NumberIfAny("perMember", form.PerMember);
            NumberIfAny("total", form.InAll);
            Needs(form);
            if (form.Kind == OfferForm.Unit) NumberIfAny("limit", form.Limit);
            if (form.Kind != OfferForm.Price) FlagIf("regularOnly", form.RegularOnly);
            if (form.Kind is OfferForm.Unit or OfferForm.Order) Exclusive(form);
            Deal(form);
            json.WriteEndObject();
        }

        private void When(OfferForm form)
        {
            var (from, until) = (Clean(form.From), Clean(form.Until));
            var (days, hours) = (TypedNames.Read(form.Days), TypedNames.Read(form.Hours));
            if (from.Length + until.Length + form.Weekdays.Count + days.Count + hours.Count == 0) return;
            json.WriteStartObject("when");
            if (from.Length > 0) json.WriteString("from", OfferTimes.ToJson(from, zone, through: false));
            if (until.Length > 0) json.WriteString("until", OfferTimes.ToJson(until, zone, through: true));
            Numbers("weekdays", form.Weekdays);
            Numbers("days", days);
            if (hours.Count > 0) json.WriteStartArray("hours");
            foreach (var span in hours)
            {
                var (start, end) = OfferTimes.Span(Clean(span));
                json.WriteStartObject();
                json.WriteString("from", start);
                if (end is not null) json.WriteString("until", end);
                json.WriteEndObject();
            }
            if (hours.Count > 0) json.WriteEndArray();
            json.WriteEndObject();
        }

        private void Where(OfferForm form)
        {
            if (form.Channels.Count == 0 && TypedNames.Read(form.Stores).Count == 0) return;
            json.WriteStartObject("where");
            NamesIfAny("channels", form.Channels);
            NamesIfAny("stores", form.Stores);
            json.WriteEndObject();
        }

        private void Who(OfferForm form)
        {
            if (Clean(form.Members).Length == 0 && TypedNames.Read(form.Tiers).Count + TypedNames.Read(form.Tags).Count == 0) return;
            json.WriteStartObject("who");
            TextIfAny("members", form.Members);
            NamesIfAny("tiers", form.Tiers);
            NamesIfAny("tags", form.Tags);
            json.WriteEndObject();
        }

        private void Needs(OfferForm form)
        {
            if (string.IsNullOrWhiteSpace(form.Needs)) return;
            json.WriteStartObject("needs");
            Items(form.NeedsItems);
            Number(MeasureOf(form.Needs), form.NeedsLeast, form.Needs == OfferForm.Count ? 0 : decimals);
            if (form.Kind == OfferForm.Unit) FlagIf("each", form.NeedsEach);
            json.WriteEndObject();
        }

        private void Exclusive(OfferForm form)
        {
            var sets = TypedNames.Read(form.Sets);
            NamesIfAny("exclusive", form.Alone ? [Core.Promotions.Offer.Alone, .. sets.Where(set => set != Core.Promotions.Offer.Alone)] : sets);
        }

        private void Deal(OfferForm form)
        {
            if (form.Kind is not (OfferForm.Price or OfferForm.Unit or OfferForm.Order or OfferForm.Reward)) return;
            json.WriteStartObject(form.Kind);
            if (form.Kind == OfferForm.Unit) Unit(form);
            else
            {
                Items(form.Items);
                if (form.Kind == OfferForm.Price) Given(form);
                else if (form.Kind == OfferForm.Order) Order(form);
                else Reward(form);
            }
            json.WriteEndObject();
        }

        private void Given(OfferForm form)
        {
            if (Clean(form.Give) is { Length: > 0 } give) Number(give, form.Amount, give == OfferForm.Percent ? 0 : decimals);
        }

        private void Unit(OfferForm form)
        {
            json.WriteStartArray("take");
            Take(form.Items, form.Take, form.Same);
            if (form.HasOther) Take(form.OtherItems, form.OtherTake, form.OtherSame);
            json.WriteEndArray();
            json.WriteStartObject("give");
            if (form.On == OfferForm.Cheapest) Number("cheapest", form.CheapestCount);
            if (form.On == OfferForm.Last) json.WriteBoolean("last", true);
            Given(form);
            json.WriteEndObject();
            NumberIfAny("maxOff", form.MaxOff, decimals);
        }

        private void Take(ItemFields items, string? count, bool same)
        {
            json.WriteStartObject();
            Items(items);
            Number("count", count);
            if (same) json.WriteString("same", "sku");
            json.WriteEndObject();
        }

        private void Order(OfferForm form)
        {
            json.WriteStartArray(MeasureOf(form.Measure));
            foreach (var step in form.Steps)
            {
                json.WriteStartObject();
                Number("from", step.From, form.Measure == OfferForm.Count ? 0 : decimals);
                if (form.Benefit == OfferForm.Percent) Number("percent", step.Gives);
                else Number("off", step.Gives, decimals);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            Repeats(form);
            FlagIf("untaken", form.Untaken);
            NumberIfAny("maxOff", form.MaxOff, decimals);
            FlagIf("stacks", form.Stacks);
        }

        private void Reward(OfferForm form)
        {
            json.WriteStartArray(MeasureOf(form.Measure));
            foreach (var step in form.Gifts)
            {
                json.WriteStartObject();
                Number("from", step.From, form.Measure == OfferForm.Count ? 0 : decimals);
                Gift(step);
                TextIfAny("coupon", step.Coupon);
                NumberIfAny("pointsTimes", step.PointsTimes);
                FlagIf("freeShipping", step.FreeShipping);
                NumberIfAny("shippingOff", step.ShippingOff, decimals);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            Repeats(form);
        }

        private void Gift(GiftFields step)
        {
            var skus = TypedNames.Read(step.Skus);
            if (skus.Count == 0 && string.IsNullOrWhiteSpace(step.Quantity)) return;
            json.WriteStartObject("gift");
            if (skus.Count == 1) json.WriteString("sku", Clean(skus[0]));
            else NamesIfAny("oneOf", skus);
            // One piece is what nobody says.
            Number("quantity", string.IsNullOrWhiteSpace(step.Quantity) ? "1" : step.Quantity);
            json.WriteEndObject();
        }

        private void Repeats(OfferForm form)
        {
            FlagIf("every", form.Every);
            NumberIfAny("maxRepeat", form.MaxRepeat);
            if (form.Before) json.WriteString("basis", "before");
        }

        private void Items(ItemFields items)
        {
            json.WriteStartObject("items");
            FlagIf("all", items.All);
            NamesIfAny("skus", items.Skus);
            NamesIfAny("categories", items.Categories);
            NamesIfAny("tags", items.Tags);
            NamesIfAny("alsoCategories", items.Also);
            NamesIfAny("exceptSkus", items.ExceptSkus);
            NamesIfAny("exceptCategories", items.ExceptCategories);
            NamesIfAny("exceptTags", items.ExceptTags);
            json.WriteEndObject();
        }

        private static string MeasureOf(string? measure) => measure == OfferForm.Count ? OfferForm.Count : OfferForm.Spend;

        private void TextIfAny(string name, string? typed)
        {
            if (Clean(typed) is { Length: > 0 } text) json.WriteString(name, text);
        }

        private void NamesIfAny(string name, string? typed) => NamesIfAny(name, TypedNames.Read(typed));

        private void NamesIfAny(string name, IReadOnlyList<string> names)
        {
            if (names.Count == 0) return;
            json.WriteStartArray(name);
            foreach (var one in names) json.WriteStringValue(Clean(one, trims: false));
            json.WriteEndArray();
        }

        private void FlagIf(string name, bool flag)
        {
            if (flag) json.WriteBoolean(name, true);
        }

        private void Numbers(string name, IReadOnlyList<string> typed)
        {
            if (typed.Count == 0) return;
            json.WriteStartArray(name);
            foreach (var one in typed)
            {
                if (TypedNumber.TryRead(one, 0, out var value)) json.WriteNumberValue(value);
                else json.WriteStringValue(Clean(one));
            }
            json.WriteEndArray();
        }

        private void NumberIfAny(string name, string? typed, int places = 0)
        {
            if (!string.IsNullOrWhiteSpace(typed)) Number(name, typed, places);
        }

        private void Number(string name, string? typed, int places = 0)
        {
            if (TypedNumber.TryRead(typed, places, out var value)) json.WriteNumber(name, value);
            else json.WriteString(name, Clean(typed));
        }

        /// <summary>Half a character cannot be written as JSON, and no database keeps a zero.</summary>
        private static string Clean(string? typed, bool trims = true)
        {
            var text = string.Concat((typed ?? "").EnumerateRunes()).Replace("\0", "", StringComparison.Ordinal);
            return trims ? text.Trim() : text;
        }
    }
}
