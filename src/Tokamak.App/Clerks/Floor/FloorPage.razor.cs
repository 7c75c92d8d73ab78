using Microsoft.AspNetCore.Components;
using Tokamak.App.Access;
using Tokamak.App.Clerks.Pools;
using Tokamak.App.Clerks.Shifts;
using Tokamak.App.Clerks.Targets;
using Tokamak.App.Referral.Pages;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.Floor;

/// <summary>What a store manager looks at today: who is here, how far the month is, who works at the store, and what is to be done.</summary>
public sealed partial class FloorPage(TimeProvider time)
{
    [Parameter] public string Id { get; set; } = "";
    [CascadingParameter] private HttpContext Request { get; set; } = null!;

    private StoreId Store { get; set; }
    private DateOnly Today { get; set; }
    private StoreStaff? Staff { get; set; }
    private long CreditToday { get; set; }
    private Int128 CreditOfMonth { get; set; }
    private Int128 Pool { get; set; }
    private long? Target { get; set; }

    /// <summary>The last closed period, where its pool waits to be divided.</summary>
    private Month? Undivided { get; set; }

    private IReadOnlyList<(StaffId Staff, int Minutes)> OnShift { get; set; } = [];
    private IReadOnlyDictionary<TargetOf, long> Targets { get; set; } = new Dictionary<TargetOf, long>();
    private IReadOnlyDictionary<StaffId, Int128> Credits { get; set; } = new Dictionary<StaffId, Int128>();
    private bool MayRun => Permissions.MayRun(Viewer, Store);

    protected override async Task OnInitializedAsync()
    {
        var stop = Request.RequestAborted;
        Store = new StoreId(Links.IdOf(Request, after: 1));
        if (Books.PolicyOrNone is null || Store == StoreId.Online || !Books.Scope.MaySee(Store) || await Books.MonthsAsync(stop) is not { } months || !months.Figures.Stores.Contains(Store))
        {
            Address.NotFound();
            return;
        }
        var now = new Instant(time.GetUtcNow().UtcTicks);
        Today = Books.Zone.DayOf(now);
        var (month, figures) = (Month.Of(Today), months.Figures);
        OnShift = [.. (await StoreShifts.OfAsync(Books.Turn, Store, Today, Today, stop)).Select(one => (one.Key.Staff, one.Value)).OrderBy(one => one.Staff)];
        Targets = await MonthlyTargets.OfAsync(Books.Turn, month, stop);
        Target = Targets.TryGetValue(TargetOf.Store(Store), out var target) ? target : null;
        CreditToday = await ReadStoreDay.CreditAsync(Books.Turn, figures, Store, Today, stop);
        CreditOfMonth = figures.CreditsOf(month, Store).Aggregate((Int128)0, (sum, one) => sum + one.Amount);
        Credits = figures.StaffStatements(month).ToDictionary(row => row.Staff!.Value, row => row.Credit);
        Pool = figures.PoolOf(month, Store);
        if (months.LastClosed is { } closed && await StorePool.ReadAsync(Books, Store, closed, stop) is { Latest: null } pool && pool.Amount > 0) Undivided = closed;
        await Audit.WriteAsync(Request, AuditKind.PayRead, Links.Floor(Store), month.ToString());
        Staff = StoreStaff.Of(Books.Roster, Store, now);
    }

    private Int128 CreditOf(StaffId staff) => Credits.GetValueOrDefault(staff);

    private long? TargetOfClerk(StaffId staff) => Targets.TryGetValue(TargetOf.Clerk(staff), out var target) ? target : null;
}
