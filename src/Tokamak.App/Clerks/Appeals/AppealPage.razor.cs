using Microsoft.AspNetCore.Components;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Referral.Traces;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.Appeals;

/// <summary>One appeal: what the clerk says, what the trace says, what the manager says, and how the office rules.</summary>
public sealed partial class AppealPage(OpenBooks books, Audit audit, NavigationManager address, TimeProvider time)
{
    private const int MostServices = 50;

    [CascadingParameter] private HttpContext Request { get; set; } = null!;
    [Parameter] public string Id { get; set; } = "";
    [SupplyParameterFromQuery(Name = "done")] private string? Done { get; set; }
    [SupplyParameterFromForm(FormName = "comment", Name = "Typed")] private Comment? Said { get; set; }
    [SupplyParameterFromForm(FormName = "show", Name = "Typed")] private AskedRuling? Showing { get; set; }
    [SupplyParameterFromForm(FormName = "rule", Name = "Typed")] private AskedRuling? Confirming { get; set; }

    private OpenBooks Books => books;
    private AppealRow? Row { get; set; }
    private IReadOnlyList<AppealCommentRow> Comments { get; set; } = [];
    private SaleStory? Story { get; set; }
    private Trace? Trace { get; set; }
    private bool SeesCorrected { get; set; }
    private DateOnly? LastDay { get; set; }
    private Ruled? Shown { get; set; }
    private string? Good { get; set; }
    private string? Bad { get; set; }

    private AskedRuling? Asked => Confirming ?? Showing;
    private Instant Now => new(time.GetUtcNow().UtcTicks);
    private DateOnly Today => Books.Zone.DayOf(Now);
    private bool SeesAll => Permissions.SeesAll(Viewer);
    private bool IsOwn => Row!.Staff == Viewer.Staff?.Value || Row.OpenedBy == Viewer.Account.ToString();
    private bool Waits => Row!.State is AppealState.Open or AppealState.Late;
    private bool MayTakeUp => SeesAll && !IsOwn && Row!.State == AppealState.Late;
    private bool MayRule => SeesAll && !IsOwn && Row!.State == AppealState.Open;

    private CommentKind Kind => IsOwn ? CommentKind.Clerk : SeesAll ? CommentKind.Office : CommentKind.Manager;
    private string CommentLabel => AppealWords.Of(T, Kind);
    private IReadOnlyList<ServiceFact> Services => Story?.Around is not { } around ? [] : [.. around.Log.Facts.OfType<ServiceFact>().OrderByDescending(service => service.At).Take(MostServices)];

    private IEnumerable<string> Unneeded
    {
        get
        {
            if (!Waits) yield return "comment";
            if (!(Waits && IsOwn)) yield return "withdraw";
            if (!MayTakeUp) yield return "takeup";
            if (!MayRule) yield return "show";
            if (!MayRule) yield return "rule";
        }
    }

    protected override async Task OnInitializedAsync()
    {
        var row = Books.PolicyOrNone is not null && ReadAppeals.NumberOf(Id) is { } number ? await ReadAppeals.FindAsync(Books.Turn, number, Request.RequestAborted) : null;
        if (row is null || !ReadAppeals.MaySee(Books, Viewer, row))
        {
            address.NotFound();
            return;
        }
        await ReadAsync(Books, row);
        if (row.Staff == Viewer.Staff?.Value && row is { SettledAtTicks: not null, SeenAtTicks: null }) await WriteAsync(turn => AppealSteps.SeenAsync(turn, row.Number, Now, Request.RequestAborted));
        if (Done == "opened") Good = row.State == AppealState.Late ? T["appeal.done.late"] : T["appeal.done.opened", Show.Day(row.DueOn)];
        if (Trace?.PaidParties.Any(party => party.Staff is { } paid && paid != Viewer.Staff) == true) await audit.WriteAsync(Request, AuditKind.PayRead, Links.Sale(Story!.Fact.Id));
    }

    private async Task ReadAsync(OpenBooks read, AppealRow row)
    {
        var stop = Request.RequestAborted;
        Comments = await ReadAppeals.CommentsAsync(read.Turn, row.Number, stop);
        Story = await read.SaleAsync(new FactId(row.Sale), stop);
        Trace = Story?.Around is { } around ? Excerpt(new TraceWriter(around, T, Show).Of(Story.Fact.Id, read.Scope), (Role?)row.Role) : null;
        SeesCorrected = row.Corrected is { } corrected && await read.SaleAsync(new FactId(corrected), stop) is not null;
        if (SeesAll) LastDay = await (await AppealTerms.OfAsync(read.Turn, stop)).LastDayAsync(read.Turn, read.Zone, new FactId(row.Sale), stop);
        Row = row;
    }

    /// <summary>What the trace says of the role that is disputed; all of it where none is.</summary>
    private static Trace? Excerpt(Trace? trace, Role? role) => role is null || trace is null ? trace : trace with
    {
        Sections = [.. trace.Sections.Select(section => section with { Entries = [.. section.Entries.Where(entry => entry.Role == role)] }).Where(section => section.Entries.Count > 0)],
    };

