using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;
using Xunit;

namespace Tokamak.Core.Tests.Referral;

/// <summary>R1, what facts say of one another: order, voids, the roster, and what is more than there is.</summary>
public sealed class FactLogTests
{
    private const string Join = "{type:staff,id:j,@1,staff:S,event:joined,store:A,code:C}";
    private const string Sale = "{type:sale,id:s,@2,channel:store,store:A,lines:[{line:1,category:c,quantity:3,net:100,fulfil:pickup},{line:2,category:c,quantity:2,net:50,fulfil:taken}]}";

    [Fact]
    public void Facts_stand_by_time_type_and_id()
    {
        var log = FactLog.Build(Given.Facts(
            "{type:return,id:a,@9,sale:s,lines:[{line:2,quantity:1}]}", "{type:refund,id:b,@9,sale:s,lines:[{line:2,amount:1}]}",
            "{type:cancel,id:c,@9,sale:s,lines:[{line:1,quantity:1}]}", "{type:handover,id:d,@9,sale:s,lines:[{line:1,quantity:1}]}",
            "{type:sale,id:e2,@9,channel:online,lines:[L]}", "{type:sale,id:e10,@9,channel:online,lines:[L]}", "{type:service,id:f,@9,member:m,kind:k,store:A}",
            "{type:merge,id:g,@9,from:a,into:b}", "{type:staff,id:h,@9,staff:T,event:joined,store:A}", Sale), Zone.Utc, null, []);
        Assert.Equal(["s", "h", "g", "f", "e10", "e2", "d", "c", "b", "a"], log.Facts.Select(f => f.Id.Value));
    }

