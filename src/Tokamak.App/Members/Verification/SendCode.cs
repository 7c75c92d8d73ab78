using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Members.Verification;

/// <param name="Key">In its canonical form.</param>
/// <param name="Purpose">What for.</param>
/// <param name="From">Where the request came from.</param>
/// <param name="Language">What the message is written in.</param>
/// <param name="BrandName">What the message calls the brand.</param>
public sealed record CodeRequest(MemberKey Key, VerificationPurpose Purpose, IPAddress? From, Language Language, string BrandName);

public enum SendOutcome
{
    Sent,

    /// <summary>Soon, not yet.</summary>
    Wait,

    /// <summary>No more today, or in this hour; for every cap the same.</summary>
    TooMany,

    /// <summary>No message goes there: no such channel here, another country, a number that takes none.</summary>
    NotReachable,

    /// <summary>Whoever sends the messages did not take it.</summary>
    NotSent,
}

/// <param name="Challenge">Once sent: what the browser keeps and gives back with the code.</param>
/// <param name="Time">Once sent, how long the code is good; else how long to wait.</param>
public sealed record SendAnswer(SendOutcome Outcome, string? Challenge = null, TimeSpan Time = default);

/// <summary>Six random digits.</summary>
public delegate string NextCode();

/// <summary>
/// Sends a code to a key. It looks up no member, so that answer and timing are the same whether there is one with the key or not.
/// What was sent is counted in the brand's database before it leaves, in a turn of its writer: callers of all nodes follow one another.
/// </summary>
public sealed partial class SendCode(HashSecret secrets, ChallengeTokens tokens, MessageSenders senders, VerificationTerms terms, NextCode nextCode, TimeProvider time, ILogger<SendCode> log)
{
    private const int IdBytes = 16;

