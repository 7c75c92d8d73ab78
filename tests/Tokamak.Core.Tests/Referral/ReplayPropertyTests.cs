using FsCheck;
using FsCheck.Fluent;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Xunit;

namespace Tokamak.Core.Tests.Referral;

/// <summary>What holds of every replay, whatever the facts. A world that breaks it is printed as seed and number of facts.</summary>
public sealed class ReplayPropertyTests
{
    private static readonly WorldKind Full = new();

    [Fact]
    public void Credits_of_a_line_add_up_to_its_remaining_net() => ForAllWorlds(Full, world =>
    {
        var posted = Outcome.Of(world).Credits.ToLookup(c => (c.Sale, c.Line));
        foreach (var (sale, changes) in Trades(world))
            foreach (var line in sale.Lines)
            {
                var credited = world.Policy.InForceOn(world.Policy.Zone.DayOf(sale.At)) is not null;
                long standing = posted[(sale.Id, line.Line)].Where(c => c.Cause == sale.Id).Sum(c => c.Amount);
                Assert.Equal(credited ? line.Net : 0, standing);
                for (var n = 1; n <= changes.Count; n++)
                {
                    standing += posted[(sale.Id, line.Line)].Where(c => c.Cause == changes[n - 1].Id).Sum(c => c.Amount);
                    Assert.Equal(credited ? PlainLine.Of(line, changes.Take(n)).Net : 0, standing);
                }
            }
    });

    [Fact]
    public void Nobodys_credit_of_a_line_falls_below_zero() => ForAllWorlds(Full, world =>
    {
        foreach (var place in Outcome.Of(world).Credits.GroupBy(c => (c.Sale, c.Line, c.Role, c.Party)))
            Assert.True(place.Sum(c => c.Amount) >= 0, place.Key.ToString());
    });

    [Fact]
    public void Store_rows_of_a_period_add_up_to_its_net_sales_and_pools_to_pools() => ForAllWorlds(Full, world =>
    {
        var outcome = Outcome.Of(world);
        var netByPeriod = NetByPeriod(world);
        foreach (var period in outcome.Statements.GroupBy(s => s.Period))
        {
            var stores = period.Where(s => s.Store is not null).ToList();
            Assert.Equal(netByPeriod.GetValueOrDefault(period.Key), stores.Aggregate(Int128.Zero, (sum, s) => sum + s.Credit));
            var own = outcome.Commissions.Where(c => c.Party.Staff is null).GroupBy(c => (c.Party.Store, MonthOf(world, c.Sale)))
                .Aggregate(Int128.Zero, (sum, gross) => sum + Rounded(gross, period.Key) - Rounded(gross, new Month(period.Key.Index - 1)));
            var staffPools = period.Where(s => s.Staff is not null).Aggregate(Int128.Zero, (sum, s) => sum + s.StorePool);
            Assert.Equal(staffPools + own, stores.Aggregate(Int128.Zero, (sum, s) => sum + s.StorePool));
        }

        static Int128 Rounded(IEnumerable<CommissionPosting> entries, Month until) =>
            SettlementRules.StoreEarned(entries.Where(e => Month.Of(e.Day) <= until).Aggregate(Int128.Zero, (sum, e) => sum + e.AmountE4));
    });

    [Fact]
    public void Changes_of_a_sale_month_add_up_to_what_it_earns_with_all_facts_known() => ForAllWorlds(Full, world =>
    {
        var outcome = Outcome.Of(world);
        foreach (var month in outcome.Earnings.GroupBy(e => (e.Staff, e.SaleMonth)))
        {
            var last = month.MaxBy(e => e.Period);
            var gross = outcome.Commissions.Where(c => c.Party.Staff == month.Key.Staff && MonthOf(world, c.Sale) == month.Key.SaleMonth)
                .Aggregate(Int128.Zero, (sum, c) => sum + c.AmountE4);
            Assert.Equal(gross, last.GrossE4);
            Assert.Equal(SettlementRules.Earned(gross, last.Credit, world.Policy.SettlingMonth(month.Key.SaleMonth)), last.Earned);
            Assert.Equal(last.Earned, month.Aggregate(Int128.Zero, (sum, e) => sum + e.Change));
        }
        foreach (var statement in outcome.Statements.Where(s => s.Staff is not null))
        {
            Assert.Equal(outcome.Earnings.Where(e => e.Period == statement.Period && e.Staff == statement.Staff).Aggregate(Int128.Zero, (sum, e) => sum + e.Change), statement.Commission);
            Assert.Equal(statement.Commission, statement.StaffPay + statement.StorePool);
        }
    });

    [Fact]
    public void Nobody_is_paid_below_zero_and_what_is_carried_comes_back() => ForAllWorlds(Full, world =>
    {
        foreach (var staff in Outcome.Of(world).Statements.Where(s => s.Staff is not null).GroupBy(s => s.Staff))
        {
            Int128 carried = 0;
            foreach (var row in staff.OrderBy(s => s.Period))
            {
                var due = row.StaffPay + row.Bounty + carried;
                Assert.Equal((due > 0 ? due : 0, due > 0 ? 0 : due), (row.Paid, row.Carried));
                carried = row.Carried;
            }
        }
    });

