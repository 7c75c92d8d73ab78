using Microsoft.AspNetCore.Components;
using Tokamak.App.Access;
using Tokamak.App.Clerks.MyDay;
using Tokamak.App.Clerks.Pools;
using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.Targets;

/// <summary>業績目標 of a month: the office sets those of stores and clerks, a manager those of the own store's clerks.</summary>
public sealed partial class TargetsPage(TimeProvider time)
{
    private const int MonthsBefore = 11, MonthsAfter = 2;

    [CascadingParameter] private HttpContext Request { get; set; } = null!;
    [SupplyParameterFromQuery(Name = "month")] private string? AskedMonth { get; set; }
    [SupplyParameterFromQuery(Name = "store")] private string? AskedStore { get; set; }
    [SupplyParameterFromForm(FormName = "comparison", Name = "Comparison")] private ComparisonFields? Comparison { get; set; }

    /// <param name="Of">Whose.</param>
    /// <param name="Credit">Of the month so far.</param>
    /// <param name="Target">As it is kept.</param>
    /// <param name="Shown">What the form began with, to tell what the person changed.</param>
    /// <param name="Typed">What is in the field.</param>
    private sealed record Row(TargetOf Of, Int128 Credit, long? Target, string? Shown, string? Typed);

    private bool Ready { get; set; }
    private Month Chosen { get; set; }
    private IReadOnlyList<Month> Months { get; set; } = [];
    private StoreId? Store { get; set; }
    private long? StoreTarget { get; set; }
    private IReadOnlyList<Row> Rows { get; set; } = [];
    private string? Good { get; set; }
    private string? Bad { get; set; }
    private bool SeesAll => Permissions.SeesAll(Viewer);

    /// <summary>It is about all stores, and a question of how people are led: the head office's.</summary>
    private bool MaySetComparison => Viewer.Role == AccountRole.Hq && Store is null;

    private bool IsCompared { get; set; }
    private Instant Now => new(time.GetUtcNow().UtcTicks);

    private IEnumerable<string> Unneeded => !HttpMethods.IsPost(Request.Request.Method) ? [] : Rows.Count == 0 ? ["targets", "copy"] : IsOver ? ["copy"] : [];

    /// <summary>What a month was to reach is not changed afterwards.</summary>
    private bool IsOver => Chosen < Month.Of(Books.Zone.DayOf(Now));

    protected override async Task OnInitializedAsync()
    {
        if (Books.PolicyOrNone is null)
        {
            Address.NotFound();
            return;
        }
        var current = Month.Of(Books.Zone.DayOf(Now));
        Months = [.. Enumerable.Range(current.Index - MonthsBefore, MonthsBefore + 1 + MonthsAfter).Reverse().Select(index => new Month(index))];
        var of = HttpMethods.IsPost(Request.Request.Method) && Request.Request.Form["month"].ToString() is { Length: > 0 } shown ? shown : AskedMonth;
        Chosen = Month.TryParse(of, out var asked) && Months.Contains(asked) ? asked : current;
        Store = SeesAll ? AskedStore is { } id && FactForm.IsId(id) ? new StoreId(id) : null : Viewer.Store;
        if (!SeesAll && Store is null)
        {
            Address.NotFound();
            return;
        }
        await ReadAsync(Books, typed: null);
        IsCompared = MaySetComparison && await ComparisonSetting.IsOnAsync(Books.Turn, Request.RequestAborted);
        Ready = true;
    }

