using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Xunit;

namespace Tokamak.Core.Tests.Members;

public sealed class VerificationRulesTests
{
    private static readonly Instant Noon = new(new DateTime(2026, 11, 22, 12, 0, 0, DateTimeKind.Utc).Ticks);
    private static readonly Challenge Fresh = new(Noon, 0, ChallengeEnd.Open);
    private static readonly SentBefore Nothing = new([], 0, 0, 0);

    [Fact]
    public void The_right_code_proves_once()
    {
        var weighed = VerificationRules.Weigh(Fresh, 0, true, Noon);
        Assert.Equal((CodeVerdict.Right, ChallengeEnd.Used, 1), (weighed.Verdict, weighed.After.End, weighed.After.Tries));
        Assert.Equal(new Weighed(CodeVerdict.UsedUp, weighed.After, 0), VerificationRules.Weigh(weighed.After, 1, true, Noon));
    }

    [Fact]
    public void Five_codes_are_weighed_and_no_sixth()
    {
        var (challenge, verdicts) = (Fresh, new List<(CodeVerdict, int)>());
        for (var tries = 0; tries < 6; tries++)
        {
            var weighed = VerificationRules.Weigh(challenge, tries, tries == 5, Noon);
            verdicts.Add((weighed.Verdict, weighed.TriesLeft));
            challenge = weighed.After;
        }
        Assert.Equal([(CodeVerdict.Wrong, 4), (CodeVerdict.Wrong, 3), (CodeVerdict.Wrong, 2), (CodeVerdict.Wrong, 1), (CodeVerdict.UsedUp, 0), (CodeVerdict.UsedUp, 0)], verdicts);
        Assert.Equal(VerificationRules.MostTries, challenge.Tries);
    }

    [Theory]
    [InlineData(599, CodeVerdict.Right)]
    [InlineData(600, CodeVerdict.Expired)]
    public void A_code_is_good_for_ten_minutes(int seconds, CodeVerdict verdict) => Assert.Equal(verdict, VerificationRules.Weigh(Fresh, 0, true, After(seconds)).Verdict);

    [Fact]
    public void A_code_that_was_replaced_is_not_weighed()
    {
        var replaced = Fresh with { End = ChallengeEnd.Replaced };
        Assert.Equal(new Weighed(CodeVerdict.Expired, replaced, 0), VerificationRules.Weigh(replaced, 0, true, Noon));
    }

    [Theory]
    [InlineData(18, CodeVerdict.Wrong, 1)]
    [InlineData(19, CodeVerdict.UsedUp, 0)]
    [InlineData(20, CodeVerdict.UsedUp, 0)]
    public void Tries_of_a_key_count_over_all_its_codes(int triesOfKey, CodeVerdict verdict, int left)
    {
        var weighed = VerificationRules.Weigh(Fresh, triesOfKey, false, Noon);
        Assert.Equal((verdict, left), (weighed.Verdict, weighed.TriesLeft));
        Assert.Equal(triesOfKey < 20, VerificationRules.Weigh(Fresh, triesOfKey, true, Noon).Verdict == CodeVerdict.Right);
    }

    [Fact]
    public void The_first_code_is_sent() => Assert.Equal(SendVerdict.Send, VerificationRules.MaySend(Nothing, 1, Noon).Verdict);

    [Theory]
    [InlineData(29, 1)]
    [InlineData(0, 30)]
    [InlineData(30, 0)]
    public void Between_two_codes_are_thirty_seconds(int seconds, int wait) => Assert.Equal(wait, VerificationRules.MaySend(Nothing with { OfKey = [Noon] }, 9, After(seconds)).WaitSeconds);

    [Fact]
    public void The_fourth_code_waits_until_the_first_is_ten_minutes_old()
    {
        var before = Nothing with { OfKey = [After(240), After(120), Noon] };
        Assert.Equal(new SendDecision(SendVerdict.Wait, 300), VerificationRules.MaySend(before, 9, After(300)));
        Assert.Equal(SendVerdict.Send, VerificationRules.MaySend(before, 9, After(600)).Verdict);
    }

