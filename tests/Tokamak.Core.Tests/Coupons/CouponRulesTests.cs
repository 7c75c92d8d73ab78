using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Xunit;

namespace Tokamak.Core.Tests.Coupons;

public sealed class CouponRulesTests
{
    private static readonly Instant Begin = new(1_000), Noon = new(5_000), End = new(9_000);
    private static readonly MemberId Ann = new("M1"), Bob = new("M2");
    private static readonly CouponCart Counter = new("store", "T01", Ann), Shop = new("online", null, Ann);

    private static readonly CouponSeries Series = new()
    {
        Id = "spring", Name = new("春季", "Spring"), Kind = CouponKind.RandomCodes, Holding = CouponHolding.Transferable, From = Begin, Until = End,
        OnReturn = CouponOnReturn.GiveBack, Bearer = CouponBearer.Issuer, Department = "marketing",
    };

    private static CouponRefusal? Judge(CouponSeries series, CouponCart? cart = null, Instant? now = null, CouponUse use = CouponUse.None, MemberId? holder = null, long used = 0, long byMember = 0) =>
        CouponRules.Judge(new PresentedCoupon(series, holder, use, used, byMember) { IsHolders = holder is not null && holder == (cart ?? Counter).Member }, cart ?? Counter, now ?? Noon);

    [Fact]
    public void A_coupon_without_conditions_may_be_used_by_anybody_anywhere() =>
        Assert.Equal([null, null, null], [Judge(Series), Judge(Series, Shop), Judge(Series, new CouponCart("online", null, null))]);

    [Fact]
    public void It_begins_with_its_first_moment_and_is_over_with_its_last()
    {
        Assert.Equal(CouponRefusal.NotYet, Judge(Series, now: new(999)));
        Assert.Null(Judge(Series, now: Begin));
        Assert.Null(Judge(Series, now: new(8_999)));
        Assert.Equal(CouponRefusal.Over, Judge(Series, now: End));
        Assert.Null(Judge(Series with { From = null, Until = null }, now: new(0)));
        Assert.Equal((null, CouponRefusal.Stopped), (Judge(Series with { StoppedAt = Noon }, now: new(4_999)), Judge(Series with { StoppedAt = Noon })));
    }

    [Fact]
    public void Channel_and_store_are_those_of_the_series()
    {
        var stores = Series with { Stores = ["T01", "T02"] };
        Assert.Null(Judge(stores));
        Assert.Equal(CouponRefusal.OtherStore, Judge(stores, new CouponCart("store", "T03", Ann)));
        Assert.Equal(CouponRefusal.OtherChannel, Judge(stores, Shop));
        Assert.Equal((CouponRefusal.OtherChannel, null), (Judge(Series with { Channels = ["online"] }), Judge(Series with { Channels = ["online"] }, Shop)));
    }

    [Fact]
    public void A_holders_own_is_unknown_to_everybody_else_whatever_has_become_of_it()
    {
        var own = Series with { Holding = CouponHolding.HolderOnly };
        Assert.Null(Judge(own, holder: Ann));
        foreach (var use in Enum.GetValues<CouponUse>())
        {
            Assert.Equal(CouponRefusal.Unknown, Judge(own, use: use, holder: Bob));
            Assert.Equal(CouponRefusal.Unknown, Judge(own, new CouponCart("store", "T09", null), End, use, Bob));
        }
        Assert.Equal(CouponRefusal.NotInWallet, Judge(own));
        // Passed on, it is whoever's presents it.
        Assert.Null(Judge(Series, holder: Bob));
    }

    [Fact]
    public void Uses_are_counted_in_total_and_by_member()
    {
        var few = Series with { TotalUses = 3, MemberUses = 2 };
        Assert.Null(Judge(few, used: 2, byMember: 1));
        Assert.Equal(CouponRefusal.UsedUp, Judge(few, used: 3, byMember: 1));
        Assert.Equal(CouponRefusal.MemberUsedUp, Judge(few, used: 2, byMember: 2));
        Assert.Equal(CouponRefusal.MemberNeeded, Judge(few, Counter with { Member = null }));
    }

    [Fact]
    public void A_code_pays_once_and_for_one_cart_at_a_time()
    {
        Assert.Equal(CouponRefusal.Redeemed, Judge(Series, use: CouponUse.Redeemed));
        Assert.Equal(CouponRefusal.HeldElsewhere, Judge(Series, use: CouponUse.Held));
    }

    [Theory]
    [InlineData(null, CouponBearer.Issuer, "T01", "hq", "store:T01")]
    [InlineData(null, CouponBearer.Issuer, null, "hq", "online")]
    [InlineData("T02", CouponBearer.Issuer, "T01", "store:T02", "store:T01")]
    [InlineData("T02", CouponBearer.Hq, "T01", "hq", "store:T01")]
    [InlineData("T02", CouponBearer.Issuer, null, "store:T02", "online")]
    public void The_bearer_owes_the_one_who_gave_the_discount(string? issuer, CouponBearer bearer, string? redeemedAt, string from, string to)
    {
        var redeemer = CouponParty.OfRedeemer(redeemedAt);
        var clearing = CouponRules.Clear(CouponRules.BearerOf(Series with { IssuingStore = issuer, Bearer = bearer }, redeemer), redeemer, 0, 120);
        Assert.Equal(new CouponClearing(CouponParty.Parse(from), CouponParty.Parse(to), 120), clearing);
    }

