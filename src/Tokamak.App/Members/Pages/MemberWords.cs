using Tokamak.App.Data;
using Tokamak.App.Web;
using Tokamak.Core.Members;

namespace Tokamak.App.Members.Pages;

/// <summary>What is said about members, in the language of the page.</summary>
internal static class MemberWords
{
    public static string KindOf(KeyKind kind, Texts t) => kind switch
    {
        KeyKind.Phone => t["member.key.phone"],
        KeyKind.Email => t["member.key.email"],
        KeyKind.Line => t["member.key.line"],
        KeyKind.Card => t["member.key.card"],
        KeyKind.Foreign => t["member.key.foreign"],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public static string ChannelOf(MemberChannel channel, Texts t) => channel switch
    {
        MemberChannel.Store => t["member.channel.store"],
        MemberChannel.Web => t["member.channel.web"],
        MemberChannel.App => t["member.channel.app"],
        MemberChannel.Clerk => t["member.channel.clerk"],
        MemberChannel.Import => t["member.channel.import"],
        MemberChannel.System => t["member.channel.system"],
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, null),
    };

    /// <summary>Purposes that the product knows by name; a brand's own stay as it calls them.</summary>
    public static string PurposeOf(string purpose, Texts t) => purpose == Consents.Marketing ? t["member.consent.marketing"] : purpose;

    /// <summary>Why two may be one, the strongest reason first.</summary>
    public static IEnumerable<string> ReasonsOf(LikelyBecause because, Texts t)
    {
        foreach (var key in because.Shared) yield return t["member.same.key", KindOf(key.Kind, t), KeyMask.Of(key)];
        if (because.OneProved) yield return t["member.same.proved"];
        if (because.SameName) yield return t["member.same.name"];
        if (because.SameBirthday == true) yield return t["member.same.birthday"];
        if (because.SameBirthday == false) yield return t["member.same.otherbirthday"];
    }

    public static string LinkTo(MemberId member) => "/members/" + Uri.EscapeDataString(member.Value);

    public static string LinkTo(MemberId one, MemberId other) => $"/duplicates/{Uri.EscapeDataString(one.Value)}/{Uri.EscapeDataString(other.Value)}";
}
