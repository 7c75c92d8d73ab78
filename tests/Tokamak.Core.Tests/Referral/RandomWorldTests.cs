using Tokamak.Core.Members;
using Tokamak.Core.Referral;
using Xunit;

namespace Tokamak.Core.Tests.Referral;

/// <summary>The random worlds are what the properties need: the same from a seed, and full of what the rules are about.</summary>
public sealed class RandomWorldTests
{
    private static readonly RandomWorld[] Worlds = [.. Enumerable.Range(0, 100).Select(seed => RandomWorld.Of(seed, 150, new WorldKind()))];

    [Fact]
    public void A_seed_gives_one_world_and_fewer_facts_its_beginning()
    {
        var world = RandomWorld.Of(7, 100, new WorldKind());
        Assert.Equal(world.Facts, RandomWorld.Of(7, 100, new WorldKind()).Facts, new ByText());
        Assert.NotEqual(world.Facts, RandomWorld.Of(8, 100, new WorldKind()).Facts, new ByText());
    }

    [Fact]
    public void Every_verdict_on_a_binding_a_closer_an_owner_and_a_bounty_comes_up()
    {
        var verdicts = new HashSet<Enum>();
        foreach (var world in Worlds)
        {
            var journal = new Journal();
            Outcome.Of(world, journal: journal);
            foreach (var member in Enumerable.Range(0, 7)) verdicts.UnionWith(journal.BindingsOf(new MemberId($"M{member}")).Select(e => (Enum)e.Verdict));
            foreach (var sale in journal.Sales)
            {
                verdicts.Add(sale.Owner.Verdict);
                verdicts.UnionWith(sale.CandidatesByLine.SelectMany(c => c).Select(c => (Enum)c.Verdict));
                verdicts.UnionWith(journal.HandoverPayOf(sale.Sale.Fact.Id).Select(p => (Enum)p.Verdict));
            }
            verdicts.UnionWith(journal.Bounties.Select(b => (Enum)b.Verdict));
        }
        Assert.Empty(All<BindingVerdict>().Concat(All<OwnerVerdict>()).Concat(All<CloserVerdict>()).Concat(All<HandoverPayVerdict>()).Concat(All<BountyVerdict>())
            .Except(verdicts).Except([BindingVerdict.Unmoved]));   // nothing came of it: no one is told

        static IEnumerable<Enum> All<T>() where T : struct, Enum => Enum.GetValues<T>().Cast<Enum>();
    }

    [Fact]
    public void Money_is_earned_kept_carried_capped_and_taken_back()
    {
        var outcomes = Worlds.Select(world => Outcome.Of(world)).ToList();
        Assert.Contains(outcomes, o => o.Statements.Any(s => s.Carried < 0));
        Assert.Contains(outcomes, o => o.Statements.Any(s => s.Bounty > 0 && s.Paid > s.Bounty));
        Assert.Contains(outcomes, o => o.Earnings.Any(e => e.Change < 0) && o.Earnings.Any(e => e.Earned == 0 && e.Change < 0));
        Assert.Contains(outcomes, o => o.Commissions.Any(c => c.Cause != CommissionPosting.Vest && c.AmountE4 < 0));
        Assert.Contains(outcomes, o => o.Commissions.Any(c => c.Party.Staff is null));
        Assert.Contains(Worlds, world => world.Facts.GroupBy(f => f.At).Any(instant => instant.Select(f => f.Order).Distinct().Count() > 2));
        Assert.Contains(Worlds, world => world.Facts.OfType<VoidFact>().Count() > 3);
    }

    private sealed class ByText : IEqualityComparer<Fact>
    {
        public bool Equals(Fact? x, Fact? y) => Text(x!) == Text(y!);

        public int GetHashCode(Fact obj) => obj.Id.GetHashCode();

        // Lines are arrays, which compare by reference.
        private static string Text(Fact fact) => fact switch
        {
            SaleFact sale => $"{sale.Id} {sale.At} {sale.Store} {sale.Member} {sale.Staff} {sale.Code} {string.Join(' ', sale.Lines)}",
            SaleChangeFact change => $"{change with { Lines = [] }} {string.Join(' ', change.Lines)}",
            _ => fact.ToString(),
        };
    }
}
