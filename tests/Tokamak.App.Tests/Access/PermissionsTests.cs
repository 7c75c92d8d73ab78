using Tokamak.App.Access;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Access;

/// <summary>What a role sees of the books; that reads keep to it is <see cref="Referral.Reading.ScopeTests"/>'.</summary>
public sealed class PermissionsTests
{
    private static readonly StoreId One = new("S1");
    private static readonly StaffId Ann = new("A");

    [Fact]
    public void The_office_sees_all_a_manager_the_store_and_a_clerk_their_own()
    {
        Assert.Equal(Scope.All, BooksPages.ScopeOf(Viewer(AccountRole.Hq, null, null)));
        Assert.Equal(Scope.All, BooksPages.ScopeOf(Viewer(AccountRole.Finance, Ann, One)));
        Assert.Equal(new Scope(One, null), BooksPages.ScopeOf(Viewer(AccountRole.Manager, Ann, One)));
        Assert.Equal(new Scope(null, Ann), BooksPages.ScopeOf(Viewer(AccountRole.Clerk, Ann, One)));
    }

    [Fact]
    public void A_manager_who_is_nowhere_sees_no_store()
    {
        var manager = Viewer(AccountRole.Manager, Ann, null);
        Assert.Equal(new Scope(null, Ann), BooksPages.ScopeOf(manager));
        Assert.Equal("/account", Permissions.HomeOf(manager));
    }

    [Fact]
    public void Nobody_sees_nothing()
    {
        var scope = BooksPages.ScopeOf(null);
        Assert.False(scope.SeesAll || scope.MaySee(One) || scope.MaySee(Ann, One) || scope.SeesOthers);
    }

    private static Viewer Viewer(AccountRole role, StaffId? staff, StoreId? store) => new(Guid.Empty, "", role, "one", staff, store);
}
