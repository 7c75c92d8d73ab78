using System.Globalization;
using Microsoft.AspNetCore.Components;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.Shifts;

/// <summary>班表 of a store's week: its manager and the head office type hours, and what two of them type at once is not lost.</summary>
public sealed partial class ShiftsPage(TimeProvider time)
{
    private const int WeeksBefore = 104, WeeksAhead = 26;

    [Parameter] public string Id { get; set; } = "";
    [CascadingParameter] private HttpContext Request { get; set; } = null!;
    [SupplyParameterFromQuery(Name = "week")] private string? AskedWeek { get; set; }

    /// <param name="Day">Which.</param>
    /// <param name="Typed">What the field holds.</param>
    /// <param name="IsFixed">It stays as it is: the month is closed, the clerk is not at the store that day, or the person only looks on.</param>
    /// <param name="IsWrong">What was typed is no time, or not what another has set meanwhile.</param>
    /// <param name="Now">What another has set meanwhile; null for nobody has.</param>
    /// <param name="Seen">What whoever reads the page knows to stand there.</param>
    private sealed record Cell(DateOnly Day, string Typed, bool IsFixed, bool IsWrong, int? Now, int Seen);

    private sealed record Row(StaffId Staff, IReadOnlyList<Cell> Cells, string Seen, long Minutes);

    private bool Ready { get; set; }
    private StoreId Store { get; set; }
    private Week Chosen { get; set; }
    private DateOnly Today { get; set; }
    private IReadOnlyDictionary<ShiftPlace, int> Stored { get; set; } = new Dictionary<ShiftPlace, int>();
    private IReadOnlyDictionary<ShiftPlace, int> Conflicts { get; set; } = new Dictionary<ShiftPlace, int>();
    private IReadOnlyList<Row> Rows { get; set; } = [];
    private string? Good { get; set; }
    private string? Bad { get; set; }
    private bool MayChange => Permissions.MayRun(Viewer, Store);
    private bool IsOver => StoreShifts.IsClosed(Chosen.LastDay, Books.Known.Mark.LastClosed);
    private bool IsPost => HttpMethods.IsPost(Request.Request.Method);
    private IEnumerable<string> Unneeded => !IsPost ? [] : Rows.Count == 0 ? ["shifts", "copy"] : MayChange && !IsOver ? [] : ["copy"];
    private Week First => Week.Of(Today.AddDays(-7 * WeeksBefore));
    private Week Last => Week.Of(Today.AddDays(7 * WeeksAhead));

    protected override async Task OnInitializedAsync()
    {
        Store = new StoreId(Links.IdOf(Request, after: 2));
        if (Books.PolicyOrNone is null || Store == StoreId.Online || !Books.Scope.MaySee(Store) || !(await Books.MonthsAsync(Request.RequestAborted)).Figures.Stores.Contains(Store))
        {
            Address.NotFound();
            return;
        }
        Today = Books.Zone.DayOf(new Instant(time.GetUtcNow().UtcTicks));
        // A form is of the week that it showed: by now another may be the present one.
        var of = IsPost && Request.Request.Form["week"].ToString() is { Length: > 0 } shown ? shown : AskedWeek;
        Chosen = Week.TryParse(of, out var asked) && asked.FirstDay >= First.FirstDay && asked.FirstDay <= Last.FirstDay ? asked : Week.Of(Today);
        await ReadAsync(Books, keepTyped: false);
        Ready = true;
    }

    /// <param name="books">At which moment.</param>
    /// <param name="keepTyped">The page answers a form of which nothing was saved.</param>
    private async Task ReadAsync(OpenBooks books, bool keepTyped)
    {
        Stored = await StoreShifts.OfAsync(books.Turn, Store, Chosen.FirstDay, Chosen.LastDay, Request.RequestAborted);
        Rows = [.. StaffOf(books, Chosen).Concat(Stored.Keys.Select(place => place.Staff)).Distinct().Order().Select(staff => RowOf(books, staff, keepTyped))];
    }

    private Row RowOf(OpenBooks books, StaffId staff, bool keepTyped)
    {
        List<Cell> cells = [.. Chosen.EachDay().Select(day => CellOf(books, new ShiftPlace(staff, day), keepTyped))];
        var seen = string.Join(',', cells.Select(cell => cell.Seen.ToString(CultureInfo.InvariantCulture)));
        return new Row(staff, cells, seen, Stored.Where(one => one.Key.Staff == staff).Sum(one => (long)one.Value));
    }

    private Cell CellOf(OpenBooks books, ShiftPlace place, bool keepTyped)
    {
        var stands = Stored.GetValueOrDefault(place);
        var isFixed = !MayChange || StoreShifts.IsClosed(place.Day, books.Known.Mark.LastClosed) || (stands == 0 && !WorksOn(books, place));
        if (isFixed || !keepTyped || SentOf(place) is not var (text, shown)) return new Cell(place.Day, ShiftHours.Text(stands), isFixed, false, null, stands);
        var isConflict = Conflicts.ContainsKey(place);
        // With what another has set beside the field, to save once more is to mean it.
        return new Cell(place.Day, text, false, isConflict || !ShiftHours.TryParse(text, out _), isConflict ? stands : null, isConflict ? stands : shown);
    }