    [Theory]
    [InlineData("{type:merge,id:j,@3,from:a,into:b}", "the id j stands on line 1 already")]
    [InlineData("{type:staff,id:k,@3,staff:S,event:joined,store:B}", "joined a second time while employed")]
    [InlineData("{type:staff,id:k,@3,staff:T,event:joined,store:B,code:C}", "the code C belongs to S for ever")]
    [InlineData("{type:staff,id:k,@3,staff:T,event:moved,store:B}", "moved while not employed")]
    [InlineData("{type:staff,id:k,@3,staff:T,event:left}", "left while not employed")]
    [InlineData("{type:service,id:v,@3,member:m,kind:k,store:A,staff:T}", "no staff fact names T")]
    [InlineData("{type:sale,id:x,@3,channel:online,staff:T,lines:[L]}", "no staff fact names T")]
    [InlineData("{type:sale,id:x,@3,channel:online,lines:[{line:1,category:c,quantity:1,net:1,fulfil:ship,staff:T}]}", "no staff fact names T")]
    [InlineData("{type:handover,id:h,@3,sale:s,staff:T,lines:[{line:1,quantity:1}]}", "no staff fact names T")]
    [InlineData("{type:handover,id:h,@3,sale:none,lines:[{line:1,quantity:1}]}", "there is no sale none before this")]
    [InlineData("{type:handover,id:h,@1,sale:s,lines:[{line:1,quantity:1}]}", "there is no sale s before this")]
    [InlineData("{type:refund,id:h,@3,sale:j,lines:[{line:1,amount:1}]}", "there is no sale j before this")]
    [InlineData("{type:cancel,id:h,@3,sale:s,lines:[{line:3,quantity:1}]}", "sale s has no line 3")]
    [InlineData("{type:void,id:x,@3,fact:none}", "there is no fact none to void")]
    [InlineData("{type:void,id:x,@3,fact:x}", "is a void itself")]
    [InlineData("{type:void,id:x,@1,fact:s}", "comes later than its void")]
    public void What_cannot_be_is_refused_with_its_line(string fact, string says)
    {
        var fault = Assert.Single(Given.FaultsOf(Join, Sale, fact));
        Assert.Equal(3, fault.Line);
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{type:handover,id:h,@3,sale:s,lines:[{line:1,quantity:%}]}", 3)]
    [InlineData("{type:handover,id:h,@3,sale:s,lines:[{line:2,quantity:%}]}", 0)]
    [InlineData("{type:cancel,id:h,@3,sale:s,lines:[{line:1,quantity:%}]}", 3)]
    [InlineData("{type:return,id:h,@3,sale:s,lines:[{line:1,quantity:%}]}", 0)]
    [InlineData("{type:return,id:h,@3,sale:s,lines:[{line:2,quantity:%}]}", 2)]
    [InlineData("{type:refund,id:h,@3,sale:s,lines:[{line:1,amount:%}]}", 100)]
    [InlineData("{type:return,id:h,@3,sale:s,lines:[{line:2,quantity:1,amount:%}]}", 50)]
    public void More_than_is_left_is_refused(string fact, int left)
    {
        if (left > 0) Assert.Empty(Given.FaultsOf(Sale, fact.Replace("%", $"{left}", StringComparison.Ordinal)));
        var fault = Assert.Single(Given.FaultsOf(Sale, fact.Replace("%", $"{left + 1}", StringComparison.Ordinal)));
        Assert.Equal(2, fault.Line);
        Assert.Contains("is more than the", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Units_are_handed_over_or_cancelled_once()
    {
        string[] taken = [Sale, "{type:handover,id:h,@3,sale:s,lines:[{line:1,quantity:2}]}", "{type:cancel,id:c,@4,sale:s,lines:[{line:1,quantity:1}]}", "{type:return,id:b,@5,sale:s,lines:[{line:1,quantity:2}]}"];
        Assert.Empty(Given.FaultsOf(taken));
        Assert.Single(Given.FaultsOf([.. taken, "{type:handover,id:h2,@6,sale:s,lines:[{line:1,quantity:1}]}"]));
        Assert.Single(Given.FaultsOf([.. taken, "{type:return,id:b2,@6,sale:s,lines:[{line:1,quantity:1}]}"]));
    }

    [Theory]
    [InlineData("{type:void,id:x2,@4,fact:x1}", "is a void itself")]
    [InlineData("{type:void,id:x2,@4,fact:s}", "is voided already")]
    public void A_void_of_a_void_and_a_second_void_are_refused(string second, string says)
    {
        var fault = Assert.Single(Given.FaultsOf(Sale, "{type:void,id:x1,@3,fact:s}", second));
        Assert.Equal(3, fault.Line);
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Facts_about_a_voided_sale_go_with_it_but_a_void_of_one_of_them_still_counts_as_one()
    {
        string[] gone = [Sale, "{type:handover,id:h,@3,sale:s,lines:[{line:9,quantity:1}]}", "{type:void,id:x,@4,fact:s}"];
        Assert.Empty(Given.FaultsOf(gone));
        Assert.Empty(Given.FaultsOf([.. gone, "{type:void,id:x2,@5,fact:h}"]));
    }

    [Fact]
    public void Of_the_same_instant_a_void_may_name_any_fact() => Assert.Empty(Given.FaultsOf(Sale, "{type:void,id:a,@2,fact:s}"));

    [Fact]
    public void A_voided_joining_leaves_a_clerk_whom_no_fact_names() =>
        Assert.Contains("no staff fact names S", Assert.Single(Given.FaultsOf(Join, "{type:service,id:v,@3,member:m,kind:k,store:A,staff:S}", "{type:void,id:x,@4,fact:j}")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_same_code_may_be_given_to_the_same_clerk_again() => Assert.Empty(Given.FaultsOf(
        Join, "{type:staff,id:k,@2,staff:S,event:left}", "{type:staff,id:l,@3,staff:S,event:joined,store:B,code:D}",
        "{type:staff,id:m,@4,staff:S,event:left}", "{type:staff,id:n,@5,staff:S,event:joined,store:B,code:C}"));

    [Fact]
    public void Later_days_are_left_out_before_anything_else()
    {
        List<Fault> faults = [];
        var log = FactLog.Build(Given.Facts(Sale, "{type:merge,id:s,@4,from:a,into:b}", "{type:void,id:x,@4,fact:s}", "{type:merge,id:m,@3,from:a,into:b}"), Zone.Utc, new DateOnly(2026, 1, 3), faults);
        Assert.Empty(faults);
        Assert.Equal(["s", "m"], log.Facts.Select(f => f.Id.Value));
    }

    [Fact]
    public void The_final_member_follows_all_merges()
    {
        var log = FactLog.Build(Given.Facts("{type:merge,id:a,@1,from:a,into:b}", "{type:merge,id:b,@2,from:b,into:a}", "{type:merge,id:c,@3,from:a,into:c}", "{type:merge,id:d,@4,from:d,into:b}"), Zone.Utc, null, []);
        Assert.All(["a", "b", "c", "d"], (string id) => Assert.Equal(new MemberId("c"), log.FinalMember(new MemberId(id))));
        Assert.Equal(new MemberId("e"), log.FinalMember(new MemberId("e")));
    }
}
