using Tokamak.App.Web;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Pages;

/// <summary>What a posting came from, in a word or two.</summary>
public static class Causes
{
    public static string Of(Texts t, Books books, CreditPosting credit) => Of(t, books, credit.Sale, credit.Cause);

    public static string Of(Texts t, Books books, CommissionPosting entry) =>
        entry.Cause == CommissionPosting.Vest ? t["cause.vest"]
        : entry.Line is null ? t["cause.perhandover"]
        : Of(t, books, entry.Sale, entry.Cause);

    public static string Of(Texts t, SaleChangeFact change) => change switch
    {
        HandoverFact { Store: null } => t["cause.delivery"],
        HandoverFact => t["cause.handover"],
        CancelFact => t["cause.cancel"],
        RefundFact => t["cause.refund"],
        ReturnFact => t["cause.return"],
        _ => throw new ArgumentOutOfRangeException(nameof(change), change.GetType().Name, null),
    };

    private static string Of(Texts t, Books books, FactId sale, FactId cause) =>
        cause == sale ? t["cause.sale"] : Of(t, books.ChangesOf(sale).First(change => change.Id == cause));
}
