using FsCheck;
using FsCheck.Fluent;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Tokamak.Core.Referral.Simulation;
using Xunit;

namespace Tokamak.Core.Tests.Referral.Simulation;

/// <summary>
/// Every figure of a simulation is the sum of rows that a replay with the same policy gives: over random worlds, any stretch of months, any day
/// up to which facts are known, facts in any order and partitions of any size.
/// </summary>
public sealed class AgreementTests
{
    [Fact]
    public void Books_add_up_to_the_rows_of_a_replay() => ForAllTries(tried =>
    {
        var (scope, policy) = (tried.Scope, tried.World.Policy);
        AssertSame(tried, policy, Simulated.Books(scope, policy, whole: false));
        AssertSame(tried, policy, Simulated.Books(scope, policy, whole: true));
    });

    [Fact]
    public void Books_of_a_draft_add_up_to_the_rows_of_a_replay_of_it() => ForAllTries(tried =>
        AssertSame(tried, tried.Draft, Simulated.Books(tried.Scope, tried.Draft)));

    [Fact]
    public void Of_all_months_they_are_the_statements() => ForAllTries(tried =>
    {
        var scope = new SimulationScope(tried.Snapshot, tried.World.Policy.Zone, Simulated.All(tried.World.Facts, tried.World.Policy.Zone), tried.AsOf);
        var (books, plain) = (Simulated.Books(scope, tried.World.Policy), PlainBooks.Of(tried.World.Facts, tried.World.Policy, tried.AsOf));
        foreach (var (id, figures) in books.Clerks)
        {
            var rows = plain.Statements.Where(s => s.Staff == id).ToList();
            Assert.Equal(
                new Figures(rows.Sum(r => r.Credit), rows.Sum(r => r.Commission), rows.Sum(r => r.StaffPay), rows.Sum(r => r.StorePool), rows.Sum(r => r.Bounty)),
                figures);
        }
        foreach (var store in plain.Statements.Where(s => s.Store is not null).GroupBy(s => s.Store!.Value))
        {
            Assert.Equal(store.Sum(r => r.Credit), books.Stores.GetValueOrDefault(store.Key).Credit);
            Assert.Equal(store.Sum(r => r.StorePool), books.Stores.GetValueOrDefault(store.Key).StorePool);
        }
    });

    [Fact]
    public void Facts_added_later_give_what_all_at_once_give() => ForAllTries(tried =>
    {
        var (first, rest) = (tried.World.Facts.Take(tried.World.Facts.Count / 2), tried.World.Facts.Skip(tried.World.Facts.Count / 2));
        var grown = Simulated.Snapshot(first, tried.AimedRows);
        foreach (var some in rest.Chunk(7))
        {
            foreach (var fact in some) grown.Add(fact);
            grown.Regroup();
        }
        Assert.Equal(tried.World.Facts.Count, grown.FactCount);
        var scope = new SimulationScope(grown, tried.World.Policy.Zone, tried.Stretch, tried.AsOf);
        AssertSame(tried, tried.Draft, Simulated.Books(scope, tried.Draft));
    });

    [Fact]
    public void The_example_of_a_clerk_is_the_sale_that_changes_most() => ForAllTries(tried =>
    {
        var before = Simulated.Books(tried.Scope, tried.World.Policy, whole: true);
        var report = Comparing.Compare(tried.Scope, before, Simulated.Books(tried.Scope, tried.Draft, before: before), new Questions());
        var (was, will) = (GrossBySale(tried, tried.World.Policy), GrossBySale(tried, tried.Draft));
        foreach (var clerk in report.Clerks)
        {
            var changes = was.Keys.Union(will.Keys).Where(k => k.Staff == clerk.Staff)
                .Select(k => new SaleChange(k.Sale, was.GetValueOrDefault(k), will.GetValueOrDefault(k))).ToList();
            SaleChange? expected = clerk.ChangeOfTakeHome < 0
                ? changes.Where(c => c.ChangeE4 < 0).OrderBy(c => c.ChangeE4).ThenBy(c => c.Sale).Cast<SaleChange?>().FirstOrDefault()
                : changes.Where(c => c.ChangeE4 > 0).OrderByDescending(c => c.ChangeE4).ThenBy(c => c.Sale).Cast<SaleChange?>().FirstOrDefault();
            Assert.Equal(expected, clerk.Example);
        }
    });

    private static Dictionary<(StaffId Staff, FactId Sale), Int128> GrossBySale(Try tried, Policy policy) =>
        PlainBooks.Of(tried.World.Facts, policy, tried.AsOf).Commissions
            .Where(c => c.Party.Clerk is not null && tried.Stretch.PlaceOf(c.SaleMonth) is not null)
            .GroupBy(c => (c.Party.Staff!.Value, c.Sale)).ToDictionary(g => g.Key, g => g.Sum(c => c.AmountE4));

