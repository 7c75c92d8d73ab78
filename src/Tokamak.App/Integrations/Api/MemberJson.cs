using System.Text.Json;
using Tokamak.App.Data;
using Tokamak.App.Members;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Integrations.Api;

/// <summary>How members are written and read by the API.</summary>
internal static class MemberJson
{
    private const int MostKeys = 20, MostConsents = 20;

    private static readonly string[] Kinds = [.. Enum.GetNames<KeyKind>().Select(JsonNamingPolicy.CamelCase.ConvertName)], Channels = [.. Enum.GetNames<MemberChannel>().Select(JsonNamingPolicy.CamelCase.ConvertName)];
    private static readonly string[] Languages = ["zh-TW", "en"];

    public static string NameOf(KeyKind kind) => Kinds[(int)kind];

    public static string NameOf(MemberChannel channel) => Channels[(int)channel];

    /// <summary>Somebody who joins. What is wrong with it is among the faults.</summary>
    public static Joining Joining(JsonElement json, string region, List<Fault> faults)
    {
        var node = new JsonNodeReader(json, "$", faults);
        if (!node.IsObject(["keys", "channel"], ["name", "birthday", "language", "store", "staff", "consents", "evenSo"])) return new Joining([], MemberChannel.System);
        var birthday = node.Field("birthday")?.Date();
        return new Joining(
            Keys(node, region, faults), ChannelOf(node), node.Field("name") is { } name ? Name(name) : null, birthday,
            node.Field("language") is { } language ? Languages[language.Word(Languages)] : null, node.Field("store") is { } store ? new StoreId(Store(store)) : null, node.Field("staff") is { } staff ? new StaffId(Id(staff)) : null,
            Consents(node), node.Field("evenSo")?.Flag() ?? false);
    }

    /// <summary>What is right about somebody. What is wrong with it is among the faults.</summary>
    public static Correction Correction(JsonElement json, List<Fault> faults)
    {
        var node = new JsonNodeReader(json, "$", faults);
        if (!node.IsObject([], ["name", "birthday"])) return new Correction();
        var right = new Correction(node.Field("name") is { } name ? Name(name) : null, node.Field("birthday")?.Date());
        if (right == new Correction() && faults.Count == 0) node.Refuse("must say a name or a birthday");
        return right;
    }

    public static Language LanguageOf(JsonNodeReader language) => language.Word(Languages) == 1 ? Language.English : Language.Chinese;

    /// <summary>The field <c>channel</c>.</summary>
    public static MemberChannel ChannelOf(JsonNodeReader node) => node.Field("channel") is { } channel ? (MemberChannel)channel.Word(Channels) : MemberChannel.System;

    /// <returns>Null: no channel.</returns>
    public static MemberChannel? ChannelOf(string text) => Array.IndexOf(Channels, text) is >= 0 and var which ? (MemberChannel)which : null;

    /// <summary>The field <c>keys</c>.</summary>
    public static IReadOnlyList<ClaimedKey> Keys(JsonNodeReader node, string region, List<Fault> faults)
    {
        if (node.Field("keys") is not { } list) return [];
        List<ClaimedKey> claims = [];
        foreach (var item in list.Items().Take(MostKeys + 1))
        {
            if (!item.IsObject(["kind", "value"], ["proved"]) || item.Field("kind") is not { } kind || item.Field("value") is not { } value) continue;
            if (KeyOf(kind, value, region) is { } key) claims.Add(new ClaimedKey(key, item.Field("proved")?.Flag() ?? false));
        }
        if (claims.Count is 0 or > MostKeys && faults.Count == 0) list.Refuse($"must have 1 to {MostKeys} keys");
        return claims;
    }

    public static MemberKey? KeyOf(JsonNodeReader kind, JsonNodeReader value, string region)
    {
        var which = (KeyKind)kind.Word(Kinds);
        if (MemberKey.TryRead(which, value.Text(), NumberingFile.Plans, region, out var key)) return key;
        value.Refuse(which switch
        {
            KeyKind.Phone => "must be somebody's phone number, such as 0912-345-678 or +886912345678",
            KeyKind.Email => "must be an e-mail address, such as ming@example.tw",
            KeyKind.Line => "must be the user id that LINE gives: U and 32 hexadecimal digits",
            KeyKind.Card => "must be the number on the card: letters and digits",
            _ => "must be the system's name, a colon and its id, such as pos:12345",
        });
        return null;
    }

