using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tokamak.App.Data;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Members;

/// <summary>
/// Everything that is held about a person, to be given to them: as JSON for another program, or as a page to read and print. Written as
/// it is read, so that the longest history takes no more memory than the shortest. Whoever calls it notes in the audit log that they did.
/// </summary>
public static class ExportMember
{
    private const int WorthSending = 64 * 1024;

    // People read it as well; it is a file, and no part of a page.
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true };

    /// <summary>JSON: instants in UTC as RFC 3339 has them, amounts in whole units of the currency that is named. What is absent is left out.</summary>
    /// <returns>False, and nothing is written: nobody has heard of such a member.</returns>
    public static async Task<bool> JsonAsync(Turn turn, MemberId member, Instant now, Stream to, CancellationToken stop)
    {
        if (await HeldData.ReadAsync(turn, member, now, stop) is not { } held) return false;
        await using var json = new Utf8JsonWriter(to, Writing);
        json.WriteStartObject();
        WriteHead(json, held);
        WritePerson(json, held);
        WriteBelonging(json, held);
        json.WriteStartArray("services");
        await foreach (var service in held.ServicesAsync(turn, stop))
        {
            WriteService(json, held, service);
            if (json.BytesPending > WorthSending) await json.FlushAsync(stop);
        }
        json.WriteEndArray();
        json.WriteStartArray("purchases");
        await foreach (var purchase in held.PurchasesAsync(turn, stop))
        {
            WritePurchase(json, held, purchase);
            if (json.BytesPending > WorthSending) await json.FlushAsync(stop);
        }
        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(stop);
        return true;
    }

    /// <summary>A page that stands for itself: no scripts, nothing from elsewhere; to be given as a file, since it brings its own style.</summary>
    /// <returns>False, and nothing is written: nobody has heard of such a member.</returns>
    public static async Task<bool> HtmlAsync(Turn turn, MemberId member, Texts t, Instant now, Stream to, CancellationToken stop)
    {
        if (await HeldData.ReadAsync(turn, member, now, stop) is not { } held) return false;
        var page = new MemberPaper(held, t);
        page.Begin();
        page.BeginServices();
        await foreach (var service in held.ServicesAsync(turn, stop))
        {
            page.Write(service);
            if (page.Length > WorthSending) await page.SendAsync(to, stop);
        }
        page.BeginPurchases();
        await foreach (var purchase in held.PurchasesAsync(turn, stop))
        {
            page.Write(purchase);
            if (page.Length > WorthSending) await page.SendAsync(to, stop);
        }
        page.End();
        await page.SendAsync(to, stop);
        return true;
    }

    private static void WriteHead(Utf8JsonWriter json, HeldData held)
    {
        json.WriteString("member", held.Member.Value);
        json.WriteStartArray("ids");
        foreach (var id in held.Ids) json.WriteStringValue(id);
        json.WriteEndArray();
        Write(json, "brand", held.Names.Brand);
        json.WriteString("readAt", held.ReadAt.ToString());
        json.WriteString("timezone", held.Zone.Name);
        json.WriteString("currency", held.Currency.Code);
        json.WriteNumber("currencyDecimals", held.Currency.Decimals);
        if (held.Erasure is not { } erasure) return;
        json.WriteStartObject("erasure");
        json.WriteString("askedAt", new Instant(erasure.AskedAtTicks).ToString());
        json.WriteString("dueOn", Day(erasure.DueOn));
        if (erasure.ErasedOn is { } gone) json.WriteString("erasedOn", Day(gone));
        json.WriteEndObject();
    }

    private static void WritePerson(Utf8JsonWriter json, HeldData held)
    {
        WriteList(json, "people", held.People, person =>
        {
            json.WriteString("member", person.Member);
            Write(json, "name", person.Name);
            if (person.Birthday is { } birthday) json.WriteString("birthday", Day(birthday));
            Write(json, "language", person.Language);
            json.WriteString("joinedAt", new Instant(person.JoinedAtTicks).ToString());
            json.WriteString("channel", Word(person.Channel));
            WriteParty(json, held, person.Staff is null ? null : new StaffId(person.Staff), person.Store is null ? null : new StoreId(person.Store));
        });
        WriteList(json, "keys", held.Keys, key =>
        {
            json.WriteString("member", key.Member);
            json.WriteString("kind", Word((KeyKind)key.Kind));
            json.WriteString("value", key.Value);
            json.WriteString("since", new Instant(key.AddedAtTicks).ToString());
            if (key.ProvedAtTicks is { } proved) json.WriteString("provedAt", new Instant(proved).ToString());
        });
        WriteList(json, "consents", held.Consents, said =>
        {
            json.WriteString("member", said.Member);
            json.WriteString("purpose", said.Purpose);
            json.WriteBoolean("given", said.Given);
            json.WriteString("wording", said.Wording);
            json.WriteString("channel", Word(said.Channel));
            json.WriteString("at", new Instant(said.AtTicks).ToString());
        });
    }

    private static void WriteBelonging(Utf8JsonWriter json, HeldData held)
    {
        if (held.Binding is { } belongs)
        {
            json.WriteStartObject("belongsTo");
            json.WriteBoolean("declined", belongs.Declined);
            if (belongs.Binding is { } binding)
            {
                WriteParty(json, held, binding.Staff, binding.Store);
                json.WriteString("since", binding.BoundAt.ToString());
                json.WriteString("until", Day(binding.ExpiresOn));
            }
            json.WriteEndObject();
        }
        WriteList(json, "merges", held.Merges, merge =>
        {
            json.WriteString("at", merge.At.ToString());
            json.WriteString("from", merge.From.Value);
            json.WriteString("into", merge.Into.Value);
        });
    }

    private static void WriteService(Utf8JsonWriter json, HeldData held, ServiceFact service)
    {
        json.WriteStartObject();
        json.WriteString("id", service.Id.Value);
        json.WriteString("member", service.Member.Value);
        json.WriteString("at", service.At.ToString());
        json.WriteString("kind", service.Kind);
        WriteParty(json, held, service.Staff, service.Store);
        json.WriteEndObject();
    }

    private static void WritePurchase(Utf8JsonWriter json, HeldData held, HeldPurchase purchase)
    {
        json.WriteStartObject();
        json.WriteString("id", purchase.Fact.Id.Value);
        json.WriteString("member", purchase.Fact.Member!.Value.Value);
        json.WriteString("at", purchase.Fact.At.ToString());
        json.WriteString("channel", Word(purchase.Fact.Channel));
        WriteParty(json, held, purchase.Fact.Staff, purchase.Fact.Store);
        if (purchase.IsVoided) json.WriteBoolean("voided", true);
        json.WritePropertyName("sold");
        json.WriteRawValue(purchase.Sold.ToString(CultureInfo.InvariantCulture));
        json.WritePropertyName("net");
        json.WriteRawValue(purchase.Net.ToString(CultureInfo.InvariantCulture));
        WriteList(json, "lines", purchase.Lines, line =>
        {
            json.WriteNumber("line", line.Sold.Line);
            json.WriteString("category", line.Sold.Category);
            json.WriteNumber("quantity", line.Sold.Quantity);
            json.WriteNumber("kept", line.Kept);
            json.WriteNumber("sold", line.Sold.Net);
            json.WriteNumber("net", line.Net);
        });
        json.WriteEndObject();
    }

    private static void WriteParty(Utf8JsonWriter json, HeldData held, StaffId? staff, StoreId? store)
    {
        if (store is { } at)
        {
            json.WriteString("store", at.Value);
            json.WriteString("storeName", held.Names.StoreName(at));
        }
        if (staff is not { } clerk) return;
        json.WriteString("staff", clerk.Value);
        json.WriteString("staffName", held.Names.StaffName(clerk));
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IEnumerable<T> list, Action<T> fields)
    {
        json.WriteStartArray(name);
        foreach (var one in list)
        {
            json.WriteStartObject();
            fields(one);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null) json.WriteString(name, text);
    }

    private static string Word(Enum word) => word.ToString().ToLowerInvariant();

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
