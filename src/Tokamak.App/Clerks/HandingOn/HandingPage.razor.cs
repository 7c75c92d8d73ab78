using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.HandingOn;

/// <summary>Members of a clerk who has left are handed on to colleagues of the same store, by the office or the store's manager.</summary>
public sealed partial class HandingPage(TimeProvider time)
{
    [Parameter] public string Id { get; set; } = "";
    [CascadingParameter] private HttpContext Request { get; set; } = null!;
    [SupplyParameterFromQuery(Name = "store")] private string? AskedStore { get; set; }
    [SupplyParameterFromForm(FormName = "plan", Name = "Typed")] private Fields? Typed { get; set; }
    [SupplyParameterFromForm(FormName = "back", Name = "Back")] private Fields? Back { get; set; }

    private sealed record Plan(HandingRow Row, IReadOnlyDictionary<HandingOutcome, int> Counts, IReadOnlyDictionary<HandingNoticeState, int> Notices, IReadOnlyList<StaffId> Successors)
    {
        public int Of(HandingOutcome outcome) => Counts.GetValueOrDefault(outcome);

        public int Of(HandingNoticeState state) => Notices.GetValueOrDefault(state);
    }

    private StaffTimeline? Clerk { get; set; }
    private StoreId Store { get; set; }
    private bool HasLeft { get; set; }

    /// <summary>Stores that hold members of the clerk's, with how many, and those where some are on their way.</summary>
    private IReadOnlyDictionary<StoreId, int> Places { get; set; } = new Dictionary<StoreId, int>();
    private int LeftBehind => Places.GetValueOrDefault(Store);
    private IReadOnlyList<Plan> Plans { get; set; } = [];
    private IReadOnlyList<StaffId> Successors { get; set; } = [];
    private IReadOnlyList<string> Kinds { get; set; } = [];
    private string? Good { get; set; }
    private string? Bad { get; set; }
    private bool IsPost => HttpMethods.IsPost(Request.Request.Method);

    /// <summary>Without anything that sends messages members see it on their own pages only, and nothing waits to be sent.</summary>
    private bool CanTell => Request.RequestServices.GetService<TellHanded>() is { CanTell: true };

    private Instant Now => new(time.GetUtcNow().UtcTicks);
    private DateOnly Today => Books.Zone.DayOf(Now);
    private DateOnly Until => Typed?.Until ?? Today.AddDays(PlanHanding.UsualDays);
    private Plan? Waiting => Plans.FirstOrDefault(plan => plan.Row.State == HandingState.Waits);

    protected override async Task OnInitializedAsync()
    {
        var staff = new StaffId(Links.IdOf(Request, after: 1));
        if (Books.PolicyOrNone is null || Books.Roster.Find(staff) is not { Employments: [.., var last] } clerk || !MayOpen(clerk))
        {
            Address.NotFound();
            return;
        }
        (Clerk, HasLeft) = (clerk, !last.Employed);
        Places = await PlacesAsync(Books);
        var asked = Typed?.Store ?? Back?.Store ?? AskedStore;
        List<StoreId> known = [.. Places.Keys.Concat(clerk.Employments.Select(one => one.Store)).Where(Books.Scope.MaySee).Distinct()];
        // The one that they left last comes first.
        Store = known.Find(store => store.Value == asked) is { Value: not null } chosen ? chosen
            : Places.Count == 0 || Places.ContainsKey(last.Store) ? last.Store : Places.Keys.Order().First();
        await ReadAsync(Books);
    }

    /// <summary>The manager of a store that they worked at as well, wherever they went.</summary>
    private bool MayOpen(StaffTimeline clerk) => Books.MaySee(clerk.Id) || clerk.Employments.Any(one => Books.Scope.MaySee(one.Store));

    private async Task<IReadOnlyDictionary<StoreId, int>> PlacesAsync(OpenBooks books)
    {
        var left = await PlanHanding.LeftBehindAsync(books.Turn, books.Known.Rules, Clerk!.Id, Now, Request.RequestAborted);
        return left.Where(place => books.Scope.MaySee(place.Key)).ToDictionary(place => place.Key, place => place.Value.Count);
    }