    private static void AssertSame(Try tried, Policy policy, SimulatedBooks books)
    {
        var plain = PlainBooks.Of(tried.World.Facts, policy, tried.AsOf);
        bool Counts(FactId sale) => tried.Stretch.Contains(plain.Sales[sale].Day);
        var services = tried.World.Facts.Where(f => tried.Stretch.Contains(policy.Zone.DayOf(f.At))).Select(f => f.Id).ToHashSet();
        foreach (var (id, figures) in books.Clerks)
        {
            var earned = plain.Earnings.Where(e => e.Staff == id && tried.Stretch.PlaceOf(e.SaleMonth) is not null).GroupBy(e => e.SaleMonth)
                .Select(g => (Month: g.Key, Earned: g.Sum(e => e.Change))).ToList();
            var pay = earned.Sum(e => SettlementRules.StaffPay(e.Earned, policy.SettlingMonth(e.Month)));
            Assert.Equal(
                new Figures(
                    plain.Credits.Where(c => c.Party.Staff == id && Counts(c.Sale)).Sum(c => c.Amount), earned.Sum(e => e.Earned), pay,
                    earned.Sum(e => e.Earned) - pay, plain.Bounties.Where(b => b.Clerk.Id == id && services.Contains(b.Service)).Sum(b => b.Amount)),
                figures);
        }
        foreach (var (id, figures) in books.Stores) Assert.Equal(plain.Credits.Where(c => c.Party.Store == id && Counts(c.Sale)).Sum(c => c.Amount), figures.Credit);
        var sold = plain.Sales.Values.Where(s => tried.Stretch.Contains(s.Day)).ToList();
        Assert.Equal(new Sold(sold.Count, sold.Sum(s => s.Net)), books.Sold);
        AssertTotals(plain, policy, tried.Stretch, books);
    }

    private static void AssertTotals(PlainBooks plain, Policy policy, Stretch stretch, SimulatedBooks books)
    {
        var own = plain.Commissions.Where(c => c.Party.Clerk is null && stretch.PlaceOf(c.SaleMonth) is not null).GroupBy(c => (c.Party.Store, c.SaleMonth))
            .Sum(g => SettlementRules.StoreEarned(g.Sum(c => c.AmountE4)));
        var clerks = books.Clerks.Values.Aggregate(default(Figures), (sum, row) => sum + row);
        Assert.Equal(clerks.Earned + own, books.Total.Earned);
        Assert.Equal(books.Stores.Values.Sum(s => s.Earned), books.Total.Earned);
        Assert.Equal(books.Stores.Values.Sum(s => s.StorePool), books.Total.StorePool);
        Assert.Equal(books.Total.StaffPay + books.Total.StorePool + books.Total.Bounties, books.Total.Commission);
        Assert.Equal(clerks.Earned, books.Segments.Values.Sum(s => s.Figures.Earned));
        Assert.Equal(clerks.Credit, books.Segments.Values.Sum(s => s.Figures.Credit));
        Assert.True(policy.Versions.Count > 0 && books.Total.Credit <= books.Sold.Net);
    }

    private static void ForAllTries(Action<Try> holds) =>
        Prop.ForAll(Arb.From(Gen.Select(Gen.Choose(0, int.MaxValue), seed => seed)), seed => holds(Try.Of(seed))).Check(Config.QuickThrowOnFailure.WithMaxTest(120));

    /// <summary>A world and a way to simulate over it, from one seed.</summary>
    private sealed record Try(RandomWorld World, FactSnapshot Snapshot, int AimedRows, Stretch Stretch, DateOnly? AsOf, SimulationScope Scope, Policy Draft)
    {
        public static Try Of(int seed)
        {
            var dice = new Random(seed);
            var world = RandomWorld.Of(seed, dice.Next(20, 220), new WorldKind());
            var zone = world.Policy.Zone;
            var all = Simulated.All(world.Facts, zone);
            var from = new Month(all.From.Index + dice.Next(all.MonthCount));
            var stretch = new Stretch(from, new Month(from.Index + dice.Next(all.To.Index - from.Index + 1)));
            DateOnly? asOf = dice.Next(3) == 0 ? zone.DayOf(world.Facts[dice.Next(world.Facts.Count)].At) : null;
            var aimed = dice.Next(1, 40);
            var facts = world.Facts.ToArray();
            if (dice.Next(2) == 0) dice.Shuffle(facts);
            var snapshot = Simulated.Snapshot(facts, aimed);
            Assert.True(snapshot.IsSound);
            var own = RandomPolicy.Of(dice, stretch.FirstDay);
            var draft = new Policy([own.Versions[^1] with { Timezone = world.Policy.Versions[0].Timezone, Currency = world.Policy.Versions[0].Currency }], zone);
            var faults = new List<Fault>();
            var after = Core.Referral.Simulation.Draft.Instead(world.Policy, draft, stretch, faults);
            Assert.Empty(faults);
            return new Try(world, snapshot, aimed, stretch, asOf, new SimulationScope(snapshot, zone, stretch, asOf), after!);
        }

        public override string ToString() => $"{World.Facts.Count} facts, {AimedRows} a partition, {Stretch}, as of {AsOf}";
    }
}
