using System.Globalization;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;
using Tokamak.Core.Tests.Referral;

namespace Tokamak.App.Tests.Referral.Live;

/// <summary>People who try what the rules are there for; what they send is in good form, and much of it is no good.</summary>
internal sealed class CrookedActors(Random dice, string prefix)
{
    private static readonly StoreId[] Stores = [new("A"), new("B"), new("C")];

    private readonly List<StaffFact> _joined = [];
    private int _facts;

    /// <summary>What they can know: who works here.</summary>
    public void Sees(Fact fact)
    {
        if (fact is StaffFact { Event: StaffEvent.Joined } joined) _joined.Add(joined);
    }

    /// <summary>Some facts of one scheme, happening now.</summary>
    public List<Fact> Scheme(Instant now)
    {
        if (_joined.Count == 0) return [];
        var clerk = dice.Pick<StaffFact>([.. _joined]);
        return dice.Next(5) switch
        {
            0 => Scans(clerk, now),
            1 => OwnDeal(clerk, now),
            2 => Drip(clerk, now),
            3 => Ring(clerk, now),
            _ => [new ServiceFact(Next(), now, 0, Member(), "sign-up", dice.Pick(Stores), new StaffId("nobody"))],
        };
    }

    /// <summary>The same fact with something else in it.</summary>
    public static Fact Forged(Fact fact) => fact with { At = new Instant(fact.At.Ticks - TimeSpan.TicksPerSecond) };

    private FactId Next() => new(string.Create(CultureInfo.InvariantCulture, $"crook{_facts++}"));

    private MemberId Member() => new($"{prefix}M{dice.Next(7)}");

    private static Instant After(Instant now, int minutes) => new(now.Ticks + (minutes * TimeSpan.TicksPerMinute));

    /// <summary>One member, scanned again and again.</summary>
    private List<Fact> Scans(StaffFact clerk, Instant now)
    {
        var member = Member();
        return [.. Enumerable.Range(0, dice.Next(2, 6)).Select(_ => new ServiceFact(Next(), now, 0, member, "qr-scan", dice.Pick(Stores), clerk.Staff))];
    }

    /// <summary>A clerk sells to their own account and hands over to themselves.</summary>
    private List<Fact> OwnDeal(StaffFact clerk, Instant now)
    {
        var sale = Sale(now, clerk, clerk.Member ?? Member(), Channel.Online, 2, Fulfil.Pickup);
        return [sale, new HandoverFact(Next(), now, 0, sale.Id, dice.Pick(Stores), clerk.Staff, [new LineChange(1, 2, null)])];
    }

    /// <summary>A fee for each handover: so one unit at a time.</summary>
    private List<Fact> Drip(StaffFact clerk, Instant now)
    {
        var sale = Sale(now, clerk, Member(), Channel.Online, 4, Fulfil.Pickup);
        return [sale, .. Enumerable.Range(1, dice.Next(3, 6)).Select(minute => new HandoverFact(Next(), After(now, minute), 0, sale.Id, Stores[0], clerk.Staff, [new LineChange(1, 1, null)]))];
    }

    /// <summary>Sold, given back, and given back once more.</summary>
    private List<Fact> Ring(StaffFact clerk, Instant now)
    {
        var sale = Sale(now, clerk, Member(), Channel.Store, 2, Fulfil.Taken);
        return [sale, .. Enumerable.Range(1, 3).Select(minute => new ReturnFact(Next(), After(now, minute), 0, sale.Id, [new LineChange(1, 1, null)]))];
    }

    private SaleFact Sale(Instant now, StaffFact clerk, MemberId member, Channel channel, int quantity, Fulfil fulfil) =>
        new(Next(), now, 0, channel, channel == Channel.Store ? dice.Pick(Stores) : null, member, clerk.Staff, clerk.Code, [new SaleLine(1, "shoes", quantity, dice.Next(1, 2000), fulfil, null)]);
}
