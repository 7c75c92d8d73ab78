using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Access;
using Tokamak.App.Access.Pages;
using Tokamak.App.Data;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Referral.Closing;

/// <summary>The next period: whether it may close, what closing would freeze, and the two steps; then what is closed.</summary>
public sealed partial class ClosePage
{
    private const int PageSize = 30, MostPages = 100_000;

    [CascadingParameter] private HttpContext Request { get; set; } = null!;
    [SupplyParameterFromQuery(Name = "page")] private int? AskedPage { get; set; }
    [SupplyParameterFromQuery(Name = "closed")] private int? AskedClosed { get; set; }
    [SupplyParameterFromForm(FormName = "prepare", Name = "Typed")] private Fields? Prepare { get; set; }
    [SupplyParameterFromForm(FormName = "confirm", Name = "Typed")] private Fields? Confirm { get; set; }

    private bool Ready { get; set; }
    private ClosingState State { get; set; } = null!;
    private ClosePreview? Preview { get; set; }
    private IReadOnlyList<FrozenStatementRow> Staff { get; set; } = [];
    private IReadOnlyList<OfficePerson> Office { get; set; } = [];
    private IReadOnlyCollection<LetIn> LetIn { get; set; } = [];
    private Month? Noted { get; set; }
    private string? Good { get; set; }
    private string? Bad { get; set; }
    private AskedClosing? Asked => State.Asked is { } asked && asked.Month == Preview?.Month ? asked : null;
    private int PageCount => Math.Max(1, (Staff.Count + PageSize - 1) / PageSize);
    private int Page => Math.Clamp(AskedPage ?? 1, 1, PageCount);
    private int ClosedPage => Math.Clamp(AskedClosed ?? 1, 1, MostPages);
    private Instant Now => new(Time.GetUtcNow().UtcTicks);

    private sealed record OfficePerson(Guid Id, string Name, bool MaySignIn);

    protected override async Task OnInitializedAsync()
    {
        await ReadAsync(Books);
        Ready = true;
    }

    private async Task ReadAsync(OpenBooks books)
    {
        var stop = Request.RequestAborted;
        State = await books.ClosingAsync(ClosedPage, PageSize, stop);
        Office = await Catalogue.ReadAsync(async accounts => await accounts.Accounts.AsNoTracking()
            .Where(account => account.Brand == Viewer.Brand && (account.Role == AccountRole.Hq || account.Role == AccountRole.Finance))
            .Select(account => new OfficePerson(account.Id, account.DisplayName, account.Enabled && account.PasswordHash != null)).ToListAsync(stop), stop);
        LetIn = await Invitations.LatestAsync(Viewer.Brand, (Time.GetUtcNow() - Access.LetIn.For).UtcDateTime, stop);
        var months = await books.MonthsAsync(stop);
        Month? first = months.LastClosed is { } closed ? closed.Next : months.Settlement.Statements is [var earliest, ..] ? earliest.Period : null;
        Preview = first is { } next ? ClosePeriod.PreviewOf(books.Known.Rules, months.ToFreeze(next), next, State.Waiting, books.Zone.DayOf(Now)) : null;
        Staff = Preview is null ? [] : [.. Preview.Frozen.Statements.Where(row => row.Staff.Length > 0)];
        // Whatever was asked for, a form included: the page shows everybody's pay.
        if (Preview is null || Preview.Month == Noted) return;
        Noted = Preview.Month;
        await Audit.WriteAsync(Request, AuditKind.PayRead, "/close", Preview.Month.ToString());
    }

    private Task PrepareAsync() => StepAsync(Prepare, sure: true, T["close.prepare.done"], async (turn, month, seen, today) =>
        await TwoPersonClose.PrepareAsync(turn, month, seen, Viewer.Account, Now, today, CancellationToken.None), AuditKind.ClosePrepared);

    private Task ConfirmAsync() => StepAsync(Confirm, Confirm?.Sure == true, T["close.done"], async (turn, month, seen, today) =>
        await TwoPersonClose.ConfirmAsync(turn, month, seen, Viewer.Account, Now, today, LetIn, CancellationToken.None), AuditKind.PeriodClosed);

