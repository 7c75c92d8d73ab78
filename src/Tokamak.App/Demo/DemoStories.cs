using System.Globalization;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Demo;

/// <summary>
/// Small stories laid into the demo brand at every size, with ids that pages, guides and tests may link to.
/// Their members shop nowhere else, so what the rules say about them can be told in a sentence.
/// </summary>
public static class DemoStories
{
    /// <summary>Won by K032 at S08; K037 of S09 is refused three times while the lock lasts, and wins after it (R4).</summary>
    public static readonly MemberId Contested = new("MCT7E4N");
    public static readonly FactId ContestedWhileLocked = new("W260322-9001");
    public static readonly FactId ContestedAfterLock = new("W260425-9001");

    /// <summary>Served once by K016, then orders on her own four times: 100, 50, 20 percent and nothing (R7).</summary>
    public static readonly MemberId Fading = new("MFD9K2R");
    public static readonly IReadOnlyList<FactId> FadingOrders = [new("W260120-9001"), new("W260315-9001"), new("W260610-9001"), new("W260801-9001")];

    /// <summary>One order, collected at S05 and S12 on two days, part cancelled, part returned (R9, R10).</summary>
    public static readonly MemberId Collecting = new("MSP3L8T");
    public static readonly FactId SplitPickup = new("W260509-9001");

    /// <summary>K021 orders by their own link: the credit as closer is struck, for it is their own membership (R8).</summary>
    public static readonly StaffId SelfBuyingClerk = new("K021");
    public static readonly MemberId SelfBuyer = new("MSF5B6Y");
    public static readonly FactId SelfPurchase = new("W260306-9001");
    internal const int SelfBuyerIndex = 20;

    /// <summary>Uniforms for an office, sold by K060, paid, given back after the clerk had left: a negative amount is carried (R13, R14).</summary>
    public static readonly StaffId CarriedClerk = new("K060");
    public static readonly MemberId Office = new("MCP4R8Q");
    public static readonly FactId OfficeSale = new("S09-260610-9001");
    public static readonly FactId OfficeReturn = new("R260724-9001");

    /// <summary>Joined in a store and again online; merged, and the store's clerk is credited with the online order (R6).</summary>
    public static readonly MemberId JoinedInStore = new("MTW2N7A"), JoinedOnline = new("MTW2N7Z");
    public static readonly FactId JoinedTwiceOrder = new("W260212-9001");

    /// <summary>Refuses any referrer, and a month later chooses one (R6).</summary>
    public static readonly MemberId Choosing = new("MDC6W3H");
    public static readonly FactId WhileDeclined = new("W260520-9001"), AfterChoice = new("W260620-9001");

    /// <summary>The best clerk of S02, who left on 31 March 2026 with hundreds of members bound to them (R5); at full size.</summary>
    public static readonly StaffId LeaverWithManyMembers = new("K008");

    /// <summary>Sold so much in this month that the bands lift the pay by a fifth (R14); at full size.</summary>
    public static readonly StaffId LiftedByBand = new("K032");
    public static readonly Month LiftedIn = Month.Of(new DateOnly(2026, 2, 1));

    /// <summary>Members who appear only in stories.</summary>
    internal static readonly IReadOnlyList<MemberId> Members =
        [Contested, Fading, Collecting, SelfBuyer, Office, JoinedInStore, JoinedOnline, Choosing];

    internal static IEnumerable<Fact> Facts() =>
        [.. ContestedMember(), .. FadingMember(), .. SplitOrder(), .. SelfPurchases(), .. CarriedReturn(), .. JoinedTwice(), .. Choice()];

    private static IEnumerable<Fact> ContestedMember() =>
    [
        Service("V260302-9001", "2026-03-02 19:20", Contested, "app-install", "S08", "K032"),
        Service("V260308-9001", "2026-03-08 15:05", Contested, "qr-scan", "S09", "K037"),
        Service("V260315-9001", "2026-03-15 16:40", Contested, "app-install", "S09", "K037"),
        Service("V260320-9001", "2026-03-20 18:10", Contested, "qr-scan", "S09", "K037"),
        Order("W260322-9001", "2026-03-22 21:30", Contested, new SaleLine(1, "outerwear", 1, 3680, Fulfil.Ship, null)),
        Handed("H260324-9001", "2026-03-24 14:00", ContestedWhileLocked, null, null, (1, 1)),
        Service("V260420-9001", "2026-04-20 17:30", Contested, "app-install", "S09", "K037"),
        Order("W260425-9001", "2026-04-25 22:10", Contested, new SaleLine(1, "shoes", 1, 2480, Fulfil.Pickup, null)),
        Handed("H260427-9001", "2026-04-27 18:45", ContestedAfterLock, "S09", "K037", (1, 1)),
    ];

    private static IEnumerable<Fact> FadingMember()
    {
        yield return Service("V260110-9001", "2026-01-10 16:15", Fading, "app-install", "S04", "K016");
        string[] days = ["2026-01-20", "2026-03-15", "2026-06-10", "2026-08-01"];
        for (var i = 0; i < days.Length; i++)
        {
            yield return Order(FadingOrders[i].Value, days[i] + " 20:30", Fading, new SaleLine(1, "bags", 1, 1980, Fulfil.Ship, null));
            var handed = string.Create(CultureInfo.InvariantCulture, $"H{FadingOrders[i].Value.AsSpan(1, 6)}-9001");
            yield return Handed(handed, days[i] + " 23:30", FadingOrders[i], null, null, (1, 1));
        }
    }

