using System.Security.Cryptography;
using Tokamak.App.Data;
using Tokamak.App.Web.Outgoing;

namespace Tokamak.App.Integrations.Webhooks;

/// <summary>How a receiver's row goes on: a message is begun, arrives, or fails and waits; who fails for days is paused.</summary>
internal static class WebhookProgress
{
    public static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(5), LongestWait = TimeSpan.FromHours(12), FailsAtMost = TimeSpan.FromDays(3);

    private const int Doublings = 14, JitterPercent = 20;

    /// <summary>The message from the cursor up to a number is under way from now on, and stays the same until it arrives.</summary>
    public static WebhookRow Begun(WebhookRow row, long upTo, long now) => row with { SendingSeq = upTo, BegunAtTicks = now };

    /// <summary>Nothing up to a number is for this receiver.</summary>
    public static WebhookRow Skipped(WebhookRow row, long upTo) => row with { CursorSeq = upTo };

    /// <param name="row">As it is now.</param>
    /// <param name="outcome">Of the message under way.</param>
    /// <param name="now">When the answer came.</param>
    /// <param name="jitter">From -1 to 1: how much of the room around the wait it takes, so that not all come back at once.</param>
    public static WebhookRow Tried(WebhookRow row, PostOutcome outcome, long now, double jitter)
    {
        var tried = row with { LastTryTicks = now, LastStatus = outcome.Status, LastFault = outcome.Fault };
        if (outcome.HasArrived)
            return tried with { CursorSeq = row.SendingSeq!.Value, SendingSeq = null, BegunAtTicks = null, Attempts = 0, FailingSinceTicks = null, NextTryTicks = 0, ArrivedAtTicks = now };
        var since = row.FailingSinceTicks ?? now;
        return tried with
        {
            Attempts = row.Attempts + 1, FailingSinceTicks = since, NextTryTicks = now + WaitAfter(row.Attempts + 1, jitter).Ticks,
            State = outcome.IsGone ? WebhookState.Disabled : now - since >= FailsAtMost.Ticks && row.State == WebhookState.Active ? WebhookState.Paused : row.State,
        };
    }

    /// <summary>It goes on at once, from another place or from where it stands; what is sent anew has other ids than before.</summary>
    public static WebhookRow Replayed(WebhookRow row, long? from) => row with
    {
        State = WebhookState.Active, Attempts = 0, FailingSinceTicks = null, NextTryTicks = 0,
        Round = from is null ? row.Round : row.Round + 1, CursorSeq = from ?? row.CursorSeq, SendingSeq = from is null ? row.SendingSeq : null, BegunAtTicks = from is null ? row.BegunAtTicks : null,
    };

    /// <summary>Twice as long after every failure, from 5 seconds to 12 hours.</summary>
    public static TimeSpan WaitAfter(int attempts, double jitter)
    {
        var wait = ShortestWait * Math.Pow(2, Math.Min(attempts - 1, Doublings));
        wait = (wait < LongestWait ? wait : LongestWait) * (1 + (jitter * JitterPercent / 100));
        return wait < ShortestWait ? ShortestWait : wait > LongestWait ? LongestWait : wait;
    }

    public static double Jitter() => (RandomNumberGenerator.GetInt32(2001) - 1000) / 1000.0;
}
