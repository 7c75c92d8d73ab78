using System.Globalization;
using Microsoft.AspNetCore.Components;
using Tokamak.App.Access;
using Tokamak.App.Access.Pages;
using Tokamak.App.Data;
using Tokamak.App.Referral.Closing;
using Tokamak.App.Referral.Pages;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Drafting;

/// <summary>A draft: the form of the five parts, what it says, what changes, and the two steps that make it a version.</summary>
public sealed partial class DraftPage(TimeProvider time)
{
    private const int MostLettersOfBody = 200_000;
    private const string Swapped = "#said-frame,#said-binding,#said-services,#said-lives,#said-settled,#said-divided,#said-changes";

    [CascadingParameter] private HttpContext Request { get; set; } = null!;
    [Parameter] public string Id { get; set; } = "";
    [SupplyParameterFromForm(FormName = "draft", Name = "Typed")] private DraftForm? Typed { get; set; }
    [SupplyParameterFromForm(FormName = "ask", Name = "Typed")] private Step? Asking { get; set; }
    [SupplyParameterFromForm(FormName = "confirm", Name = "Typed")] private Step? Confirming { get; set; }
    [SupplyParameterFromForm(FormName = "delete", Name = "Typed")] private Step? Deleting { get; set; }

    private PolicyDraftRow? Row { get; set; }
    private DraftView? View { get; set; }
    private DraftFrame Frame { get; set; } = null!;
    private DraftCheck Stored { get; set; } = null!;
    private IReadOnlyDictionary<Guid, string> Names { get; set; } = new Dictionary<Guid, string>();
    private IReadOnlyCollection<LetIn> LetIn { get; set; } = [];
    private bool Conflict { get; set; }
    private string? Good { get; set; }
    private string? Bad { get; set; }

    private Instant Now => new(time.GetUtcNow().UtcTicks);
    private Zone Zone => BrandClock.Of(Provided);
    private string Path => DraftsPage.PathOf(Row!.Id);
    private bool IsPost => HttpMethods.IsPost(Request.Request.Method);
    private bool Edits => Viewer.Role == AccountRole.Hq;

    /// <summary>Of what the form was filled from, so that a save after a conflict is still told.</summary>
    private int Revision => Typed is { } typed && Good is null ? typed.Revision : Row!.Revision;

    private string? Sha256 => Stored.Sha256(Row!.AnnouncementZh, Row.AnnouncementEn);
    private bool MayAsk => Row is { State: DraftState.Open, AskedBy: null } && Sha256 is not null && Edits;
    private bool MayConfirm => Row is { State: DraftState.Open, AskedBy: not null } && Sha256 is not null && Standing is null;

    /// <summary>Why this person cannot confirm what is asked for.</summary>
    private string? Standing => Row!.AskedBy is not { } asker ? null
        : Row.AskedSha256 != Sha256 ? T["drafts.asked.changed"]
        : Guid.Parse(asker) == Viewer.Account ? T["drafts.asked.own"]
        : Access.LetIn.AreOne(Guid.Parse(asker), Viewer.Account, LetIn) ? T["drafts.asked.letin"]
        : null;

    private sealed class Step
    {
        public string? Seen { get; set; }
        public int Revision { get; set; }
        public bool Sure { get; set; }
    }

    protected override async Task OnInitializedAsync()
    {
        Names = await People.NamesAsync(Viewer.Brand, Request.RequestAborted);
        LetIn = await Invitations.LatestAsync(Viewer.Brand, (time.GetUtcNow() - Access.LetIn.For).UtcDateTime, Request.RequestAborted);
        await ReadAsync(Typed);
        if (Row is null) Address.NotFound();
    }

    /// <param name="typed">What the form shows; null: what is stored.</param>
    private async Task ReadAsync(DraftForm? typed)
    {
        await using var turn = await Books.Database.BeginReadAsync(Request.RequestAborted);
        Row = await Drafts.FindAsync(turn, Id, Request.RequestAborted);
        if (Row is null) return;
        Frame = await Drafts.FrameAsync(turn, Show.Currency.Decimals, Now, Request.RequestAborted);
        if (Row.Version is { } number) Frame = Frame with { Last = BeforeOf(number), Earliest = null, Latest = null };
        Stored = DraftCheck.Of(Row.Body, Frame);
        View = new DraftView(typed ?? FormOf(Row), Frame, Stored.Version, Edits && Row.State == DraftState.Open, T, Show);
    }

    /// <summary>What a draft that became a version is compared with: the version before it.</summary>
    private PolicyVersion? BeforeOf(int number) => Books.PolicyOrNone?.Versions.LastOrDefault(version => version.Version < number);

    private DraftForm FormOf(PolicyDraftRow row)
    {
        var form = DraftText.Read(row.Body, Show.Currency.Decimals);
        (form.Name, form.Chinese, form.English) = (row.Name, row.AnnouncementZh, row.AnnouncementEn);
        return form;
    }

    private async Task SubmitAsync()
    {
        if (!View!.MayEdit)
        {
            Bad = T["drafts.mayonlyread"];
            return;
        }
        if (Typed is null) return;
        if (Typed.ChangeRows()) await ReadAsync(Typed);
        else if (Typed.Do is "save" or "overwrite") await SaveAsync(Typed.Do == "overwrite" && Typed.Seen is { } seen ? seen : Typed.Revision);
    }

