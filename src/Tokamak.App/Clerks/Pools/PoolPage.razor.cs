using System.Globalization;
using Microsoft.AspNetCore.Components;
using Tokamak.App.Access;
using Tokamak.App.Clerks.Shifts;
using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.Pools;

/// <summary>門市獎金池 of a period: the store's manager or the head office divides it once the period is closed, and what was decided stays to be read.</summary>
public sealed partial class PoolPage(TimeProvider time)
{
    [Parameter] public string Id { get; set; } = "";
    [CascadingParameter] private HttpContext Request { get; set; } = null!;
    [SupplyParameterFromQuery(Name = "month")] private string? AskedMonth { get; set; }

    /// <param name="ByHours">What they would have by hours; null where they are not chosen. Likewise equally.</param>
    /// <param name="Typed">By hand, as typed.</param>
    private sealed record Row(StaffId Staff, long Minutes, bool IsChosen, Int128? ByHours, Int128? Equally, string? Typed, long? ByHand, bool IsWrong);

    private StoreId Store { get; set; }
    private Month Chosen { get; set; }
    private IReadOnlyList<Month> Months { get; set; } = [];
    private StorePool? Pool { get; set; }
    private IReadOnlyList<Row> Rows { get; set; } = [];
    private IReadOnlyDictionary<Guid, string> Names { get; set; } = new Dictionary<Guid, string>();
    private PoolWay Way { get; set; } = PoolWay.Hours;
    private string? Reason { get; set; }
    private string? Good { get; set; }
    private string? Bad { get; set; }
    private bool MayDivide => Permissions.MayRun(Viewer, Store);
    private bool IsPost => HttpMethods.IsPost(Request.Request.Method);

    protected override async Task OnInitializedAsync()
    {
        Store = new StoreId(Links.IdOf(Request, after: 2));
        if (Books.PolicyOrNone is null || Store == StoreId.Online || !Books.Scope.MaySee(Store) || await Books.MonthsAsync(Request.RequestAborted) is not { } months || !months.Figures.Stores.Contains(Store))
        {
            Address.NotFound();
            return;
        }
        var current = Month.Of(Books.Zone.DayOf(new Instant(time.GetUtcNow().UtcTicks)));
        Months = [.. months.Figures.Months.Append(current).Distinct().OrderDescending()];
        // A month may be closed between the page and its form: the form is about the one that was shown.
        var of = IsPost && Request.Request.Form["month"].ToString() is { Length: > 0 } shown ? shown : AskedMonth;
        Chosen = Month.TryParse(of, out var asked) && Months.Contains(asked) ? asked : months.LastClosed ?? current;
        if (IsPost)
        {
            // What was typed stays on the page, whatever becomes of it.
            Way = Enum.TryParse<PoolWay>(Request.Request.Form["way"], out var way) && Enum.IsDefined(way) ? way : PoolWay.Hours;
            Reason = Appeals.AppealSteps.Read(Request.Request.Form["reason"], DividePool.MostLetters);
        }
        await ReadAsync(Books, sent: IsPost);
        await Audit.WriteAsync(Request, AuditKind.PayRead, Links.Pool(Store), Chosen.ToString());
    }

    private async Task ReadAsync(OpenBooks books, bool sent)
    {
        var pool = await StorePool.ReadAsync(books, Store, Chosen, Request.RequestAborted);
        Names = pool.Records.Count > 0 ? await People.NamesAsync(Viewer.Brand, Request.RequestAborted) : Names;
        var chosen = pool.Candidates.Where(one => sent ? Request.Request.Form["chosen"].Contains(one.Staff.Value) : one.WasThere).Select(one => one.Staff).ToHashSet();
        var (hours, equally) = (PartsOf(pool, PoolWay.Hours, chosen), PartsOf(pool, PoolWay.Equal, chosen));
        Rows =
        [
            .. pool.Candidates.Select(one =>
            {
                var typed = sent ? Request.Request.Form[FieldOf(one.Staff)].ToString() : null;
                var isRight = PoolWords.IsAmount(typed, Show.Currency.Decimals, out var units);
                return new Row(one.Staff, one.Minutes, chosen.Contains(one.Staff), PartOf(hours, one.Staff), PartOf(equally, one.Staff), typed, units, !isRight);
            }),
        ];
        Pool = pool;
    }

