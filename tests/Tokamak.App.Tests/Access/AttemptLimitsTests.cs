using System.Net;
using Tokamak.App.Access;

namespace Tokamak.App.Tests.Access;

public sealed class AttemptLimitsTests
{
    private readonly TestClock _clock = new();

    [Fact]
    public void An_address_that_tries_many_names_is_stopped_and_one_that_succeeds_often_is_not()
    {
        var limits = new AttemptLimits(_clock);
        for (var i = 0; i < AttemptLimits.PerAddress.Most; i++) Assert.Null(limits.Take("address", AttemptLimits.PerAddress));
        Assert.InRange(limits.Take("address", AttemptLimits.PerAddress)!.Value, TimeSpan.FromTicks(1), AttemptLimits.Window);
        for (var i = 0; i < 2 * AttemptLimits.PerAddress.Most; i++)
        {
            Assert.Null(limits.Take("shop", AttemptLimits.PerAddress));
            limits.Forgive("shop");
        }
        _clock.Go(AttemptLimits.Window);
        Assert.Null(limits.Take("address", AttemptLimits.PerAddress));
    }

    [Fact]
    public void An_address_that_is_stopped_uses_up_no_names_attempts()
    {
        var limits = new AttemptLimits(_clock);
        for (var i = 0; i < AttemptLimits.PerAddress.Most; i++) Assert.Null(limits.Take(["bad", $"name {i}"]));
        for (var i = 0; i < 2 * AttemptLimits.PerName.Most; i++) Assert.NotNull(limits.Take(["bad", "hana"]));
        Assert.Null(limits.Take(["shop", "hana"]));
    }

    [Fact]
    public void There_is_room_for_so_many_and_who_is_counted_already_stays_counted()
    {
        var limits = new AttemptLimits(_clock);
        for (var i = 0; i < AttemptLimits.PerName.Most; i++) limits.Take("known", AttemptLimits.PerName);
        for (var i = 0; i < AttemptLimits.MostKept; i++) limits.Take($"{i}", AttemptLimits.PerName);
        Assert.NotNull(limits.Take("known", AttemptLimits.PerName));
        // One more is not counted, and so takes no room.
        for (var i = 0; i <= AttemptLimits.PerName.Most; i++) Assert.Null(limits.Take("more", AttemptLimits.PerName));
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public void Addresses_of_one_network_of_IPv6_count_as_one(string one, string other, bool same) =>
        Assert.Equal(same, AttemptLimits.KeyOf(IPAddress.Parse(one)) == AttemptLimits.KeyOf(IPAddress.Parse(other)));
}
