using Microsoft.AspNetCore.Components;
using Tokamak.App.Access;
using Tokamak.App.Clerks.Appeals;
using Tokamak.App.Clerks.Pools;
using Tokamak.App.Clerks.Targets;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Traces;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.MyDay;

/// <summary>
/// A clerk's day: what today and this month brought, what is still to come and when, which members to look after, and what was paid.
/// Compared only with oneself, unless the head office allows the own store beside it.
/// </summary>
public sealed partial class MyDayPage(TimeProvider time)
{
    private const int PageSize = 50, MonthsShown = 12;

    [Parameter] public string? Id { get; set; }
    [CascadingParameter] private HttpContext Request { get; set; } = null!;
    [SupplyParameterFromQuery(Name = "today")] private int? AskedToday { get; set; }
    [SupplyParameterFromQuery(Name = "pending")] private int? AskedPending { get; set; }

    private bool IsOwn => Id is null;
    private StaffTimeline? Clerk { get; set; }
    private ClerkDay? Day { get; set; }
    private DateOnly Today { get; set; }
    private long? Target { get; set; }

    /// <summary>Whether the head office lets clerks see how they stand beside their store.</summary>
    private bool MayCompare { get; set; }

    /// <summary>Null where nothing may be shown.</summary>
    private StoreComparison? Beside { get; set; }

    /// <summary>On their own appeals, that they have not read.</summary>
    private long Rulings { get; set; }

    /// <summary>Of this month as its statement stands: it is paid when the month is closed.</summary>
    private Int128 Final { get; set; }

    private Int128 Carried { get; set; }

    /// <summary>Of the last store pool that was divided with a part for them.</summary>
    private IReadOnlyList<PoolShare> Pools { get; set; } = [];

    private IReadOnlyList<StatementRow> Past { get; set; } = [];
    private int TodayPage => PageOf(AskedToday, Day!.Today.Count);
    private int PendingPage => PageOf(AskedPending, Day!.Pending.Count);

    protected override async Task OnInitializedAsync()
    {
        var staff = IsOwn ? Viewer.Staff : new StaffId(Links.IdOf(Request, after: 1));
        if (staff is not { } asked || Books.PolicyOrNone is null || !Books.MaySee(asked))
        {
            if (!IsOwn) Address.NotFound();
            return;
        }
        Clerk = Books.Roster.Find(asked)!;
        var now = new Instant(time.GetUtcNow().UtcTicks);
        Today = Books.Zone.DayOf(now);
        var month = Month.Of(Today);
        if (IsOwn) Rulings = await ReadAppeals.UnreadAsync(Books.Turn, asked, Request.RequestAborted);
        var day = await ReadClerkDay.OfAsync(Books.Turn, Books.Known, Clerk, Today, now, Request.RequestAborted);
        var figures = (await Books.MonthsAsync(Request.RequestAborted)).Figures;
        var statements = figures.StatementsOf(asked).ToList();
        (Final, Carried) = statements.Find(row => row.Period == month) is { Staff: not null } row ? (row.StaffPay + row.Bounty, row.Carried) : (0, 0);
        Past = [.. statements.Where(row => row.Period < month).TakeLast(MonthsShown)];
        var targets = await MonthlyTargets.OfAsync(Books.Turn, month, Request.RequestAborted);
        if (targets.TryGetValue(TargetOf.Clerk(asked), out var target)) Target = target;
        // It is hers to see: whoever else looks at her day has pages of their own for the store.
        if (IsOwn && Clerk.At(now) is { Employed: true } place && await ComparisonSetting.IsOnAsync(Books.Turn, Request.RequestAborted))
            (MayCompare, Beside) = (true, StoreComparison.Of(figures, place.Store, asked, month, targets.TryGetValue(TargetOf.Store(place.Store), out var ofStore) ? ofStore : null));
        Pools = await ReadPools.LastOfAsync(Books.Turn, asked, Request.RequestAborted);
        if (Viewer.Staff != asked) await Audit.WriteAsync(Request, AuditKind.PayRead, asked.Value, Today.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        Day = day;
    }

    private static int PageOf(int? asked, int count) => Math.Clamp(asked ?? 1, 1, PagesOf(count));

    private static int PagesOf(int count) => Math.Max(1, (count + PageSize - 1) / PageSize);

    private static Int128 InUnits(Int128 amountE4) => TraceWords.InUnits(amountE4);

    private string StateOf(DayLine line) => line.Pending switch
    {
        null => T["day.state.settled"],
        { State: PendingState.NotReceived } => T["day.state.notreceived"],
        { VestsOn: { } day } => T["day.state.vests", Show.Day(day)],
        _ => T["day.state.never"],
    };
}
