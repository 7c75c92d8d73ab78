using Tokamak.App.Brands;
using Tokamak.App.Clerks.Appeals;
using Tokamak.App.Tests.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Clerks.Appeals;

public sealed class RulingPartiesTests
{
    private static readonly RulingParties Parties = new(
        Roster.Build(
            [
                .. TestBooks.FactsOf("""
                    {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1"}
                    {"type":"staff","id":"F2","at":"2026-01-01T09:00:00+08:00","staff":"B","event":"joined","store":"S2"}
                    {"type":"staff","id":"F3","at":"2026-01-01T09:00:00+08:00","staff":"C","event":"joined","store":"S2"}
                    """).OfType<StaffFact>(),
            ], []),
        new BrandNames(null, null, 0, new() { ["S1"] = "大安店", ["S2"] = "板橋店" }, new() { ["A"] = "林怡君", ["B"] = "陳雅婷", ["C"] = "陳雅婷" }));

    [Theory]
    [InlineData("A", "A")]
    [InlineData("林怡君", "A")]
    [InlineData(" 林怡君 ", "A")]
    [InlineData("", "")]
    [InlineData("Z", "Z")]
    public void A_clerk_is_named_by_id_or_by_a_name_that_only_one_has(string typed, string id)
    {
        var asked = new AskedRuling { SaleStaff = typed, ServiceStaff = typed, ServiceStore = "大安店" };
        Assert.Null(Parties.Resolve(asked));
        Assert.Equal((id, id, "S1"), (asked.SaleStaff, asked.ServiceStaff, asked.ServiceStore));
    }

    [Fact]
    public void A_name_that_two_have_is_nobodys()
    {
        Assert.Equal("陳雅婷", Parties.Resolve(new AskedRuling { ServiceStaff = "陳雅婷" }));
        Assert.Null(Parties.Resolve(new AskedRuling { ServiceStaff = "C" }));
        Assert.Equal(3, Parties.Staff.Count);
        Assert.Equal(["S1", "S2"], Parties.Stores.Select(store => store.Id).Order());
    }
}