    private async Task SaveAsync(int revision)
    {
        var texts = DraftsPage.TextsOf(Typed!.Name, Typed.Chinese, Typed.English);
        if (texts is null || View!.Check.Body.Length > MostLettersOfBody)
        {
            Bad = T["drafts.name.wrong"];
            return;
        }
        DraftSaved saved;
        await using (var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted))
        {
            saved = await Drafts.SaveAsync(turn, Row!.Id, revision, texts, View.Check.Body, Viewer.Account, Now, Request.RequestAborted);
            if (saved == DraftSaved.Done) await turn.CommitAsync(Request.RequestAborted);
        }
        if (saved == DraftSaved.Done)
        {
            await Audit.WriteAsync(Request, AuditKind.PolicyDraftChanged, texts.Name, Row!.Id);
            Good = View.Check.IsReady ? T["drafts.saved"] : T["drafts.saved.faults"];
        }
        else (Conflict, Bad) = (saved == DraftSaved.Changed, saved == DraftSaved.Changed ? T["drafts.conflict"] : T["drafts.gone"]);
        await ReadAsync(saved == DraftSaved.Done && View!.Check.IsReady ? null : Typed);
    }

    private Task AskAsync() => !Edits ? RefuseAsync() : StepAsync(
        Asking?.Seen, T["drafts.ask.done"], AuditKind.PolicyAsked, async turn => (await TwoPersonActivation.AskAsync(turn, Row!.Id, Asking?.Seen, Viewer.Account, Now, CancellationToken.None), null));

    private Task ConfirmAsync()
    {
        if (Confirming?.Sure == true)
            return StepAsync(Confirming.Seen, T["drafts.confirm.done"], AuditKind.PolicyActivated, turn => TwoPersonActivation.ConfirmAsync(turn, Row!.Id, Confirming.Seen, Viewer.Account, Now, LetIn, CancellationToken.None));
        Bad = T["person.unsure"];
        return Task.CompletedTask;
    }

    /// <summary>As where a period closes: the log says that a step is begun, and afterwards what became of it.</summary>
    private async Task StepAsync(string? seen, string done, AuditKind kind, Func<Turn, Task<(ActivationStep Step, int? Version)>> step)
    {
        await Audit.WriteAsync(Request, AuditKind.PolicyStepBegun, Row!.Name, seen);
        (ActivationStep Step, int? Version) became;
        await using (var turn = await Books.Database.BeginWriteAsync(CancellationToken.None))
        {
            became = await step(turn);
            if (became.Step == ActivationStep.Done) await turn.CommitAsync(CancellationToken.None);
        }
        await Audit.WriteAsync(Request, became.Step == ActivationStep.Done ? kind : AuditKind.PolicyStepNotDone, became.Version is { } version ? version.ToString(CultureInfo.InvariantCulture) : Row.Name, seen);
        (Good, Bad) = became.Step switch
        {
            ActivationStep.Done => (done, null),
            ActivationStep.MayNot => (null, T["drafts.refused.maynot"]),
            ActivationStep.Changed => (null, T["drafts.refused.changed"]),
            ActivationStep.SamePerson => (null, T["drafts.asked.own"]),
            ActivationStep.LetIn => (null, T["drafts.asked.letin"]),
            ActivationStep.NotAsked => ((string?)null, T["drafts.refused.notasked"]),
            _ => throw new ArgumentOutOfRangeException(nameof(step), became.Step, null),
        };
        await ReadAsync(null);
    }

    private async Task TakeBackAsync()
    {
        string? taken;
        await using (var turn = await Books.Database.BeginWriteAsync(CancellationToken.None))
        {
            taken = await TwoPersonActivation.TakeBackAsync(turn, Row!.Id, CancellationToken.None);
            await turn.CommitAsync(CancellationToken.None);
        }
        if (taken is not null) await Audit.WriteAsync(Request, AuditKind.PolicyTakenBack, Row.Name, taken);
        (Good, Bad) = taken is not null ? (T["drafts.takeback.done"], null) : ((string?)null, T["drafts.refused.notasked"]);
        await ReadAsync(null);
    }

    private async Task DeleteAsync()
    {
        if (!Edits) await RefuseAsync();
        else if (Deleting?.Sure != true) Bad = T["person.unsure"];
        else
        {
            DraftSaved deleted;
            await using (var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted))
            {
                deleted = await Drafts.DeleteAsync(turn, Row!.Id, Deleting.Revision, Request.RequestAborted);
                if (deleted == DraftSaved.Done) await turn.CommitAsync(Request.RequestAborted);
            }
            if (deleted == DraftSaved.Done)
            {
                await Audit.WriteAsync(Request, AuditKind.PolicyDraftDeleted, Row.Name, Row.Id);
                Address.NavigateTo("/policy/drafts?deleted=1");
            }
            else Bad = deleted == DraftSaved.Changed ? T["drafts.delete.changed"] : T["drafts.gone"];
        }
    }

    private Task RefuseAsync()
    {
        Bad = T["drafts.mayonlyread"];
        return Task.CompletedTask;
    }

    private string NameOf(string account) => Names.GetValueOrDefault(Guid.Parse(account)) is { Length: > 0 } name ? name : account[^4..];
}