    private static Dictionary<StaffId, Int128> PartsOf(StorePool pool, PoolWay way, HashSet<StaffId> chosen) =>
        DividePool.Plan(pool, new PoolPlan(way, chosen, new Dictionary<StaffId, long>(), null, 0)).Parts.ToDictionary(part => part.Staff, part => part.Amount);

    private static Int128? PartOf(Dictionary<StaffId, Int128> parts, StaffId staff) => parts.TryGetValue(staff, out var part) ? part : null;

    private async Task SendAsync()
    {
        if (!MayDivide) return;
        if (Rows.Where(row => row.IsWrong).Select(row => Books.Names.StaffName(row.Staff)).ToList() is { Count: > 0 } wrong)
        {
            Bad = T["pool.wrong", string.Join(T["list.comma"], wrong.Take(5))];
            return;
        }
        if (Request.Request.Form["do"] == "divide") await DivideAsync();
    }

    private async Task DivideAsync()
    {
        var plan = new PoolPlan(
            Way, [.. Rows.Where(row => row.IsChosen).Select(row => row.Staff)], Rows.Where(row => row.ByHand is not null).ToDictionary(row => row.Staff, row => row.ByHand!.Value), Reason,
            int.TryParse(Request.Request.Form["seen"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? seen : -1);
        DivideOutcome outcome;
        await using (var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted))
        {
            outcome = await DividePool.RunAsync(
                await Books.AnewAsync(turn, Request.RequestAborted), Store, Chosen, plan, Viewer.Account.ToString(), new Instant(time.GetUtcNow().UtcTicks), Request.RequestAborted);
            if (outcome == DivideOutcome.Divided) await turn.CommitAsync(CancellationToken.None);
        }
        if (outcome == DivideOutcome.Divided) await Audit.WriteAsync(Request, AuditKind.PoolDivided, Store.Value, $"{Chosen} {PoolWords.Code(Way)} {plan.Seen + 1}");
        (Good, Bad) = outcome switch
        {
            DivideOutcome.Divided => (T["pool.divided"], null),
            DivideOutcome.NotClosed => ((string?)null, T["pool.open.note"]),
            DivideOutcome.NoPool => ((string?)null, T["pool.none.text"]),
            DivideOutcome.Nobody => ((string?)null, T["pool.nobody"]),
            DivideOutcome.WrongSum => ((string?)null, T["pool.wrongsum", Show.Money(Rows.Aggregate((Int128)0, (sum, row) => sum + (row.ByHand ?? 0))), Show.Money(Pool!.Amount)]),
            DivideOutcome.NoReason => ((string?)null, T["pool.noreason"]),
            DivideOutcome.Late => ((string?)null, T["pool.late"]),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
        };
        if (outcome == DivideOutcome.Divided) Reason = null;
        await using var after = await Books.Database.BeginReadAsync(Request.RequestAborted);
        await ReadAsync(await Books.AnewAsync(after, Request.RequestAborted), sent: outcome != DivideOutcome.Divided);
    }

    private string WayOf(PoolWay way) => PoolWords.Way(T, way);

    private string HintOf(PoolWay way) => way switch
    {
        PoolWay.Equal => T["pool.way.equal.hint"],
        PoolWay.Hours => T["pool.way.hours.hint"],
        PoolWay.ByHand => T["pool.way.byhand.hint"],
        _ => throw new ArgumentOutOfRangeException(nameof(way), way, null),
    };

    private string NameOf(string account) => Guid.TryParse(account, out var id) ? Names.GetValueOrDefault(id, account) : account;

    private static string FieldOf(StaffId staff) => $"amount.{staff}";
}