    private async Task SaveAsync()
    {
        if (!MayChange) return;
        var changes = new Dictionary<ShiftPlace, ShiftChange>();
        var wrong = new List<string>();
        foreach (var row in Rows)
        {
            foreach (var cell in row.Cells.Where(cell => !cell.IsFixed))
            {
                var place = new ShiftPlace(row.Staff, cell.Day);
                if (SentOf(place) is not var (text, shown)) continue;
                if (ShiftHours.TryParse(text, out var minutes)) changes.Add(place, new ShiftChange(shown, minutes));
                else wrong.Add($"{Books.Names.StaffName(row.Staff)} {DayName(cell.Day)}");
            }
        }
        if (wrong.Count > 0)
        {
            Bad = T["shifts.wrong", string.Join(T["list.comma"], wrong.Take(5))];
            await ReadAsync(Books, keepTyped: true);
            return;
        }
        await KeepAsync(changes);
    }

    private void SayOver() => Bad = MayChange ? T["shifts.over"] : T["shifts.readonly"];

    /// <summary>Only what is empty is filled: what somebody typed for this week is meant.</summary>
    private async Task CopyAsync()
    {
        if (!MayChange) return;
        var before = await StoreShifts.OfAsync(Books.Turn, Store, Chosen.Before.FirstDay, Chosen.Before.LastDay, Request.RequestAborted);
        await KeepAsync(before.Select(one => (Place: one.Key with { Day = one.Key.Day.AddDays(7) }, one.Value)).Where(one => !Stored.ContainsKey(one.Place) && WorksOn(Books, one.Place))
            .ToDictionary(one => one.Place, one => new ShiftChange(0, one.Value)));
    }

    private async Task KeepAsync(IReadOnlyDictionary<ShiftPlace, ShiftChange> changes)
    {
        SavedShifts saved;
        await using (var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted))
        {
            var books = await Books.AnewAsync(turn, Request.RequestAborted);
            saved = await StoreShifts.SaveAsync(turn, Store, changes, books.Known.Mark.LastClosed, Request.RequestAborted);
            await turn.CommitAsync(CancellationToken.None);
        }
        if (saved.Changed > 0) await Audit.WriteAsync(Request, AuditKind.ShiftsSet, Store.Value, Chosen.ToString());
        Conflicts = saved.Conflicts;
        (Good, Bad) = saved switch
        {
            { Conflicts.Count: > 0 } => ((string?)null, T["shifts.conflict"]),
            { Closed: > 0 } => ((string?)null, T["shifts.closed", Show.Count(saved.Closed)]),
            { Changed: 0 } => (T["targets.same"], null),
            _ => (T["shifts.saved", Show.Count(saved.Changed)], null),
        };
        await using var after = await Books.Database.BeginReadAsync(Request.RequestAborted);
        await ReadAsync(await Books.AnewAsync(after, Request.RequestAborted), keepTyped: Conflicts.Count > 0);
    }

    private IEnumerable<StaffId> StaffOf(OpenBooks books, Week week) =>
        books.Roster.All.Where(clerk => clerk.WorkedAt(Store, StartOf(books, week.FirstDay), StartOf(books, week.Next.FirstDay))).Select(clerk => clerk.Id);

    private bool WorksOn(OpenBooks books, ShiftPlace place) => books.Roster.Find(place.Staff)?.WorkedAt(Store, StartOf(books, place.Day), StartOf(books, place.Day.AddDays(1))) == true;

    private static Instant StartOf(OpenBooks books, DateOnly day) => books.Zone.InstantOf(day.ToDateTime(TimeOnly.MinValue));

    /// <summary>What was typed over what the form was shown; null for a day that nobody touched.</summary>
    private (string Text, int Shown)? SentOf(ShiftPlace place)
    {
        var form = Request.Request.Form;
        if (!form.TryGetValue(FieldOf(place.Staff, place.Day), out var typed) || form[SeenOf(place.Staff)].ToString().Split(',') is not { Length: 7 } seen) return null;
        if (!int.TryParse(seen[place.Day.DayNumber - Chosen.FirstDay.DayNumber], NumberStyles.None, CultureInfo.InvariantCulture, out var shown)) return null;
        var text = typed.ToString();
        return ShiftHours.TryParse(text, out var minutes) && minutes == shown ? null : (text, shown);
    }

    private static string FieldOf(StaffId staff, DateOnly day) => $"{day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.{staff}";

    private static string SeenOf(StaffId staff) => $"seen.{staff}";

    private string DayName(DateOnly day)
    {
        var date = string.Create(CultureInfo.InvariantCulture, $"{day.Month}/{day.Day}");
        return day.DayOfWeek switch
        {
            DayOfWeek.Monday => T["shifts.mon", date],
            DayOfWeek.Tuesday => T["shifts.tue", date],
            DayOfWeek.Wednesday => T["shifts.wed", date],
            DayOfWeek.Thursday => T["shifts.thu", date],
            DayOfWeek.Friday => T["shifts.fri", date],
            DayOfWeek.Saturday => T["shifts.sat", date],
            _ => T["shifts.sun", date],
        };
    }
}
