using System.Runtime.InteropServices;
using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral.Simulation;

/// <summary>Which facts and sales a simulation is about; staff are read once for all its runs.</summary>
public sealed class SimulationScope
{
    /// <param name="snapshot">The facts; not added to while runs of this scope go on.</param>
    /// <param name="zone">The time zone of the policy.</param>
    /// <param name="stretch">The months whose sales count.</param>
    /// <param name="asOf">Facts of later days are left out; null for none.</param>
    public SimulationScope(FactSnapshot snapshot, Zone zone, Stretch stretch, DateOnly? asOf = null)
    {
        var faults = new List<Fault>();
        (Snapshot, Stretch, AsOf, Version) = (snapshot, stretch, asOf, snapshot.Version);
        Roster = snapshot.RosterOf(zone, asOf, faults);
        IsSound = snapshot.IsSound && faults.Count == 0;
    }

    public FactSnapshot Snapshot { get; }
    public Stretch Stretch { get; }
    public DateOnly? AsOf { get; }
    public Roster Roster { get; }

    /// <summary>The <see cref="FactSnapshot.Version"/> it was made of.</summary>
    public int Version { get; }

    /// <summary>False where R1 refuses some fact about staff, a void, or an id that stands twice.</summary>
    public bool IsSound { get; }
}

/// <summary>
/// One policy over the facts of a scope, by the very <see cref="Replay"/> that decides live: partition by partition, as many at a time as
/// there are <see cref="Worker"/>s. The shell says what runs where, shows how far it is and stops between two partitions.
/// </summary>
/// <param name="scope">Which facts and sales.</param>
/// <param name="policy">The policy.</param>
/// <param name="kept">Keep what each sale brings, so that another policy can be compared with this one sale by sale.</param>
/// <param name="whole">Replay every fact, also those that cannot bear on the stretch, to find what R1 refuses.</param>
/// <param name="before">What to compare with, kept.</param>
public sealed class SimulationRun(SimulationScope scope, Policy policy, bool kept = false, bool whole = false, SimulatedBooks? before = null)
{
    private readonly GrossOfSales?[] _kept = new GrossOfSales?[kept ? scope.Snapshot.PartitionCount : 0];
    private readonly Wanted _wanted = new(policy, scope.Stretch, scope.AsOf, whole);

    public int PartitionCount => scope.Snapshot.PartitionCount;

    /// <summary>A worker takes one partition at a time; use one a thread.</summary>
    public Worker NewWorker() => new(this);

    /// <summary>The books once every partition was taken, by whichever worker.</summary>
    public SimulatedBooks Finish(IEnumerable<Worker> workers)
    {
        var sum = NewTally();
        foreach (var worker in workers) sum.Add(worker.Tally);
        return SimulatedBooks.Of(scope, policy, sum, kept ? _kept : null);
    }

    private Tally NewTally() => new(scope.Stretch, scope.Roster.All.Count);

    /// <summary>Replays partitions into sums of its own.</summary>
    public sealed class Worker
    {
        private readonly SimulationRun _run;
        private readonly PartitionFacts _facts;
        private readonly GrossGatherer _gross = new();
        private readonly Dictionary<FactId, int> _saleNumbers = [];

        internal Worker(SimulationRun run)
        {
            (_run, Tally) = (run, run.NewTally());
            _facts = new PartitionFacts(run.Scope.Snapshot);
        }

        internal Tally Tally { get; }

        public void Take(int partition)
        {
            _facts.Read(partition, in _run._wanted);
            _saleNumbers.Clear();
            for (var number = 0; number < _facts.Sales.Count; number++) _saleNumbers.Add(_facts.Sales[number].Id, number);
            _gross.Begin(_facts.Sales.Count);

            var replay = new Replay(_facts.Log(_run.Scope.Roster), _run._wanted.Policy, _run.Scope.AsOf);
            foreach (var day in replay.Days())
            {
                Take(day);
                replay.GiveBack(day);
            }
            var sold = 0;
            foreach (var sale in replay.Sales)
                if (_facts.Sales[sold++] is { Place: not null } seen) Tally.Credits(sale, Segments.Of(seen.Channel, seen.Group));
            if (_run.IsKept) _run._kept[partition] = _gross.Kept(_facts.Sales);
            if (_run.Before is { } before) _gross.Compare(_facts.Sales, before.GrossOf(partition), Tally.Extremes);
            Tally.HasFaults |= replay.Faults.Count > 0;
        }

        private void Take(DayPostings day)
        {
            var (number, last) = (-1, default(FactId));
            foreach (ref readonly var posting in CollectionsMarshal.AsSpan(day.Commissions))
            {
                if (_run._wanted.Stretch.PlaceOf(posting.SaleMonth) is not { } month) continue;
                // Rows of one sale come together, and name it by the same text.
                if (!ReferenceEquals(posting.Sale.Value, last.Value)) (number, last) = (_saleNumbers[posting.Sale], posting.Sale);
                var sale = _facts.Sales[number];
                Tally.Commission(in posting, month, Segments.Of(sale.Channel, sale.Group));
                if (posting.Party.Clerk is { } clerk && posting.AmountE4 != 0) _gross.Add(number, clerk.Number, posting.AmountE4);
            }
            foreach (var bounty in day.Bounties)
                if (_facts.BountyServices.Contains(bounty.Service)) Tally.Bounties[bounty.Clerk.Number] += bounty.Amount;
        }
    }

    private SimulationScope Scope => scope;
    private bool IsKept => kept;
    private SimulatedBooks? Before => before;
}