    private async Task TakeBackAsync()
    {
        AskedClosing? taken;
        await using (var turn = await Books.Database.BeginWriteAsync(CancellationToken.None))
        {
            taken = await ReadClosing.AskedAsync(turn, CancellationToken.None);
            await TwoPersonClose.TakeBackAsync(turn, CancellationToken.None);
            await turn.CommitAsync(CancellationToken.None);
        }
        if (taken is not null) await NoteAsync(AuditKind.CloseTakenBack, taken.Month, taken.Sha256);
        Good = T["close.takeback.done"];
        await AnewAsync();
    }

    /// <summary>
    /// The log says before a step that it is begun, and afterwards what became of it, though whoever asked may be gone by then: the two
    /// databases have no commit in common, and a close that nobody stands for is worse than a step begun and not done.
    /// </summary>
    private async Task StepAsync(Fields? typed, bool sure, string done, Func<Turn, Month, string?, DateOnly, Task<CloseStep>> step, AuditKind kind)
    {
        if (!Month.TryParse(typed?.Month, out var month) || !sure)
        {
            Bad = T["person.unsure"];
            return;
        }
        await NoteAsync(AuditKind.CloseBegun, month, typed!.Seen);
        CloseStep became;
        await using (var turn = await Books.Database.BeginWriteAsync(CancellationToken.None))
        {
            became = await step(turn, month, typed.Seen, Books.Zone.DayOf(Now));
            if (became == CloseStep.Done) await turn.CommitAsync(CancellationToken.None);
        }
        await NoteAsync(became == CloseStep.Done ? kind : AuditKind.CloseNotDone, month, typed.Seen);
        (Good, Bad) = became switch
        {
            CloseStep.Done => (done, null),
            CloseStep.MayNot => (null, T["close.refused.maynot"]),
            CloseStep.Changed => (null, T["close.refused.changed"]),
            CloseStep.SamePerson => (null, T["close.asked.own"]),
            CloseStep.LetIn => (null, T["close.asked.letin"]),
            CloseStep.NotAsked => ((string?)null, T["close.refused.notasked"]),
            _ => throw new ArgumentOutOfRangeException(nameof(step), became, null),
        };
        await AnewAsync();
    }

    private Task NoteAsync(AuditKind kind, Month month, string? seen) =>
        Audit.WriteAsync(Viewer.Brand, Viewer.Account, kind, month.ToString(), seen, Audit.AddressOf(Request), CancellationToken.None);

    /// <summary>The request's own look at the books began before the step: what came of it takes another.</summary>
    private async Task AnewAsync()
    {
        await using var turn = await Books.Database.BeginReadAsync(Request.RequestAborted);
        await ReadAsync(await Books.AnewAsync(turn, Request.RequestAborted));
    }

    private string WordsOf(CloseChecked item) => (item.Check, item.Holds) switch
    {
        (CloseCheck.IsOver, true) => T["close.check.over"],
        (CloseCheck.IsOver, false) => T["close.check.over.not", Show.Day(Preview!.Month.LastDay)],
        (CloseCheck.IsOpen, _) => T["close.check.open"],
        (CloseCheck.IsNext, _) => T["close.check.earlier"],
        (CloseCheck.NobodyWaits, true) => T["close.check.nobody"],
        (CloseCheck.NobodyWaits, false) => T["close.check.nobody.not", Show.Count(State.Waiting)],
        _ => throw new ArgumentOutOfRangeException(nameof(item), item.Check, null),
    };

    private Int128 Sum(Func<FrozenStatementRow, long> of) => Staff.Aggregate((Int128)0, (sum, row) => sum + of(row));

    private string NameOf(Guid account) => Office.FirstOrDefault(person => person.Id == account)?.Name ?? account.ToString("N")[^4..];

    /// <summary>Who closed: two accounts, or what a command line says of itself.</summary>
    private IEnumerable<string> NamesOf(string by) =>
        by.Split(' ') is var parts && parts.All(part => Guid.TryParse(part, out _)) ? parts.Select(part => NameOf(Guid.Parse(part))) : [by];

    private sealed class Fields
    {
        public string? Month { get; set; }
        public string? Seen { get; set; }
        public bool Sure { get; set; }
    }
}