    private string TextOf(string text) => text.Length == 0 ? T["appeal.erased.text"] : text;

    private void SayGone() => Bad ??= T["appeal.gone"];

    private async Task CommentAsync()
    {
        if (AppealSteps.Read(Said?.Text) is not { } text)
        {
            Bad = T["appeal.comment.empty"];
            return;
        }
        if (await WriteAsync(turn => AppealSteps.CommentAsync(turn, Row!.Number, Kind, text, Viewer.Account.ToString(), Now, Request.RequestAborted)))
        {
            await audit.WriteAsync(Request, AuditKind.AppealCommented, Id, Kind.ToString());
            Good = T["appeal.comment.done"];
        }
        else Bad = T["appeal.gone"];
        await AnewAsync();
    }

    private async Task WithdrawAsync()
    {
        if (await WriteAsync(turn => AppealSteps.WithdrawAsync(turn, Row!.Number, Viewer.Account.ToString(), Now, Request.RequestAborted)))
        {
            await audit.WriteAsync(Request, AuditKind.AppealWithdrawn, Id);
            Good = T["appeal.withdrawn"];
        }
        else Bad = T["appeal.gone"];
        await AnewAsync();
    }

    private async Task TakeUpAsync()
    {
        if (await WriteAsync(turn => AppealSteps.TakeUpAsync(turn, Row!.Number, Today, Request.RequestAborted)))
        {
            await audit.WriteAsync(Request, AuditKind.AppealTakenUp, Id);
            Good = T["appeal.takenup"];
        }
        else Bad = T["appeal.gone"];
        await AnewAsync();
    }

    private async Task ShowAsync()
    {
        if (RulingOf() is not { } ruling) return;
        var settled = await SettledAsync();
        // Never committed: what is shown is what would be.
        await using (var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted)) Shown = await RuleOnAppeal.ShowAsync(turn, Row!.Number, ruling, Ruler, Request.RequestAborted, settled);
        Say(Shown);
    }

    private async Task RuleAsync()
    {
        if (RulingOf() is not { } ruling) return;
        var settled = await SettledAsync();
        await using (var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted))
        {
            Shown = await RuleOnAppeal.RunAsync(turn, Row!.Number, ruling, Ruler, Asked!.Shown ?? "", Request.RequestAborted, settled);
            if (Shown.Outcome == RulingOutcome.Ruled) await turn.CommitAsync(CancellationToken.None);
        }
        if (Shown.Outcome == RulingOutcome.Ruled) await audit.WriteAsync(Request, AuditKind.AppealRuled, Id, ruling.State.ToString());
        Say(Shown);
        if (Shown.Outcome is RulingOutcome.Ruled or RulingOutcome.NotOpen) await AnewAsync();
    }

    /// <summary>What they decide; null where it cannot be told, which is said.</summary>
    private Ruling? RulingOf()
    {
        if (Asked is { } asked && new RulingParties(Books.Roster, Books.Names).Resolve(asked) is { } ambiguous)
        {
            Bad = T["ruling.ambiguous", ambiguous];
            return null;
        }
        var ruling = Asked?.Read(RulingForm.Kinds(Books.Policy), Books.Zone);
        if (ruling is null) Bad = T["ruling.incomplete"];
        return ruling;
    }

    /// <summary>Before the brand's one write turn, which others wait for.</summary>
    private async Task<SettledBefore> SettledAsync() => new(Books.Known, await Books.MonthsAsync(Request.RequestAborted));

    private Ruler Ruler => new(Viewer.Account.ToString(), Viewer.Staff, Now);

    private void Say(Ruled ruled) => (Good, Bad) = ruled.Outcome switch
    {
        RulingOutcome.Ruled => (T["ruling.done"], null),
        RulingOutcome.Shown => (null, null),
        RulingOutcome.ShownAnew => (null, T["ruling.changed"]),
        RulingOutcome.Unknown or RulingOutcome.NotOpen => (null, T["appeal.gone"]),
        RulingOutcome.Own => (null, T["ruling.own"]),
        RulingOutcome.NoSuchRemedy => (null, AppealWords.Of(T, ruled.Fault!.Value)),
        RulingOutcome.Refused => (null, T["ruling.refused", ruled.Reason!]),
        RulingOutcome.Busy => ((string?)null, (string?)T["ruling.busy"]),
        _ => throw new InvalidOperationException($"{ruled.Outcome} is no outcome."),
    };

    private async Task<bool> WriteAsync(Func<Turn, Task<bool>> write)
    {
        await using var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted);
        var result = await write(turn);
        await turn.CommitAsync(CancellationToken.None);
        return result;
    }

    /// <summary>The request's own look at the books began before the step: what came of it takes another.</summary>
    private async Task AnewAsync()
    {
        await using var turn = await books.Database.BeginReadAsync(Request.RequestAborted);
        var row = await ReadAppeals.FindAsync(turn, Row!.Number, Request.RequestAborted);
        await ReadAsync(await books.AnewAsync(turn, Request.RequestAborted), row!);
    }

    private sealed class Comment
    {
        public string? Text { get; set; }
    }
}