    [Fact]
    public void Whatever_is_full_says_so_before_how_long_to_wait()
    {
        var hour = Enumerable.Range(0, 9).Select(back => After(-3600 * back)).ToList();
        Assert.Equal(SendVerdict.Wait, VerificationRules.MaySend(Nothing with { OfKey = hour }, 99, Noon).Verdict);
        Assert.Equal(SendVerdict.TooManyOfKey, VerificationRules.MaySend(Nothing with { OfKey = [.. hour, After(-80_000)] }, 99, Noon).Verdict);
        Assert.Equal(SendVerdict.TooManyOfKey, VerificationRules.MaySend(Nothing with { OfKey = hour, TriesOfKey = 20 }, 99, Noon).Verdict);
        Assert.Equal(SendVerdict.TooManyOfSource, VerificationRules.MaySend(Nothing with { OfKey = hour, OfSource = 20 }, 99, Noon).Verdict);
        Assert.Equal(SendVerdict.TooManyOfBrand, VerificationRules.MaySend(Nothing with { OfKey = hour, OfBrand = 99 }, 99, Noon).Verdict);
        Assert.Equal(SendVerdict.TooManyOfBrand, VerificationRules.MaySend(Nothing, 0, Noon).Verdict);
    }

    [Fact]
    public void Whatever_is_full_says_when_there_is_room_again()
    {
        var day = Enumerable.Range(0, 10).Select(back => After(-3600 * back)).ToList();
        Assert.Equal(new SendDecision(SendVerdict.TooManyOfKey, (24 - 9) * 3600), VerificationRules.MaySend(Nothing with { OfKey = day }, 99, Noon));
        Assert.Equal(new SendDecision(SendVerdict.TooManyOfSource, 3600 - 120), VerificationRules.MaySend(Nothing with { OfSource = 20, SourceFilledAt = After(-120) }, 99, Noon));
        Assert.Equal(new SendDecision(SendVerdict.TooManyOfBrand, 86_400 - 60), VerificationRules.MaySend(Nothing with { OfBrand = 99, BrandFilledAt = After(-60) }, 99, Noon));
    }

    /// <summary>Whoever asks and guesses for two days as they like, a key gives them no more than it should in any day.</summary>
    [Fact]
    public void Whatever_somebody_does_few_codes_are_sent_and_few_are_weighed()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var dice = new Random(seed);
            List<(Challenge Challenge, bool Proved)> all = [];
            var now = Noon;
            while (now < After(2 * 86_400))
            {
                now = new Instant(now.Ticks + (dice.Next(dice.Next(2) == 0 ? 20 : 2_000) * TimeSpan.TicksPerSecond));
                var day = all.Where(one => now.Ticks - one.Challenge.SentAt.Ticks < TimeSpan.TicksPerDay).ToList();
                var tries = day.Sum(one => one.Challenge.Tries);
                Assert.True(tries <= VerificationRules.MostTriesOfKeyADay && day.Count <= VerificationRules.MostOfKeyADay, $"seed {seed}");
                if (dice.Next(3) == 0)
                {
                    var sentAt = day.Select(one => one.Challenge.SentAt).OrderDescending().ToList();
                    if (VerificationRules.MaySend(new SentBefore(sentAt, tries, 0, 0), 999, now).Verdict != SendVerdict.Send) continue;
                    Assert.True(sentAt.Count(at => now.Ticks - at.Ticks < 10 * TimeSpan.TicksPerMinute) < 3 && (sentAt.Count == 0 || now.Ticks - sentAt[0].Ticks >= 30 * TimeSpan.TicksPerSecond), $"seed {seed}");
                    all = [.. all.Select(one => one.Challenge.End == ChallengeEnd.Open ? (one.Challenge with { End = ChallengeEnd.Replaced }, one.Proved) : one), (new Challenge(now, 0, ChallengeEnd.Open), false)];
                }
                else if (all.Count > 0)
                {
                    var at = dice.Next(Math.Max(0, all.Count - 3), all.Count);
                    var (challenge, proved) = all[at];
                    var weighed = VerificationRules.Weigh(challenge, tries, dice.Next(4) == 0, now);
                    var right = weighed.Verdict == CodeVerdict.Right;
                    Assert.False(right && (proved || at != all.Count - 1 || now.Ticks - challenge.SentAt.Ticks >= VerificationRules.GoodForTicks), $"seed {seed}");
                    Assert.InRange(weighed.After.Tries, challenge.Tries, VerificationRules.MostTries);
                    all[at] = (weighed.After, proved || right);
                }
            }
        }
    }

    private static Instant After(int seconds) => new(Noon.Ticks + (seconds * TimeSpan.TicksPerSecond));
}
