using Tokamak.App.Brands;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Traces;

/// <summary>
/// Names, kinds, days and amounts as the sentences of a trace say them. Names from the data are marked (<see cref="NameMarks"/>).
/// </summary>
public sealed class TraceWords(BrandNames names, Texts texts, Show show)
{
    public string this[string key] => texts[key];

    public string this[string key, params string[] arguments] => texts[key, arguments];

    public string Clerk(StaffId staff) => NameMarks.Of(names.StaffName(staff));

    public string Store(StoreId store) => store == StoreId.Online ? texts["trace.online"] : NameMarks.Of(names.StoreName(store));

    /// <summary>The clerk, or the store where it is the store's own.</summary>
    public string Party(StaffId? staff, StoreId store) => staff is { } clerk ? texts["trace.clerkAt", Clerk(clerk), Store(store)] : texts["trace.storeItself", Store(store)];

    public string Party(Party party) => Party(party.Staff, party.Store);

    public string Day(DateOnly day) => show.Day(day);

    public string Money(Int128 amount) => show.Money(amount);

    public string Percent(long percent) => show.Count(percent) + "%";

    public string Count(long count) => show.Count(count);

    public string Rate(int basisPoints) => show.Rate(basisPoints);

    /// <summary>Commission is kept in ten-thousandths; shown in whole units, halves away from zero, as statements round.</summary>
    public string Commission(Int128 amountE4) => show.Money(InUnits(amountE4));

    public static Int128 InUnits(Int128 amountE4) => (Int128)Exact.DivRoundHalfAwayFromZero(amountE4, CommissionRules.Scale);

    public string Role(Role role) => role switch
    {
        Core.Referral.Role.Owner => texts["role.owner"],
        Core.Referral.Role.Closer => texts["role.closer"],
        Core.Referral.Role.Handover => texts["role.handover"],
        _ => texts["role.host"],
    };

    /// <summary>The usual kinds have words; a brand's own kind is shown as it is called in its policy.</summary>
    public string Kind(string kind) => kind switch
    {
        "app-install" => texts["trace.kind.appInstall"],
        "sign-up" => texts["trace.kind.signUp"],
        "qr-scan" => texts["trace.kind.qrScan"],
        BindingRules.LinkClick => texts["trace.kind.linkClick"],
        BindingRules.StoreSale => texts["trace.kind.storeSale"],
        BindingRules.AssistedSale => texts["trace.kind.assistedSale"],
        BindingRules.Choice => texts["trace.kind.choice"],
        BindingRules.Decline => texts["trace.kind.decline"],
        _ => NameMarks.Of(kind),
    };
}
