using System.Globalization;
using Tokamak.App.Brands;
using Tokamak.App.Tests.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;
using Tokamak.Core.Tests.Referral;

namespace Tokamak.App.Tests.Referral.Live;

/// <summary>
/// Any number of worlds from one seed under one policy, for one brand: their ids are told apart by a prefix, and all of them end about
/// a day, so that some of what was sold has vested by then and some has not.
/// </summary>
internal sealed class DrawnWorlds
{
    private static readonly DateOnly Start = new(2026, 1, 15);

    private readonly Random _seeds;
    private readonly int _days;
    private readonly Instant _last;
    private int _drawn;

    /// <param name="seed">The same seed draws the same worlds.</param>
    /// <param name="now">Nothing happens later.</param>
    /// <param name="length">How many days of the worlds are before that, more or less.</param>
    public DrawnWorlds(int seed, DateTimeOffset now, int length = 60)
    {
        _seeds = new Random(seed);
        _days = DateOnly.FromDateTime(now.UtcDateTime).AddDays(-length).DayNumber - Start.DayNumber;
        _last = new Instant(now.UtcTicks - TimeSpan.TicksPerHour);
        while (true)
        {
            PolicyJson = Posting.PolicyJson.Of(Moved(RandomWorld.Of(_seeds.Next(), 1, new WorldKind()).Policy));
            if (PolicyReader.Read(PolicyJson, Zones.Find, []) is not { } policy) continue;
            Policy = policy;
            return;
        }
    }

    public byte[] PolicyJson { get; }

    public Policy Policy { get; }

    /// <summary>The facts of one more world, in an order in which they may have happened.</summary>
    public List<Fact> Next(int facts = 90)
    {
        var prefix = string.Create(CultureInfo.InvariantCulture, $"w{++_drawn}-");
        return [.. RandomWorld.Of(_seeds.Next(), facts, new WorldKind()).Facts.Select(fact => fact.Told(prefix, _days)).TakeWhile(fact => fact.At <= _last)];
    }

    private Policy Moved(Policy policy) => new([.. policy.Versions.Select(version => version with { EffectiveFrom = version.EffectiveFrom.AddDays(_days) })], policy.Zone);
}

/// <summary>The same happenings, of others and on other days.</summary>
internal static class RetoldFacts
{
    /// <summary>Every id but those of stores begins with the prefix, and it happened some days later.</summary>
    public static Fact Told(this Fact fact, string prefix, int daysLater)
    {
        Fact told = fact switch
        {
            StaffFact f => f with { Staff = Staff(f.Staff)!.Value, Code = Text(f.Code), Member = Member(f.Member) },
            MergeFact f => f with { From = Member(f.From)!.Value, Into = Member(f.Into)!.Value },
            ServiceFact f => f with { Member = Member(f.Member)!.Value, Staff = Staff(f.Staff) },
            SaleFact f => new SaleFact(
                f.Id, f.At, f.SourceLine, f.Channel, f.Store, Member(f.Member), Staff(f.Staff), Text(f.Code), [.. f.Lines.Select(line => line with { Staff = Staff(line.Staff) })]),
            HandoverFact f => f with { Sale = Id(f.Sale), Staff = Staff(f.Staff) },
            SaleChangeFact f => f with { Sale = Id(f.Sale) },
            VoidFact f => f with { Voided = Id(f.Voided) },
            _ => throw new ArgumentOutOfRangeException(nameof(fact), fact, null),
        };
        return told with { Id = Id(fact.Id), At = new Instant(fact.At.Ticks + (daysLater * TimeSpan.TicksPerDay)) };

        string? Text(string? text) => text is null ? null : prefix + text;
        FactId Id(FactId id) => new(prefix + id.Value);
        StaffId? Staff(StaffId? staff) => staff is { } named ? new StaffId(prefix + named.Value) : null;
        MemberId? Member(MemberId? member) => member is { } named ? new MemberId(prefix + named.Value) : null;
    }
}
