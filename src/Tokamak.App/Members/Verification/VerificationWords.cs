using System.Globalization;
using Tokamak.App.Web;
using Tokamak.Core.Members;

namespace Tokamak.App.Members.Verification;

/// <summary>What people are told about codes, in the message and on the pages.</summary>
public static class VerificationWords
{
    public static string Message(Texts t, string brand, string code) => t["code.message", brand, code, Number(VerificationRules.GoodForMinutes)];

    /// <summary>Why no code is on its way; and where one is, for how long it is good.</summary>
    public static string Of(Texts t, SendAnswer answer) => answer.Outcome switch
    {
        SendOutcome.Sent => t["code.sent", Number((int)answer.Time.TotalMinutes)],
        SendOutcome.Wait when answer.Time <= TimeSpan.FromMinutes(1) => t["code.wait.seconds", Number((int)Math.Ceiling(answer.Time.TotalSeconds))],
        SendOutcome.Wait => t["code.wait.minutes", Number((int)Math.Ceiling(answer.Time.TotalMinutes))],
        SendOutcome.TooMany => t["code.toomany"],
        SendOutcome.NotReachable => t["code.notreachable"],
        SendOutcome.NotSent => t["code.notsent"],
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer.Outcome, null),
    };

    /// <summary>Why a code proves nothing; null where it does.</summary>
    public static string? Of(Texts t, CheckAnswer answer) => answer.Verdict switch
    {
        CodeVerdict.Right => null,
        CodeVerdict.Wrong => t["code.wrong", Number(answer.TriesLeft)],
        CodeVerdict.Expired => t["code.expired"],
        CodeVerdict.UsedUp => t["code.usedup"],
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer.Verdict, null),
    };

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);
}
