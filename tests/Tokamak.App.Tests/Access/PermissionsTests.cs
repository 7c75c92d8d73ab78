using Tokamak.App.Access;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Access;

public sealed class PermissionsTests
{
    private static readonly StoreId One = new("S1"), Two = new("S2");
    private static readonly StaffId Ann = new("A"), Bo = new("B");

    [Theory]
    [InlineData(AccountRole.Hq, true, true, true, true)]
    [InlineData(AccountRole.Finance, true, true, true, true)]
    [InlineData(AccountRole.Manager, true, false, true, false)]
    [InlineData(AccountRole.Clerk, false, false, false, false)]
    public void Stores_and_clerks_of_others_are_seen_by_the_office_and_by_their_manager(AccountRole role, bool ownStore, bool otherStore, bool clerkOfStore, bool clerkElsewhere)
    {
        var viewer = Viewer(role, new StaffId("G"), One);
        Assert.Equal(
            (ownStore, otherStore, clerkOfStore, clerkElsewhere),
            (Permissions.MaySeeStore(viewer, One), Permissions.MaySeeStore(viewer, Two), Permissions.MaySeeClerk(viewer, Ann, One), Permissions.MaySeeClerk(viewer, Ann, Two)));
    }

    [Fact]
    public void Everybody_sees_the_own_statement() =>
        Assert.All(Enum.GetValues<AccountRole>(), role => Assert.True(Permissions.MaySeeClerk(Viewer(role, Ann, Two), Ann, One)));

    [Fact]
    public void A_manager_sees_the_sales_of_the_store_as_host_and_by_its_credits()
    {
        var manager = Viewer(AccountRole.Manager, Bo, Two);
        Assert.True(Permissions.MaySeeSale(manager, Two, [], []));
        Assert.True(Permissions.MaySeeSale(manager, StoreId.Online, [new Party(null, Two)], []));
        Assert.False(Permissions.MaySeeSale(manager, StoreId.Online, [new Party(null, One)], []));
        // Somebody of the store named in another store's sale, without a credit, shows nothing of that store.
        Assert.False(Permissions.MaySeeSale(manager, One, [new Party(null, One)], [Bo]));
    }

    [Fact]
    public void A_clerk_sees_sales_with_an_own_credit_or_the_own_name_and_not_those_of_the_store()
    {
        var clerk = Viewer(AccountRole.Clerk, Ann, One);
        Assert.True(Permissions.MaySeeSale(clerk, Two, [], [Ann]));
        Assert.False(Permissions.MaySeeSale(clerk, One, [new Party(null, One)], [Bo]));
    }

    [Fact]
    public void A_manager_who_is_nowhere_sees_no_store()
    {
        var manager = Viewer(AccountRole.Manager, Ann, null);
        Assert.False(Permissions.MaySeeStore(manager, One));
        Assert.Equal("/account", Permissions.HomeOf(manager));
    }

    private static Viewer Viewer(AccountRole role, StaffId? staff, StoreId? store) => new(Guid.Empty, "", role, "one", staff, store);
}
