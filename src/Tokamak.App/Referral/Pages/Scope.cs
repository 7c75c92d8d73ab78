using Tokamak.App.Access;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Pages;

/// <summary>What the person who looks may see of these books: <see cref="Permissions"/> asked with what the books know.</summary>
public sealed class Scope(Viewer viewer, Books books)
{
    public bool SeesAll => Permissions.SeesAll(viewer);

    /// <summary>A clerk sees no lists of others.</summary>
    public bool SeesOthers => viewer.Role != AccountRole.Clerk;

    public bool MaySee(StoreId store) => Permissions.MaySeeStore(viewer, store);

    public bool MaySee(StaffId clerk) => books.Log.Roster.Find(clerk) is { Employments: [.., var last] } && Permissions.MaySeeClerk(viewer, clerk, last.Store);

    public bool MaySee(SaleBook sale) => Permissions.MaySeeSale(viewer, sale.Host.Store, books.CreditsOf(sale.Fact.Id).Select(credit => credit.Party), NamedIn(sale));

    /// <summary>A sale is seen whole, but for what it pays to others.</summary>
    public bool MaySeePayOf(Party party) => viewer.Role == AccountRole.Clerk ? party.Staff is { } staff && staff == viewer.Staff : MaySee(party.Store);

    /// <summary>Whether reading this pay is reading another's.</summary>
    public bool IsOwn(StaffId clerk) => viewer.Staff == clerk;

    private IEnumerable<StaffId> NamedIn(SaleBook sale)
    {
        if (sale.Fact.Staff is { } sold) yield return sold;
        if (sale.Fact.Code is { } code && books.Log.Roster.EverHolderOf(code) is { } holder) yield return holder;
        foreach (var change in books.ChangesOf(sale.Fact.Id))
            if (change is HandoverFact { Staff: { } handed }) yield return handed;
    }
}
