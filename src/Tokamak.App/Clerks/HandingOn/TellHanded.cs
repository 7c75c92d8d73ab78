using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Brands;
using Tokamak.App.Data;
using Tokamak.App.Members;
using Tokamak.App.Members.Verification;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.HandingOn;

/// <summary>
/// Tells members by message that their clerk has left, who is to look after them and until when they may refuse: a notice about what they
/// have with the brand, for which nobody need have agreed to marketing. Each try is written down before it leaves, and that it was taken
/// right after; after a crash in between the same message leaves again under the same id, by which whoever sends it tells it from a second.
/// </summary>
public sealed class TellHanded(MessageSenders senders, VerificationTerms terms, TimeProvider time)
{
    public const int MostTries = 8;

    private const int AtOnce = 20, IdBytes = 16;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);

    /// <summary>Whether anything sends messages here; if not, nobody is to be told by one.</summary>
    public bool CanTell => senders.Sms is not null || senders.Email is not null;

    /// <summary>The next members, some at a time. No message leaves inside of a turn.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> StepAsync(BrandDatabase brand, CancellationToken stop)
    {
        var now = new Instant(time.GetUtcNow().UtcTicks);
        await using (var look = await brand.BeginReadAsync(stop))
            if (await look.CountAsync("select count(*) from handing_notice where state = 0 and next_try_ticks <= @now", stop, ("now", now.Ticks)) == 0) return false;
        List<(HandingNoticeRow Row, Message? Message)> looked;
        await using (var turn = await brand.BeginWriteAsync(stop))
        {
            looked = await BeginAsync(turn, brand.Name, now, stop);
            await turn.UpsertAsync<HandingNoticeRow>(looked.ConvertAll(one => one.Row), stop);
            await turn.CommitAsync(stop);
        }
        foreach (var (row, message) in looked)
            if (message is not null && await senders.Find(message.Channel)!.SendAsync(message, stop)) await NoteAsync(brand, row, stop);
        return looked.Count == AtOnce;
    }

    /// <summary>Of the next members, who is to be told what; the others are settled.</summary>
    private async Task<List<(HandingNoticeRow Row, Message? Message)>> BeginAsync(Turn turn, string brand, Instant now, CancellationToken stop)
    {
        await using var books = turn.Books();
        var due = await books.HandingNotices.Where(row => row.State == HandingNoticeState.Waits && row.NextTryTicks <= now.Ticks).OrderBy(row => row.NextTryTicks).ThenBy(row => row.Member).Take(AtOnce).ToListAsync(stop);
        if (due.Count == 0 || await BookRules.PolicyAsync(turn, stop) is not { } policy) return [];
        var (ids, names, home) = (due.ConvertAll(row => row.Member), await StoredNames.ReadAsync(turn, stop), await Regions.OfAsync(turn, stop));
        var plans = due.ConvertAll(row => row.Handing);
        var handings = await books.Handings.Where(row => plans.Contains(row.Id)).ToDictionaryAsync(row => row.Id, stop);
        var waiting = (await books.HandingMembers.Where(row => ids.Contains(row.Member) && row.State == HandingOutcome.Waits).ToListAsync(stop)).ToDictionary(row => (row.Handing, row.Member));
        var roots = await books.Members.Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, row => new MemberId(row.Root), stop);
        var families = await KeyHolders.FamiliesAsync(turn, [.. roots.Values.Distinct()], stop);
        var theirs = families.Values.SelectMany(family => family).Select(id => id.Value).ToList();
        var keys = (await books.MemberKeys.Where(key => theirs.Contains(key.Member) && key.ProvedAtTicks != null).OrderBy(key => key.Kind).ThenByDescending(key => key.ProvedAtTicks).ToListAsync(stop)).ToLookup(key => key.Member);
        var languages = await books.People.Where(person => theirs.Contains(person.Member) && person.Language != null).ToDictionaryAsync(person => person.Member, person => person.Language, stop);
        var gone = (await books.Erasures.Where(row => theirs.Contains(row.Member) && row.ErasedOn != null).Select(row => row.Member).ToListAsync(stop)).ToHashSet();
        var today = policy.Zone.DayOf(now);
        return due.ConvertAll(row =>
        {
            var handing = handings[row.Handing];
            var family = roots.TryGetValue(row.Member, out var root) ? families[root] : [];
            if (handing.State != HandingState.Waits || !waiting.TryGetValue((row.Handing, row.Member), out var member) || family.Exists(id => gone.Contains(id.Value)))
                return (row with { State = HandingNoticeState.NotNeeded }, (Message?)null);
            if (handing.RefuseUntil < today || row.Tries >= MostTries || WayTo(family.SelectMany(id => keys[id.Value]), home) is not { } way)
                return (row with { State = HandingNoticeState.NotReached }, null);
            var language = family.Select(id => Language.Find(languages.GetValueOrDefault(id.Value))).FirstOrDefault(found => found is not null) ?? Language.Chinese;
            var expires = policy.Zone.InstantOf(handing.RefuseUntil.AddDays(1).ToDateTime(TimeOnly.MinValue));
            var message = new Message(IdOf(row), way.Channel, brand, way.Key, language, MessagePurpose.HandingOn, TextOf(language, names, brand, handing, member), expires);
            return (row with { Tries = row.Tries + 1, NextTryTicks = now.Ticks + (FirstPause.Ticks << (2 * row.Tries)) }, message);
        });
    }

    /// <summary>A number first, then an address, of those that they proved: a key that was only said may be somebody else's.</summary>
    private (MessageChannel Channel, MemberKey Key)? WayTo(IEnumerable<MemberKeyRow> proved, string home)
    {
        foreach (var row in proved.OrderBy(row => (KeyKind)row.Kind != KeyKind.Phone))
            if (MessageSenders.ChannelOf((KeyKind)row.Kind) is { } channel && senders.Find(channel) is not null && new MemberKey((KeyKind)row.Kind, row.Value) is var key && terms.MayReach(key, home))
                return (channel, key);
        return null;
    }

    private static string TextOf(Language language, BrandNames names, string brand, HandingRow handing, HandingMemberRow member)
    {
        var (t, show) = (Texts.In(language), new Show(language, Currency.Taiwan));
        var (from, to) = (names.StaffName(new StaffId(handing.Staff)), names.StaffName(new StaffId(member.Successor)));
        return t["handing.message", names.Brand ?? brand, from, show.Day(handing.RefuseUntil.AddDays(1)), to, show.Day(handing.RefuseUntil), handing.Address ?? ""];
    }

    private async Task NoteAsync(BrandDatabase brand, HandingNoticeRow row, CancellationToken stop)
    {
        await using var turn = await brand.BeginWriteAsync(stop);
        await turn.ExecuteAsync(
            "update handing_notice set state = @told, told_at_ticks = @at where handing = @handing and member = @member and state = @waits", stop,
            ("told", (short)HandingNoticeState.Told), ("at", time.GetUtcNow().UtcTicks), ("handing", row.Handing), ("member", row.Member), ("waits", (short)HandingNoticeState.Waits));
        await turn.CommitAsync(stop);
    }

    /// <summary>The same in every try, and nothing that tells who it is.</summary>
    private static string IdOf(HandingNoticeRow row) => "msg_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"told {row.Handing} {row.Member}")).AsSpan(0, IdBytes));
}
