using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.Floor;

/// <summary>Somebody who works at a store.</summary>
/// <param name="Since">Since when without a break at this store.</param>
public sealed record AtStore(StaffId Staff, Instant Since, string? Grade, string? Code);

/// <summary>Somebody who does not work at a store any more.</summary>
/// <param name="At">Since when.</param>
/// <param name="To">The store they moved to at that moment; null where they left.</param>
/// <param name="HasLeft">They are employed nowhere now.</param>
public sealed record GoneFromStore(StaffId Staff, Instant At, StoreId? To, bool HasLeft);

/// <summary>在職名單 of a store, from the staff facts: who is there, and who has gone lately.</summary>
public sealed record StoreStaff(IReadOnlyList<AtStore> Here, IReadOnlyList<GoneFromStore> Gone)
{
    /// <summary>For so long somebody who has gone is still asked about.</summary>
    public const int DaysShown = 60;

    /// <param name="roster">Of the brand.</param>
    /// <param name="store">Whose.</param>
    /// <param name="now">Staff facts of later moments do not count yet.</param>
    public static StoreStaff Of(Roster roster, StoreId store, Instant now)
    {
        var here = new List<AtStore>();
        var gone = new List<GoneFromStore>();
        foreach (var clerk in roster.All)
        {
            var known = clerk.Employments.Where(one => one.At <= now).ToList();
            if (known is not [.., var last]) continue;
            if (IsAt(last, store)) here.Add(new AtStore(clerk.Id, SinceOf(known, store), last.Grade, last.Code));
            else if (GoneOf(known, store) is { } at && now.Ticks - at.At.Ticks <= DaysShown * TimeSpan.TicksPerDay)
                gone.Add(new GoneFromStore(clerk.Id, at.At, at.Employed ? at.Store : null, !last.Employed));
        }
        return new StoreStaff([.. here.OrderBy(one => one.Staff)], [.. gone.OrderByDescending(one => one.At).ThenBy(one => one.Staff)]);
    }

    private static bool IsAt(Employment employment, StoreId store) => employment.Employed && employment.Store == store;

    private static Instant SinceOf(List<Employment> known, StoreId store) => known[LastIndex(known, one => !IsAt(one, store)) + 1].At;

    /// <summary>What took them from the store for the last time; null for somebody who was never there.</summary>
    private static Employment? GoneOf(List<Employment> known, StoreId store) => LastIndex(known, one => IsAt(one, store)) is >= 0 and var last ? known[last + 1] : null;

    private static int LastIndex(List<Employment> known, Func<Employment, bool> holds)
    {
        for (var i = known.Count - 1; i >= 0; i--)
            if (holds(known[i])) return i;
        return -1;
    }
}