    private async Task ReadAsync(OpenBooks books, Func<TargetOf, string?>? typed)
    {
        var figures = (await books.MonthsAsync(Request.RequestAborted)).Figures;
        var targets = await MonthlyTargets.OfAsync(books.Turn, Chosen, Request.RequestAborted);
        StoreTarget = Store is { } own && targets.TryGetValue(TargetOf.Store(own), out var whole) ? whole : null;
        var stores = figures.StoreStatements(Chosen).Where(row => row.Store is not null).ToDictionary(row => row.Store!.Value, row => row.Credit);
        var clerks = figures.StaffStatements(Chosen).ToDictionary(row => row.Staff!.Value, row => row.Credit);
        IEnumerable<(TargetOf Of, Int128 Credit)> all = Store is { } store
            ? books.Roster.All.Where(clerk => clerk.Employments is [.., { Employed: true } last] && last.Store == store).Select(clerk => clerk.Id).Order()
                .Select(staff => (TargetOf.Clerk(staff), clerks.GetValueOrDefault(staff)))
            : figures.Stores.Where(one => one != StoreId.Online).Select(one => (TargetOf.Store(one), stores.GetValueOrDefault(one)));
        Rows =
        [
            .. all.Select(one =>
            {
                long? target = targets.TryGetValue(one.Of, out var set) ? set : null;
                var kept = target is { } units ? Show.Plain(units) : null;
                return new Row(one.Of, one.Credit, target, typed is null ? kept : Request.Request.Form[ShownOf(one.Of)].ToString(), typed is null ? kept : typed(one.Of));
            }),
        ];
    }

    private async Task SaveAsync()
    {
        if (IsOver)
        {
            SayOver();
            return;
        }
        var amounts = new Dictionary<TargetOf, long?>();
        List<string> wrong = [];
        // Only what the person changed is said: what somebody else has set meanwhile stays.
        foreach (var row in Rows.Where(row => Request.Request.Form.ContainsKey(FieldOf(row.Of)) && TypedOf(row.Of).Trim() != Request.Request.Form[ShownOf(row.Of)].ToString()))
        {
            if (PoolWords.IsAmount(TypedOf(row.Of), Show.Currency.Decimals, out var amount) && amount is null or (>= 1 and <= MonthlyTargets.Most)) amounts.Add(row.Of, amount);
            else wrong.Add(NameOf(row.Of));
        }
        if (wrong.Count > 0)
        {
            Bad = T["targets.wrong", string.Join(T["list.comma"], wrong.Take(5))];
            await ReadAsync(Books, TypedOf);
            return;
        }
        await KeepAsync(amounts);
    }

    private void SayOver() => Bad = T["targets.over"];

    private async Task CopyAsync()
    {
        var before = await MonthlyTargets.OfAsync(Books.Turn, new Month(Chosen.Index - 1), Request.RequestAborted);
        await KeepAsync(Rows.Where(row => row.Target is null && before.ContainsKey(row.Of)).ToDictionary(row => row.Of, row => (long?)before[row.Of]));
    }

    private async Task KeepAsync(IReadOnlyDictionary<TargetOf, long?> amounts)
    {
        await using var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted);
        var changed = await MonthlyTargets.SetAsync(turn, Chosen, amounts, Viewer.Account.ToString(), Now, Request.RequestAborted);
        await turn.CommitAsync(CancellationToken.None);
        if (changed > 0) await Audit.WriteAsync(Request, AuditKind.TargetsSet, Store?.Value, Chosen.ToString());
        Good = changed > 0 ? T["targets.saved", Show.Count(changed)] : T["targets.same"];
        await using var after = await Books.Database.BeginReadAsync(Request.RequestAborted);
        await ReadAsync(await Books.AnewAsync(after, Request.RequestAborted), typed: null);
    }

    private async Task SaveComparisonAsync()
    {
        var on = Comparison?.On == true;
        if (!MaySetComparison) return;
        if (on != IsCompared)
        {
            await using (var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted))
            {
                await ComparisonSetting.SetAsync(turn, on, Request.RequestAborted);
                await turn.CommitAsync(CancellationToken.None);
            }
            await Audit.WriteAsync(Request, AuditKind.ComparisonSet, null, on ? "on" : "off");
            IsCompared = on;
        }
        Good = on ? T["targets.comparison.saved"] : T["targets.comparison.saved.off"];
    }

    private string TypedOf(TargetOf of) => Request.Request.Form[FieldOf(of)].ToString();

    private static string FieldOf(TargetOf of) => $"{of.Kind}.{of.Id}";

    private static string ShownOf(TargetOf of) => $"shown.{of.Kind}.{of.Id}";

    private sealed class ComparisonFields
    {
        public bool On { get; set; }
    }

    private string NameOf(TargetOf of) => of.Kind == TargetKind.Store ? Books.Names.StoreName(new StoreId(of.Id)) : Books.Names.StaffName(new StaffId(of.Id));
}