    /// <summary>The field <c>consents</c>.</summary>
    public static IReadOnlyList<SaidConsent> Consents(JsonNodeReader node)
    {
        if (node.Field("consents") is not { } list) return [];
        List<SaidConsent> said = [];
        foreach (var item in list.Items().Take(MostConsents + 1))
        {
            if (!item.IsObject(["purpose", "given", "wording"], [])) continue;
            said.Add(new SaidConsent(Word(item.Field("purpose"), Members.Consents.MostLettersOfName), item.Field("given")?.Flag() ?? false, Word(item.Field("wording"), MemberText.MostLettersOfWording)));
        }
        if (said.Count > MostConsents) list.Refuse($"may have {MostConsents} at most");
        return said;
    }

    private static string Word(JsonNodeReader? node, int mostLetters)
    {
        var text = node?.Text() ?? "";
        if (!MemberText.IsWord(text, mostLetters)) node?.Refuse($"must be 1 to {mostLetters} letters, digits, '-', '_' or '.'");
        return text;
    }

    private static string Id(JsonNodeReader node)
    {
        var text = node.Text();
        if (!FactForm.IsId(text)) node.Refuse("must be an id, as facts name it");
        return text;
    }

    private static string Store(JsonNodeReader node)
    {
        var id = Id(node);
        if (id == StoreId.Online.Value) node.Refuse("must be a store; leave it out where it was online");
        return id;
    }

    private static string Name(JsonNodeReader node)
    {
        var text = node.Text().Trim();
        if (!MemberText.IsName(text)) node.Refuse($"must be 1 to {MemberText.MostLettersOfName} letters on one line");
        return text;
    }

    /// <summary>Members on a list; names are masked.</summary>
    public static void Write(Utf8JsonWriter json, ListedMembers listed)
    {
        json.WriteStartArray("members"u8);
        foreach (var member in listed.Members)
        {
            json.WriteStartObject();
            json.WriteString("member"u8, member.Member.Value);
            if (member.Name is { } name) json.WriteString("name"u8, KeyMask.OfName(name));
            json.WriteString("joinedAt"u8, member.Joined.ToString());
            json.WriteString("channel"u8, NameOf(member.Channel));
            if (member.Store is { } store) json.WriteString("store"u8, store.Value);
            json.WriteBoolean("mayBeWrittenTo"u8, member.MayBeWrittenTo);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (listed.HasOlder) json.WriteString("next"u8, Cursor.Of(listed.Members[^1].Place.ToString()));
    }

    /// <summary>What is known of a member, masked unless the caller may see it in full.</summary>
    public static void Write(Utf8JsonWriter json, Profile profile, bool inFull)
    {
        json.WriteString("member"u8, profile.Member.Value);
        json.WriteStartArray("ids"u8);
        foreach (var id in profile.Ids) json.WriteStringValue(id.Value);
        json.WriteEndArray();
        if (profile.Name is { } name) json.WriteString("name"u8, inFull ? name : KeyMask.OfName(name));
        if (inFull && profile.Person?.Birthday is { } birthday) json.WriteString("birthday"u8, birthday.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        if (profile.Person is { } person)
        {
            json.WriteString("joinedAt"u8, new Instant(person.JoinedAtTicks).ToString());
            json.WriteString("channel"u8, NameOf(person.Channel));
        }
        WriteKeys(json, profile, inFull);
        WriteConsents(json, profile);
        json.WriteStartObject("bought"u8);
        json.WriteNumber("count"u8, profile.Totals.Count);
        json.WriteNumber("net"u8, (long)profile.Totals.Net);
        json.WriteNumber("inStores"u8, (long)profile.Totals.InStores);
        if (profile.Totals.Last is { } last) json.WriteString("last"u8, last.ToString());
        json.WriteEndObject();
        if (profile.Binding?.Binding is not { } binding) return;
        json.WriteStartObject("owner"u8);
        json.WriteString("store"u8, binding.Store.Value);
        if (binding.Staff is { } staff) json.WriteString("staff"u8, staff.Value);
        json.WriteString("until"u8, binding.ExpiresOn.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    private static void WriteKeys(Utf8JsonWriter json, Profile profile, bool inFull)
    {
        json.WriteStartArray("keys"u8);
        foreach (var key in profile.Keys)
        {
            json.WriteStartObject();
            json.WriteString("kind"u8, NameOf(key.Key.Kind));
            json.WriteString("value"u8, inFull ? key.Key.Value : KeyMask.Of(key.Key));
            json.WriteBoolean("proved"u8, key.Proved is not null);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteConsents(Utf8JsonWriter json, Profile profile)
    {
        json.WriteStartArray("consents"u8);
        foreach (var state in profile.Consents)
        {
            json.WriteStartObject();
            json.WriteString("purpose"u8, state.Purpose);
            json.WriteBoolean("given"u8, state.Given);
            json.WriteString("since"u8, state.Since.ToString());
            json.WriteString("wording"u8, state.Wording);
            json.WriteString("channel"u8, NameOf(state.Channel));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
