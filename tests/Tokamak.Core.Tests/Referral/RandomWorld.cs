using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.Core.Tests.Referral;

/// <summary>What a random world may hold beyond services, sales and what follows them.</summary>
/// <param name="Voids">Facts taken back.</param>
/// <param name="Merges">Members who turn out to be one.</param>
/// <param name="LateNames">Grades and own member ids that are only named after they mattered (R12, R15).</param>
public sealed record WorldKind(bool Voids = true, bool Merges = true, bool LateNames = true);

/// <summary>
/// A small dense world that R1 accepts, drawn from a seed: few members and clerks who meet often, many facts at one
/// instant and at midnight, a policy of up to three versions. The first facts of a seed do not depend on how many follow.
/// </summary>
internal sealed class RandomWorld
{
    private const int MostDaysBetween = 2;
    private static readonly DateOnly Start = new(2026, 1, 15);
    private static readonly StoreId[] Stores = [new("A"), new("B"), new("C")];

    private readonly Random _dice;
    private readonly WorldKind _kind;
    private readonly List<Fact> _facts = [];
    private readonly HashSet<FactId> _voided = [];
    private readonly List<(SaleFact Sale, List<SaleChangeFact> Changes)> _sales = [];
    private readonly Clerk[] _clerks = [.. Enumerable.Range(0, 6).Select(i => new Clerk(new StaffId($"S{i}")))];
    private readonly MemberId[] _members = [.. Enumerable.Range(0, 7).Select(i => new MemberId($"M{i}"))];

    private FactId? _lastChanged;
    private Instant _now;

    private RandomWorld(int seed, int count, WorldKind kind)
    {
        _dice = new Random(seed);
        _kind = kind;
        Policy = RandomPolicy.Of(_dice, Start);
        _now = new Instant(Start.ToDateTime(default).Ticks);
        foreach (var clerk in _clerks.Take(4)) Join(clerk, _now);
        while (_facts.Count < count)
        {
            _now = Later(_now);
            Happen(_now);
        }
        _facts.RemoveRange(count, _facts.Count - count);
    }

    public Policy Policy { get; }

    /// <summary>In the order of their instants, but at one instant in any order.</summary>
    public IReadOnlyList<Fact> Facts => _facts;

    public static RandomWorld Of(int seed, int count, WorldKind kind) => new(seed, count, kind);

    private Instant Later(Instant at)
    {
        if (_dice.Chance(20)) return at;
        if (_dice.Chance(35)) return new Instant(at.Ticks + TimeSpan.TicksPerHour);
        var next = at.Ticks + _dice.NextInt64(MostDaysBetween * TimeSpan.TicksPerDay);
        return new Instant(_dice.Chance(10) ? Math.Max(at.Ticks, next / TimeSpan.TicksPerDay * TimeSpan.TicksPerDay) : next);
    }

    private void Happen(Instant at)
    {
        switch (_dice.Next(100))
        {
            case < 8: Staff(_dice.Pick(_clerks), at); break;
            case < 10 when _kind.Merges: Add(id => new MergeFact(id, at, Line, _dice.Pick(_members), _dice.Pick(_members))); break;
            case < 14 when _kind.Voids: Void(at); break;
            case < 40: Serve(at); break;
            case < 62: Sell(at); break;
            case < 80: HandOver(); break;
            case < 85: Change(at, (sale, lines, id) => new CancelFact(id, at, Line, sale, lines), line => Some(line.Left)); break;
            case < 90: Change(at, (sale, lines, id) => new RefundFact(id, at, Line, sale, lines), line => line.Net > 0 ? (0, 1 + _dice.NextInt64(line.Net)) : null); break;
            default:
                Change(at, (sale, lines, id) => new ReturnFact(id, at, Line, sale, lines),
                    line => Some(line.Handed - line.Returned) is { } some ? (some.Units, line.Net > 0 && _dice.Chance(30) ? 1 + _dice.NextInt64(line.Net) : null) : null);
                break;
        }
    }

    private int Line => _facts.Count + 1;

    private void Add(Func<FactId, Fact> make) => _facts.Add(make(new FactId($"f{_facts.Count}")));

    /// <summary>Mostly somebody employed, sometimes nobody or one who has left.</summary>
    private StaffId? Anyone()
    {
        if (_dice.Chance(15)) return null;
        var clerks = Array.FindAll(_clerks, c => c.Employed || (c.Known && _dice.Chance(20)));
        return _dice.Pick(clerks).Id;
    }

    private void Staff(Clerk clerk, Instant at)
    {
        if (clerk.Changed == at) return;
        if (!clerk.Employed) Join(clerk, at);
        else if (_dice.Chance(30) && _clerks.Count(c => c.Employed) > 2)
        {
            (clerk.Employed, clerk.Changed) = (false, at);
            Add(id => new StaffFact(id, at, Line, clerk.Id, StaffEvent.Left, null, null, null, null));
        }
        else
        {
            clerk.Changed = at;
            Add(id => new StaffFact(id, at, Line, clerk.Id, StaffEvent.Moved, _dice.Pick(Stores), _dice.Chance(50) ? _dice.Pick(RandomPolicy.Grades) : null, null, null));
        }
    }