    private static IEnumerable<Fact> SplitOrder() =>
    [
        Service("V260501-9001", "2026-05-01 14:20", Collecting, "sign-up", "S05", "K021"),
        Order("W260509-9001", "2026-05-09 12:40", Collecting,
            new SaleLine(1, "tops", 3, 2070, Fulfil.Pickup, null), new SaleLine(2, "shoes", 1, 2980, Fulfil.Pickup, null),
            new SaleLine(3, "accessories", 2, 980, Fulfil.Pickup, null), new SaleLine(4, "outerwear", 1, 1980, Fulfil.Pickup, null)),
        Handed("H260511-9001", "2026-05-11 19:10", SplitPickup, "S05", "K021", (1, 2), (3, 2)),
        Handed("H260516-9001", "2026-05-16 15:30", SplitPickup, "S12", "K046", (1, 1), (2, 1)),
        new CancelFact(new("C260519-9001"), At("2026-05-19 22:00"), 0, SplitPickup, [new LineChange(4, 1, null)]),
        new ReturnFact(new("R260520-9001"), At("2026-05-20 18:20"), 0, SplitPickup, [new LineChange(1, 1, null)]),
    ];

    private static IEnumerable<Fact> SelfPurchases() =>
    [
        Service("V260306-9001", "2026-03-06 21:00", SelfBuyer, "link-click", "S05", "K021"),
        Order("W260306-9001", "2026-03-06 21:15", SelfBuyer, new SaleLine(1, "shoes", 1, 3480, Fulfil.Ship, null)),
        Handed("H260308-9001", "2026-03-08 11:00", SelfPurchase, null, null, (1, 1)),
    ];

    private static IEnumerable<Fact> CarriedReturn() =>
    [
        new SaleFact(OfficeSale, At("2026-06-10 13:30"), 0, Channel.Store, new StoreId("S09"), Office, CarriedClerk, null,
            [new SaleLine(1, "outerwear", 90, 178_200, Fulfil.Taken, null)]),
        new ReturnFact(OfficeReturn, At("2026-07-24 11:40"), 0, OfficeSale, [new LineChange(1, 84, null)]),
    ];

    private static IEnumerable<Fact> JoinedTwice() =>
    [
        Service("V260118-9001", "2026-01-18 15:00", JoinedInStore, "sign-up", "S11", "K043"),
        Order("W260201-9001", "2026-02-01 22:00", JoinedOnline, new SaleLine(1, "tops", 1, 790, Fulfil.Ship, null)),
        Handed("H260203-9001", "2026-02-03 14:00", new("W260201-9001"), null, null, (1, 1)),
        new MergeFact(new("G260206-9001"), At("2026-02-06 10:30"), 0, JoinedOnline, JoinedInStore),
        Order("W260212-9001", "2026-02-12 20:45", JoinedOnline, new SaleLine(1, "bottoms", 1, 1490, Fulfil.Pickup, null)),
        Handed("H260214-9001", "2026-02-14 17:20", JoinedTwiceOrder, "S11", "K043", (1, 1)),
    ];

    private static IEnumerable<Fact> Choice() =>
    [
        Service("V260511-9001", "2026-05-11 20:05", Choosing, "app-install", "S06", "K024"),
        Service("V260512-9001", "2026-05-12 21:00", Choosing, "member-decline", "S06", null),
        Order("W260520-9001", "2026-05-20 21:40", Choosing, new SaleLine(1, "bags", 1, 2480, Fulfil.Ship, null)),
        Handed("H260522-9001", "2026-05-22 13:00", WhileDeclined, null, null, (1, 1)),
        Service("V260612-9001", "2026-06-12 20:00", Choosing, "member-choice", "S06", "K025"),
        Order("W260620-9001", "2026-06-20 21:10", Choosing, new SaleLine(1, "shoes", 1, 2980, Fulfil.Ship, null)),
        Handed("H260622-9001", "2026-06-22 13:00", AfterChoice, null, null, (1, 1)),
    ];

    private static ServiceFact Service(string id, string at, MemberId member, string kind, string store, string? staff) =>
        new(new(id), At(at), 0, member, kind, new StoreId(store), staff is null ? null : new StaffId(staff));

    private static SaleFact Order(string id, string at, MemberId member, params SaleLine[] lines) =>
        new(new(id), At(at), 0, Channel.Online, null, member, null, null, lines);

    private static HandoverFact Handed(string id, string at, FactId sale, string? store, string? staff, params (int Line, int Units)[] lines) =>
        new(new(id), At(at), 0, sale, store is null ? null : new StoreId(store), staff is null ? null : new StaffId(staff),
            Array.ConvertAll(lines, line => new LineChange(line.Line, line.Units, null)));

    private static Instant At(string local)
    {
        var time = DateTime.ParseExact(local, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return new Instant(time.Ticks - (DemoCalendar.OffsetSeconds * TimeSpan.TicksPerSecond));
    }
}