    /// <summary>What <see cref="NextCode"/> is outside tests.</summary>
    public static string RandomCode() => RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);

    public async Task<SendAnswer> RunAsync(BrandDatabase brand, CodeRequest asked, CancellationToken stop)
    {
        if (MessageSenders.ChannelOf(asked.Key.Kind) is not { } channel || senders.Find(channel) is not { } sender || !await MayReachAsync(brand, asked.Key, stop)) return new(SendOutcome.NotReachable);
        var hashes = await VerificationHashes.OfAsync(secrets, brand.Name, stop);
        var (id, code) = (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)), nextCode());
        var row = new VerificationRow { Id = id, KeyHash = hashes.OfKey(asked.Key), SourceHash = asked.From is null ? hashes.OfKey(asked.Key) : hashes.OfSource(asked.From), CodeHash = hashes.OfCode(id, code), SentAtTicks = 0 };
        var (decision, sentAt) = await CountAsync(brand, row, stop);
        if (decision.Verdict is SendVerdict.TooManyOfSource or SendVerdict.TooManyOfBrand) Stopped(log, brand.Name, decision.Verdict);
        if (decision.Verdict != SendVerdict.Send) return new(decision.Verdict == SendVerdict.Wait ? SendOutcome.Wait : SendOutcome.TooMany, Time: TimeSpan.FromSeconds(decision.WaitSeconds));

        var text = VerificationWords.Message(Texts.In(asked.Language), asked.BrandName, code);
        var expires = new Instant(sentAt.Ticks + VerificationRules.GoodForTicks);
        // One that was not taken may have been sent all the same, and cost: it stays counted.
        return await sender.SendAsync(new Message($"msg_{id}", channel, brand.Name, asked.Key, asked.Language, PurposeOf(asked.Purpose), text, expires), stop)
            ? new(SendOutcome.Sent, tokens.Make(brand.Name, asked.Purpose, id, asked.Key), TimeSpan.FromTicks(VerificationRules.GoodForTicks))
            : new(SendOutcome.NotSent);
    }

    private static MessagePurpose PurposeOf(VerificationPurpose purpose) => purpose switch
    {
        VerificationPurpose.Join => MessagePurpose.Join,
        VerificationPurpose.SignIn => MessagePurpose.SignIn,
        VerificationPurpose.AddKey => MessagePurpose.AddKey,
        _ => throw new ArgumentOutOfRangeException(nameof(purpose), purpose, null),
    };

    private async Task<bool> MayReachAsync(BrandDatabase brand, MemberKey key, CancellationToken stop)
    {
        await using var turn = await brand.BeginReadAsync(stop);
        return terms.MayReach(key, await Regions.OfAsync(turn, stop));
    }

    private async Task<(SendDecision Decision, Instant At)> CountAsync(BrandDatabase brand, VerificationRow row, CancellationToken stop)
    {
        // Looked up first without the writer's turn, so that whoever asks on and on does not hold up sales.
        await using (var look = await brand.BeginReadAsync(stop))
            if (await DecideAsync(look, row, Now, stop) is { Verdict: not SendVerdict.Send } refused) return (refused, Now);
        await using var turn = await brand.BeginWriteAsync(stop);
        var now = Now;
        var decision = await DecideAsync(turn, row, now, stop);
        if (decision.Verdict != SendVerdict.Send) return (decision, now);
        await turn.ExecuteAsync(
            "update verification set ended = @replaced where key_hash = @key and ended = @open", stop,
            ("replaced", (short)ChallengeEnd.Replaced), ("key", row.KeyHash), ("open", (short)ChallengeEnd.Open));
        await turn.InsertAsync([row with { SentAtTicks = now.Ticks }], stop);
        await turn.CommitAsync(stop);
        return (decision, now);
    }

    private async Task<SendDecision> DecideAsync(Turn turn, VerificationRow row, Instant now, CancellationToken stop)
    {
        var day = now.Ticks - VerificationRules.CountedForTicks;
        var ofKey = await turn.ReadAsync(
            "select sent_at_ticks, tries from verification where key_hash = @key and sent_at_ticks > @day order by sent_at_ticks desc",
            one => (SentAt: new Instant(one.GetInt64(0)), Tries: one.GetInt32(1)), stop, ("key", row.KeyHash), ("day", day));
        var ofSource = await turn.CountAsync(
            "select count(*) from verification where source_hash = @source and sent_at_ticks > @hour", stop, ("source", row.SourceHash), ("hour", now.Ticks - VerificationRules.SourceTicks));
        var ofBrand = await turn.CountAsync("select count(*) from verification where sent_at_ticks > @day", stop, ("day", day));
        var before = new SentBefore([.. ofKey.Select(one => one.SentAt)], ofKey.Sum(one => one.Tries), (int)ofSource, (int)ofBrand)
        {
            SourceFilledAt = ofSource < VerificationRules.MostOfSourceAnHour ? null
                : await NthLatestAsync(turn, "source_hash = @source and ", VerificationRules.MostOfSourceAnHour, now.Ticks - VerificationRules.SourceTicks, stop, ("source", row.SourceHash)),
            BrandFilledAt = ofBrand < terms.MostADay || terms.MostADay == 0 ? null : await NthLatestAsync(turn, "", terms.MostADay, day, stop),
        };
        return VerificationRules.MaySend(before, terms.MostADay, now);
    }

    /// <summary>Once this one counts no more, there are fewer than so many.</summary>
    private static async Task<Instant?> NthLatestAsync(Turn turn, string where, int most, long since, CancellationToken stop, params (string, object?)[] given)
    {
        var found = await turn.ReadAsync(
            $"select sent_at_ticks from verification where {where}sent_at_ticks > @since order by sent_at_ticks desc limit 1 offset @skipped", one => new Instant(one.GetInt64(0)), stop,
            [.. given, ("since", since), ("skipped", most - 1)]);
        return found.Count == 0 ? null : found[0];
    }

    private Instant Now => new(time.GetUtcNow().UtcTicks);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A code of {Brand} was asked for and not sent ({Verdict}): look at who asks, or raise --codes-a-day.")]
    private static partial void Stopped(ILogger log, string brand, SendVerdict verdict);
}