    private void Join(Clerk clerk, Instant at)
    {
        var grade = !_kind.LateNames || _dice.Chance(40) ? _dice.Pick(RandomPolicy.Grades) : null;
        MemberId? member = (_kind.LateNames || !clerk.Known) && _dice.Chance(60) ? _dice.Pick(_members) : null;
        var code = _dice.Chance(60) ? $"{clerk.Id}#{_dice.Next(2)}" : null;
        (clerk.Employed, clerk.Known, clerk.Changed) = (true, true, at);
        Add(id => new StaffFact(id, at, Line, clerk.Id, StaffEvent.Joined, _dice.Pick(Stores), grade, code, member));
    }

    private void Serve(Instant at)
    {
        var kind = _dice.Chance(10) ? "member-decline" : _dice.Chance(5) ? "visit" : _dice.Chance(20) ? "link-click" : _dice.Pick(RandomPolicy.Kinds);
        Add(id => new ServiceFact(id, at, Line, _dice.Pick(_members), kind, _dice.Pick(Stores), Anyone()));
    }

    private void Sell(Instant at)
    {
        var channel = _dice.Pick(Channel.Store, Channel.Online);
        var lines = new SaleLine[_dice.Pick(1, 1, 2, 3)];
        for (var i = 0; i < lines.Length; i++)
            lines[i] = new SaleLine((i * 9) + 1, _dice.Pick(RandomPolicy.Categories), _dice.Pick(1, 1, 2, 3, 7, 9), _dice.Pick(0, 1, _dice.Next(100), _dice.Next(1500)),
                channel == Channel.Store && _dice.Chance(60) ? Fulfil.Taken : _dice.Pick(Fulfil.Pickup, Fulfil.Ship), _dice.Chance(15) ? Anyone() : null);
        _dice.Shuffle(lines);
        SaleFact sale = null!;
        Add(id => sale = new SaleFact(id, at, Line, channel, channel == Channel.Store ? _dice.Pick(Stores) : null,
            _dice.Chance(85) ? _dice.Pick(_members) : null, Anyone(), _dice.Chance(25) ? $"{_dice.Pick(_clerks).Id}#{_dice.Next(2)}" : null, lines));
        _sales.Add((sale, []));
    }

    /// <summary>Often twice on one day at one store (R12).</summary>
    private void HandOver()
    {
        StoreId? store = _dice.Chance(80) ? _dice.Pick(Stores) : null;
        for (var times = _dice.Pick(1, 2); times > 0; times--)
        {
            Change(_now, (sale, lines, id) => new HandoverFact(id, _now, Line, sale, store, Anyone(), lines), line => Some(line.Left));
            if (times > 1) _now = new Instant(_now.Ticks + TimeSpan.TicksPerHour);
        }
    }

    /// <summary>A fact about one of the latest sales, if its lines have room for it. One fact a sale and instant.</summary>
    private void Change(Instant at, Func<FactId, LineChange[], FactId, SaleChangeFact> make, Func<PlainLine, (int Units, long? Amount)?> room)
    {
        var alive = _sales.FindAll(s => !_voided.Contains(s.Sale.Id) && s.Sale.At < at && !s.Changes.Exists(c => c.At == at));
        if (alive.Count == 0) return;
        var again = _dice.Chance(60) ? alive.FindIndex(s => s.Sale.Id == _lastChanged) : -1;
        var (sale, changes) = again >= 0 ? alive[again] : alive[^_dice.Next(1, Math.Min(alive.Count, 12) + 1)];
        var lines = new List<LineChange>();
        foreach (var line in sale.Lines)
            if (room(PlainLine.Of(line, changes)) is { } some) lines.Add(new LineChange(line.Line, some.Units, some.Amount));
        if (lines.Count == 0) return;
        _lastChanged = sale.Id;
        Add(id =>
        {
            changes.Add(make(sale.Id, [.. lines], id));
            return changes[^1];
        });
    }

    private (int Units, long? Amount)? Some(int most) => most > 0 ? (_dice.Chance(50) ? most : _dice.Next(1, most + 1), null) : null;

    /// <summary>Takes back what leaves the rest possible: not the units a later return gave back, no staff fact.</summary>
    private void Void(Instant at)
    {
        var target = _dice.Pick(_facts.ToArray());
        if (target is VoidFact or StaffFact || _voided.Contains(target.Id)) return;
        if (target is SaleChangeFact change)
        {
            var (sale, changes) = _sales.Find(s => s.Sale.Id == change.Sale);
            if (_voided.Contains(sale.Id) || (change is HandoverFact && changes[^1] != change)) return;
            changes.Remove(change);
        }
        _voided.Add(target.Id);
        Add(id => new VoidFact(id, at, Line, target.Id));
    }

    private sealed class Clerk(StaffId id)
    {
        public StaffId Id { get; } = id;
        public bool Employed { get; set; }
        public bool Known { get; set; }
        public Instant? Changed { get; set; }
    }
}