    [Theory]
    [InlineData("T01", CouponBearer.Issuer)]
    [InlineData(null, CouponBearer.Redeemer)]
    [InlineData("T02", CouponBearer.Redeemer)]
    public void Who_bears_what_they_gave_owes_nobody(string? issuer, CouponBearer bearer)
    {
        var redeemer = CouponParty.OfStore("T01");
        Assert.Null(CouponRules.Clear(CouponRules.BearerOf(Series with { IssuingStore = issuer, Bearer = bearer }, redeemer), redeemer, 0, 120));
    }

    [Fact]
    public void A_store_whose_id_is_hq_is_not_head_office()
    {
        Assert.NotEqual(CouponParty.Hq, CouponParty.OfStore("hq"));
        Assert.Equal("hq", CouponParty.Parse(CouponParty.OfStore("hq").Text).Store);
        Assert.Throws<ArgumentException>(() => CouponParty.Parse("store:"));
        Assert.Throws<ArgumentException>(() => CouponParty.Parse("T01"));
    }

    [Fact]
    public void A_part_that_comes_back_takes_its_part_of_the_cost_and_the_whole_gives_the_coupon_back()
    {
        Assert.Equal(new CouponAfterReturn(100, false), CouponRules.Return(CouponOnReturn.GiveBack, 100, new(0, 3)));
        Assert.Equal(new CouponAfterReturn(67, false), CouponRules.Return(CouponOnReturn.GiveBack, 100, new(1, 3)));
        Assert.Equal(new CouponAfterReturn(0, true), CouponRules.Return(CouponOnReturn.GiveBack, 100, new(3, 3)));
        Assert.Equal(new CouponAfterReturn(0, false), CouponRules.Return(CouponOnReturn.Keep, 100, new(3, 3)));
        foreach (var impossible in new ReturnedShare[] { new(4, 3), new(-1, 3), new(0, 0) })
            Assert.Throws<ArgumentOutOfRangeException>(() => CouponRules.Return(CouponOnReturn.Keep, 100, impossible));
    }

    [Fact]
    public void Any_sequence_of_returns_clears_exactly_what_was_posted()
    {
        var random = new Random(11);
        for (var seed = 0; seed < 5_000; seed++)
        {
            long whole = random.Next(1, 2_000), amount = random.NextInt64(0, 1_000_000), returned = 0, cost = amount, posted = amount;
            var (bearer, redeemer) = (CouponParty.Hq, CouponParty.OfStore("T01"));
            while (returned < whole)
            {
                returned = Math.Min(whole, returned + random.Next(1, 500));
                var after = CouponRules.Return(CouponOnReturn.Keep, amount, new(returned, whole)).CostMinor;
                Assert.InRange(after, 0, cost);
                posted += CouponRules.Clear(bearer, redeemer, cost, after)?.AmountMinor ?? 0;
                cost = after;
                Assert.Equal(cost, posted);
            }
            Assert.Equal(0, posted);
        }
    }

    [Fact]
    public void A_mistyped_code_is_told_from_one_that_nobody_issued()
    {
        var code = CouponCode.Of([1, 2, 3, 4, 5, 6, 7, 8, 9]).Value;
        Assert.Null(CouponRules.Misread(code));
        Assert.Equal(CouponRefusal.Mistyped, CouponRules.Misread(code[..^1] + (code[^1] == '0' ? '1' : '0')));
        Assert.Null(CouponRules.Misread("SAVE100"));
    }

    [Fact]
    public void A_series_that_may_be_made_has_no_fault_and_each_that_may_not_says_which()
    {
        Assert.Empty(SeriesRules.Check(Series));
        Assert.Empty(SeriesRules.Check(Series with { Kind = CouponKind.SharedCode, SharedCode = "SAVE100", Channels = ["store"], Stores = ["T01"], TotalUses = 1, MemberUses = 1 }));
        foreach (var (wrong, fault) in new (CouponSeries, SeriesFault)[]
        {
            (Series with { Id = "" }, SeriesFault.Id), (Series with { Id = "a b" }, SeriesFault.Id), (Series with { Id = "New" }, SeriesFault.Id), (Series with { Id = new string('a', 41) }, SeriesFault.Id),
            (Series with { Name = new("", "Spring") }, SeriesFault.Name), (Series with { Name = new("春季", " ") }, SeriesFault.Name),
            (Series with { Kind = CouponKind.SharedCode }, SeriesFault.SharedCode), (Series with { SharedCode = "SAVE100" }, SeriesFault.SharedCode),
            (Series with { Kind = CouponKind.SharedCode, SharedCode = "AB" }, SeriesFault.SharedCode),
            (Series with { Kind = CouponKind.SharedCode, SharedCode = "SAVE100", Holding = CouponHolding.HolderOnly }, SeriesFault.SharedHolder),
            (Series with { Channels = [] }, SeriesFault.Channels), (Series with { Channels = ["moon"] }, SeriesFault.Channels),
            (Series with { Stores = [] }, SeriesFault.Stores), (Series with { Channels = ["online"], Stores = ["T01"] }, SeriesFault.Stores),
            (Series with { Until = Begin }, SeriesFault.Validity), (Series with { TotalUses = 0 }, SeriesFault.TotalUses), (Series with { MemberUses = 0 }, SeriesFault.MemberUses),
            (Series with { Department = " x" }, SeriesFault.Department),
        })
            Assert.Equal([fault], SeriesRules.Check(wrong));
    }
}