    [Fact]
    public void The_order_of_the_lines_changes_nothing() => ForAllWorlds(Full, world =>
    {
        var shuffled = world.Facts.ToArray();
        new Random(world.Facts.Count).Shuffle(shuffled);
        Outcome.AssertSame(Outcome.Of(world), Outcome.Of(world, shuffled));
    });

    [Fact]
    public void Deciding_for_an_explanation_decides_the_same() =>
        ForAllWorlds(Full, world => Outcome.AssertSame(Outcome.Of(world), Outcome.Of(world, journal: new Journal())));

    [Fact]
    public void A_voided_fact_and_its_void_are_as_if_they_had_never_been() => ForAllWorlds(Full, world =>
    {
        var gone = world.Facts.OfType<VoidFact>().Select(v => v.Voided).ToHashSet();
        Outcome.AssertSame(Outcome.Of(world), Outcome.Of(world, world.Facts.Where(f => f is not VoidFact && !gone.Contains(f.Id) && !(f is SaleChangeFact c && gone.Contains(c.Sale)))));
    });

    // Later facts reach back only by voids, by grades and own member ids named late, and, for bounties, by merges.
    [Fact]
    public void As_of_a_day_is_the_whole_up_to_that_day_where_no_later_fact_reaches_back() => ForAllWorlds(new WorldKind(Voids: false, Merges: false, LateNames: false), world =>
    {
        var whole = Outcome.Of(world);
        var day = MiddleOf(world);
        var asOf = Outcome.Of(world, asOf: day);
        AssertPostingsUpTo(day, whole, asOf);
        var open = Month.Of(day);
        Outcome.AssertSame(whole.Earnings.Where(e => e.Period < open), asOf.Earnings.Where(e => e.Period < open));
        Outcome.AssertSame(whole.Statements.Where(s => s.Period < open), asOf.Statements.Where(s => s.Period < open));
        Assert.DoesNotContain(asOf.Statements, s => s.Period > open);
    });

    [Fact]
    public void Merges_never_change_postings_before_them() => ForAllWorlds(new WorldKind(Voids: false, Merges: true, LateNames: false), world =>
        AssertPostingsUpTo(MiddleOf(world), Outcome.Of(world), Outcome.Of(world, asOf: MiddleOf(world))));

    [Fact]
    public void As_of_a_day_is_a_replay_of_the_facts_up_to_it_without_what_vests_later() => ForAllWorlds(Full, world =>
    {
        var day = MiddleOf(world);
        var known = Outcome.Of(world, world.Facts.Where(f => world.Policy.Zone.DayOf(f.At) <= day));
        AssertPostingsUpTo(day, known, Outcome.Of(world, asOf: day));
    });

    private static void ForAllWorlds(WorldKind kind, Action<RandomWorld> holds)
    {
        var seeds = Arb.From(
            Gen.Select(Gen.Choose(0, int.MaxValue), seed => new WorldSeed(seed, 150, kind)),
            world => Enumerable.Range(1, world.Facts - 1).Where(n => n >= world.Facts / 2 || n < 10).Select(n => world with { Facts = n }));
        Prop.ForAll(seeds, world => holds(RandomWorld.Of(world.Seed, world.Facts, kind))).Check(Config.QuickThrowOnFailure.WithMaxTest(150));
    }

    private static void AssertPostingsUpTo(DateOnly day, Outcome whole, Outcome asOf)
    {
        Outcome.AssertSame(whole.Credits.Where(c => c.Day <= day), asOf.Credits);
        Outcome.AssertSame(whole.Commissions.Where(c => c.Day <= day), asOf.Commissions);
    }

    private static DateOnly MiddleOf(RandomWorld world) => world.Policy.Zone.DayOf(world.Facts[world.Facts.Count / 2].At);

    private static Month MonthOf(RandomWorld world, FactId sale) => Month.Of(world.Policy.Zone.DayOf(world.Facts.First(f => f.Id == sale).At));

    private static Dictionary<Month, Int128> NetByPeriod(RandomWorld world)
    {
        var net = new Dictionary<Month, Int128>();
        foreach (var (sale, changes) in Trades(world))
        {
            if (world.Policy.InForceOn(world.Policy.Zone.DayOf(sale.At)) is null) continue;
            foreach (var line in sale.Lines)
            {
                Add(sale, line.Net);
                for (var n = 1; n <= changes.Count; n++) Add(changes[n - 1], PlainLine.Of(line, changes.Take(n)).Net - PlainLine.Of(line, changes.Take(n - 1)).Net);
            }
        }
        return net;

        void Add(Fact fact, long amount)
        {
            var month = Month.Of(world.Policy.Zone.DayOf(fact.At));
            net[month] = net.GetValueOrDefault(month) + amount;
        }
    }

    /// <summary>The sales that stand, with the facts about them that stand, in order.</summary>
    private static IEnumerable<(SaleFact Sale, List<SaleChangeFact> Changes)> Trades(RandomWorld world)
    {
        var gone = world.Facts.OfType<VoidFact>().Select(v => v.Voided).ToHashSet();
        var changes = world.Facts.OfType<SaleChangeFact>().Where(c => !gone.Contains(c.Id)).ToLookup(c => c.Sale);
        return world.Facts.OfType<SaleFact>().Where(s => !gone.Contains(s.Id)).Select(s => (s, changes[s.Id].OrderBy(c => c.At).ToList()));
    }

    private sealed record WorldSeed(int Seed, int Facts, WorldKind Kind);
}