    private async Task ReadAsync(OpenBooks books)
    {
        var (stop, now) = (Request.RequestAborted, Now);
        Successors = [.. books.Roster.All.Where(clerk => clerk.Id != Clerk!.Id && PlanHanding.WorksAt(books.Roster, clerk.Id, Store, now)).Select(clerk => clerk.Id).Order()];
        Kinds = books.Policy.InForceOn(Today) is { } inForce ? HandingRules.KindsOf(inForce) : [];
        Places = await PlacesAsync(books);
        await using var context = books.Turn.Books();
        var rows = await context.Handings.Where(row => row.Staff == Clerk!.Id.Value && row.Store == Store.Value).OrderByDescending(row => row.AskedAtTicks).ToListAsync(stop);
        var ids = rows.ConvertAll(row => row.Id);
        var counts = await context.HandingMembers.Where(row => ids.Contains(row.Handing)).GroupBy(row => new { row.Handing, row.State, row.Successor })
            .Select(group => new { group.Key.Handing, group.Key.State, group.Key.Successor, Count = group.Count() }).ToListAsync(stop);
        var notices = await context.HandingNotices.Where(row => ids.Contains(row.Handing)).GroupBy(row => new { row.Handing, row.State }).Select(group => new { group.Key.Handing, group.Key.State, Count = group.Count() }).ToListAsync(stop);
        Plans =
        [
            .. rows.Select(row => new Plan(
                row, counts.Where(one => one.Handing == row.Id).GroupBy(one => one.State).ToDictionary(state => state.Key, state => state.Sum(one => one.Count)),
                notices.Where(one => one.Handing == row.Id).ToDictionary(one => one.State, one => one.Count),
                [.. counts.Where(one => one.Handing == row.Id).Select(one => one.Successor).Distinct().Order(StringComparer.Ordinal).Select(id => new StaffId(id))])),
        ];
    }

    private async Task PlanAsync()
    {
        var plan = new HandingPlan(Clerk!.Id, Store, [.. Request.Request.Form["successor"].OfType<string>().Where(FactForm.IsId).Select(id => new StaffId(id))], Typed?.Kind ?? "", Until,
            CanTell ? $"{Request.Request.Scheme}://{Request.Request.Host}/my" : null);
        PlanOutcome outcome;
        int members;
        await using (var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted))
        {
            var books = await Books.AnewAsync(turn, Request.RequestAborted);
            (outcome, members) = await PlanHanding.RunAsync(turn, books.Known.Rules, plan, Guid.CreateVersion7(time.GetUtcNow()).ToString(), Viewer.Account.ToString(), Now, Request.RequestAborted);
            if (outcome == PlanOutcome.Planned) await turn.CommitAsync(CancellationToken.None);
        }
        if (outcome == PlanOutcome.Planned) await Audit.WriteAsync(Request, AuditKind.HandingPlanned, Clerk.Id.Value, plan.RefuseUntil.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        (Good, Bad) = outcome switch
        {
            PlanOutcome.Planned => (T["handing.planned", Show.Count(members), Show.Day(plan.RefuseUntil)], null),
            PlanOutcome.NoSuccessor => ((string?)null, T["handing.wrong.successor"]),
            PlanOutcome.WrongDay => ((string?)null, T["handing.wrong.day", Show.Count(PlanHanding.MostDays)]),
            PlanOutcome.OnItsWay => ((string?)null, T["handing.wrong.twice"]),
            PlanOutcome.Nobody => ((string?)null, T["handing.nobody.text"]),
            PlanOutcome.WrongKind => ((string?)null, T["handing.nokind", HandingRules.Kind]),
            _ => ((string?)null, T["handing.employed.text"]),
        };
        await AfterAsync();
    }

    private async Task TakeBackAsync()
    {
        if (Back?.Sure != true || Waiting is not { } waiting)
        {
            Bad = T["handing.back.unsure"];
            return;
        }
        bool done;
        await using (var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted))
        {
            done = await PlanHanding.TakeBackAsync(turn, waiting.Row.Id, Request.RequestAborted);
            await turn.CommitAsync(CancellationToken.None);
        }
        if (done) await Audit.WriteAsync(Request, AuditKind.HandingTakenBack, Clerk!.Id.Value);
        (Good, Bad) = done ? (T["handing.back.done"], null) : ((string?)null, T["handing.back.late"]);
        await AfterAsync();
    }

    private async Task AfterAsync()
    {
        await using var after = await Books.Database.BeginReadAsync(Request.RequestAborted);
        await ReadAsync(await Books.AnewAsync(after, Request.RequestAborted));
    }

    private bool IsChosen(StaffId staff) => !IsPost || Request.Request.Form["successor"].Contains(staff.Value);

    private string StateOf(HandingState state) => state switch
    {
        HandingState.Waits => T["handing.state.waits"],
        HandingState.Done => T["handing.state.done"],
        HandingState.TakenBack => T["handing.state.back"],
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    private sealed class Fields
    {
        public string? Store { get; set; }
        public string? Kind { get; set; }
        public DateOnly? Until { get; set; }
        public bool Sure { get; set; }
    }
}
