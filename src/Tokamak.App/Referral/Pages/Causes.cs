using Tokamak.App.Referral.Reading;
using Tokamak.App.Web;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Pages;

/// <summary>What a posting came from, in a word or two.</summary>
public static class Causes
{
    public static string Of(Texts t, PostedCause cause) => cause switch
    {
        PostedCause.Sale => t["cause.sale"],
        PostedCause.Vest => t["cause.vest"],
        PostedCause.PerHandover => t["cause.perhandover"],
        PostedCause.Delivery => t["cause.delivery"],
        PostedCause.Handover => t["cause.handover"],
        PostedCause.Cancel => t["cause.cancel"],
        PostedCause.Refund => t["cause.refund"],
        PostedCause.Return => t["cause.return"],
        PostedCause.Correction => t["cause.correction"],
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, null),
    };

    public static string Of(Texts t, SaleChangeFact change) => Of(t, change switch
    {
        HandoverFact { Store: null } => PostedCause.Delivery,
        HandoverFact => PostedCause.Handover,
        CancelFact => PostedCause.Cancel,
        RefundFact => PostedCause.Refund,
        ReturnFact => PostedCause.Return,
        _ => throw new ArgumentOutOfRangeException(nameof(change), change.GetType().Name, null),
    });

    /// <summary>With the month whose closed period it corrects, where it does (R10).</summary>
    public static string Of(Texts t, Show show, PostedCause cause, DateOnly day, DateOnly forDay) =>
        day == forDay ? Of(t, cause) : $"{Of(t, cause)} {t["corrects", show.Month(Core.Kernel.Month.Of(forDay))]}";
}
