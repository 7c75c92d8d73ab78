using Tokamak.Core.Kernel;

namespace Tokamak.Core.Members;

/// <summary>How a challenge has ended.</summary>
public enum ChallengeEnd : short
{
    /// <summary>Not yet, unless it is too old.</summary>
    Open,

    /// <summary>A newer code was sent for the same key.</summary>
    Replaced,

    /// <summary>The right code came: it proves a key once.</summary>
    Used,
}

/// <summary>A code that was sent to a key.</summary>
/// <param name="SentAt">When.</param>
/// <param name="Tries">Codes that were weighed against it so far, the right one included.</param>
/// <param name="End">Whether it still counts.</param>
public readonly record struct Challenge(Instant SentAt, int Tries, ChallengeEnd End);

/// <summary>What comes of a code that somebody types.</summary>
public enum CodeVerdict
{
    /// <summary>The key is theirs.</summary>
    Right,

    /// <summary>It is another; there are tries left.</summary>
    Wrong,

    /// <summary>Too old, or a newer one was sent.</summary>
    Expired,

    /// <summary>Used before, or tried too often.</summary>
    UsedUp,
}

/// <param name="Verdict">What to answer.</param>
/// <param name="After">The challenge from now on; unchanged where the code was not weighed at all.</param>
/// <param name="TriesLeft">How many more may come.</param>
public readonly record struct Weighed(CodeVerdict Verdict, Challenge After, int TriesLeft);

/// <summary>What was sent before, whoever asked for it.</summary>
/// <param name="OfKey">When codes were sent to this key in the last day, the latest first.</param>
/// <param name="TriesOfKey">Codes weighed for this key, over all its challenges of the last day.</param>
/// <param name="OfSource">Codes that the same network address asked for in the last hour.</param>
/// <param name="OfBrand">Codes of the whole brand in the last day.</param>
public sealed record SentBefore(IReadOnlyList<Instant> OfKey, int TriesOfKey, int OfSource, int OfBrand)
{
    /// <summary>Where so many of the address count that no more may come: when the one was sent with which there is room again.</summary>
    public Instant? SourceFilledAt { get; init; }

    /// <summary>Likewise of the brand.</summary>
    public Instant? BrandFilledAt { get; init; }
}

/// <summary>Whether another code may be sent.</summary>
public enum SendVerdict
{
    Send,

    /// <summary>Soon, not yet.</summary>
    Wait,

    /// <summary>No more to this key today.</summary>
    TooManyOfKey,

    /// <summary>No more for this network address in this hour.</summary>
    TooManyOfSource,

    /// <summary>No more of this brand today: somebody has it send messages for money, or it has grown.</summary>
    TooManyOfBrand,
}

/// <param name="WaitSeconds">How long to wait at least; 0 where a code may be sent.</param>
public readonly record struct SendDecision(SendVerdict Verdict, int WaitSeconds = 0);

/// <summary>
/// A key is proved by a code that was sent to it. Six digits are guessed once in a million: five tries a code and twenty tries a key
/// and day leave whoever guesses one chance in fifty thousand a day, however many codes they have sent.
/// </summary>
public static class VerificationRules
{
    public const int Digits = 6, MostTries = 5, MostTriesOfKeyADay = 20;
    public const int GoodForMinutes = 10, FewestSecondsBetween = 30;
    public const int MostOfKeyLately = 3, LatelyMinutes = 10, MostOfKeyADay = 10, MostOfSourceAnHour = 20, MostOfBrandADay = 2_000;

    public const long GoodForTicks = GoodForMinutes * TimeSpan.TicksPerMinute;

    /// <summary>Nothing is counted for longer, so that nothing is kept for longer.</summary>
    public const long CountedForTicks = TimeSpan.TicksPerDay;

    /// <summary>So long a code counts for the network address that asked for it.</summary>
    public const long SourceTicks = TimeSpan.TicksPerHour;

    private const long LatelyTicks = LatelyMinutes * TimeSpan.TicksPerMinute, BetweenTicks = FewestSecondsBetween * TimeSpan.TicksPerSecond;

    /// <summary>Weighs a code against a challenge. What is no longer good is not weighed: nobody learns then whether it was right.</summary>
    /// <param name="challenge">As it is.</param>
    /// <param name="triesOfKey">Codes weighed for the key in the last day, over all its challenges.</param>
    /// <param name="matches">Whether the code's hash is the one that was kept.</param>
    /// <param name="now">When the code came.</param>
    public static Weighed Weigh(Challenge challenge, int triesOfKey, bool matches, Instant now)
    {
        if (challenge.End == ChallengeEnd.Used || challenge.Tries >= MostTries || triesOfKey >= MostTriesOfKeyADay) return new(CodeVerdict.UsedUp, challenge, 0);
        if (challenge.End == ChallengeEnd.Replaced || now.Ticks - challenge.SentAt.Ticks >= GoodForTicks) return new(CodeVerdict.Expired, challenge, 0);
        var after = challenge with { Tries = challenge.Tries + 1 };
        if (matches) return new(CodeVerdict.Right, after with { End = ChallengeEnd.Used }, 0);
        var left = Math.Min(MostTries - after.Tries, MostTriesOfKeyADay - triesOfKey - 1);
        return new(left > 0 ? CodeVerdict.Wrong : CodeVerdict.UsedUp, after, left);
    }

    /// <summary>Whether a code may be sent. What no short waiting helps against is said before how long to wait.</summary>
    /// <param name="before">What was sent before.</param>
    /// <param name="mostOfBrand">As many a day as the brand pays for.</param>
    /// <param name="now">When it is asked for.</param>
    public static SendDecision MaySend(SentBefore before, int mostOfBrand, Instant now)
    {
        // A code that could not be tried would be of no use.
        if (before.OfKey.Count >= MostOfKeyADay || before.TriesOfKey >= MostTriesOfKeyADay)
            return new(SendVerdict.TooManyOfKey, SecondsTo(before.OfKey.Count == 0 ? now : before.OfKey[Math.Min(MostOfKeyADay, before.OfKey.Count) - 1], CountedForTicks, now));
        if (before.OfSource >= MostOfSourceAnHour) return new(SendVerdict.TooManyOfSource, SecondsTo(before.SourceFilledAt ?? now, SourceTicks, now));
        if (before.OfBrand >= mostOfBrand) return new(SendVerdict.TooManyOfBrand, SecondsTo(before.BrandFilledAt ?? now, CountedForTicks, now));
        var until = Math.Max(
            before.OfKey.Count > 0 ? before.OfKey[0].Ticks + BetweenTicks : now.Ticks,
            before.OfKey.Count >= MostOfKeyLately ? before.OfKey[MostOfKeyLately - 1].Ticks + LatelyTicks : now.Ticks);
        return until > now.Ticks ? new(SendVerdict.Wait, SecondsTo(new Instant(until), 0, now)) : new(SendVerdict.Send);
    }

    private static int SecondsTo(Instant sent, long countedTicks, Instant now) => (int)Math.Max(0, (sent.Ticks + countedTicks - now.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond);
}
