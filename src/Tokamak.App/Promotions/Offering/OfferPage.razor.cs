using Microsoft.AspNetCore.Components;
using Tokamak.App.Access;
using Tokamak.App.Access.Pages;
using Tokamak.App.Data;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;

namespace Tokamak.App.Promotions.Offering;

/// <summary>An offer: the form of its draft with what it would do, the two steps by which it counts, its end before its time, and all its versions.</summary>
public sealed partial class OfferPage(TimeProvider time)
{
    [CascadingParameter] private HttpContext Request { get; set; } = null!;
    [Parameter] public string Id { get; set; } = "";
    [SupplyParameterFromForm(FormName = "draft", Name = "Typed")] private OfferForm? Typed { get; set; }
    [SupplyParameterFromForm(FormName = "ask", Name = "Typed")] private Step? Asking { get; set; }
    [SupplyParameterFromForm(FormName = "confirm", Name = "Typed")] private Step? Confirming { get; set; }
    [SupplyParameterFromForm(FormName = "delete", Name = "Typed")] private Step? Deleting { get; set; }
    [SupplyParameterFromForm(FormName = "end", Name = "Typed")] private Step? Ending { get; set; }

    private string Offer { get; set; } = "";
    private HeldOffers? Held { get; set; }
    private OfferDraftRow? Row { get; set; }
    private OfferVersionRow? Latest { get; set; }
    private IReadOnlyList<OfferVersionRow> History { get; set; } = [];
    private CheckedOffer Stored { get; set; } = null!;
    private OfferView? View { get; set; }
    private OfferWords Words { get; set; } = null!;
    private IReadOnlyDictionary<Guid, string> Names { get; set; } = new Dictionary<Guid, string>();
    private IReadOnlyCollection<LetIn> LetIns { get; set; } = [];
    private bool Conflict { get; set; }
    private string? Good { get; set; }
    private string? Bad { get; set; }

    private Instant Now => new(time.GetUtcNow().UtcTicks);
    private Zone Zone => Held!.Book.Zone;
    private string Path => OffersPage.PathOf(Offer);
    private bool IsPost => HttpMethods.IsPost(Request.Request.Method);
    private bool MayEdit => Viewer.Role == AccountRole.Hq;

    /// <summary>Of what the form was filled from, so that a save after a conflict is still told.</summary>
    private int Revision => Typed is { } typed && Good is null ? typed.Revision : Row!.Revision;

    /// <summary>As it counts now; null where it was ended early.</summary>
    private Offer? Current => Held!.Book.Offers.FirstOrDefault(offer => offer.Id == Offer);

    private OfferStage? Stage => Latest is null ? null : Current is { } current ? OfferStages.Of(current, false, Now) : OfferStage.Ended;

    private string Name => (Row is not null ? PreviewWords.NameOf(new OfferName(View?.Form.Chinese, View?.Form.English), T.Language) : Current is { } current ? PreviewWords.NameOf(current.Name, T.Language) : "") is { Length: > 0 } name ? name : Offer;

    private bool MayAsk => Row is { AskedBy: null } && Stored.Sha256 is not null && MayEdit;
    private bool MayConfirm => Row is { AskedBy: not null } && Stored.Sha256 is not null && Standing is null;
    private bool MayEnd => Stage is OfferStage.Running or OfferStage.Scheduled && MayEdit;

    /// <summary>Why this person cannot approve what is asked for.</summary>
    private string? Standing => Row!.AskedBy is not { } asker ? null
        : Row.AskedSha256 != Stored.Sha256 ? T["offers.asked.changed"]
        : Guid.Parse(asker) == Viewer.Account ? T["offers.asked.own"]
        : LetIn.AreOne(Guid.Parse(asker), Viewer.Account, LetIns) ? T["drafts.asked.letin"]
        : null;

    private sealed class Step
    {
        public string? Seen { get; set; }
        public int Revision { get; set; }
        public long Edition { get; set; }
        public bool Sure { get; set; }
    }

    protected override async Task OnInitializedAsync()
    {
        Offer = IdInAddress.Of(Request);
        Names = await People.NamesAsync(Viewer.Brand, Request.RequestAborted);
        LetIns = await Invitations.LatestAsync(Viewer.Brand, (time.GetUtcNow() - LetIn.For).UtcDateTime, Request.RequestAborted);
        await ReadAsync(Typed);
        if (Row is null && Latest is null) Address.NotFound();
    }

    /// <param name="typed">What the form shows; null: what is stored.</param>
    private async Task ReadAsync(OfferForm? typed)
    {
        await using var turn = await Database.BeginReadAsync(Request.RequestAborted);
        // The terms of all offers have no page of an offer.
        var row = Offer == OfferVersionRow.Terms ? null : await OfferDrafts.FindAsync(turn, Offer, Request.RequestAborted);
        var held = await OfferBooks.ReadAsync(turn, Request.RequestAborted);
        History = Offer == OfferVersionRow.Terms ? [] : await OfferHistory.ReadAsync(turn, Offer, Request.RequestAborted);
        Latest = History.Count > 0 ? History[0] : null;
        Words = new OfferWords(held.Book.Zone, Brand, T, Show);
        View = null;
        if (row is not null)
        {
            Stored = OfferText.Check(Offer, row.Body);
            View = new OfferView(Offer, typed ?? FormOf(row.Body, held), held, Brand, MayEdit, Now, T, Show);
        }
        (Row, Held) = (row, held);
    }

    private OfferForm FormOf(string body, HeldOffers held) => OfferFields.Read(body, new OfferFrame(held.Book.Zone, Show.Currency.Decimals));

    private async Task SubmitAsync()
    {
        if (!MayEdit) Refuse();
        else if (Row is null) Bad = T["offers.gone"];
        else if (Typed is null) return;
        else if (Typed.ChangeRows()) await ReadAsync(Typed);
        else if (Typed.Do is "save" or "overwrite") await SaveAsync(Typed.Do == "overwrite" && Typed.Seen is { } seen ? seen : Typed.Revision);
    }

    private async Task SaveAsync(int revision)
    {
        var body = View!.Body;
        if (body.Length > OfferDrafts.MostLettersOfBody)
        {
            Bad = T["offers.toolong"];
            return;
        }
        var sound = View.Check.Body is not null;
        OfferSaved saved;
        await using (var turn = await Database.BeginWriteAsync(Request.RequestAborted))
        {
            saved = await OfferDrafts.SaveAsync(turn, Offer, revision, body, Viewer.Account, Now, Request.RequestAborted);
            if (saved == OfferSaved.Done) await turn.CommitAsync(Request.RequestAborted);
        }
        if (saved == OfferSaved.Done)
        {
            await Audit.WriteAsync(Request, AuditKind.OfferDraftChanged, Offer);
            Good = sound ? T["drafts.saved"] : T["drafts.saved.faults"];
        }
        else (Conflict, Bad) = (saved == OfferSaved.Changed, saved == OfferSaved.Changed ? T["drafts.conflict"] : T["offers.gone"]);
        await ReadAsync(Typed);
    }

    private async Task AskAsync()
    {
        if (!MayEdit) Refuse();
        else await StepAsync(AuditKind.OfferAsked, T["offers.ask.done"], turn => OfferApproval.AskAsync(turn, Offer, Asking?.Seen, Viewer.Account, Now, CancellationToken.None));
    }

    private async Task ConfirmAsync()
    {
        if (Confirming?.Sure != true) Bad = T["person.unsure"];
        else await StepAsync(AuditKind.OfferApproved, T["offers.confirm.done"], async turn => (await OfferApproval.ConfirmAsync(turn, Offer, Confirming.Seen, Viewer.Account, Now, LetIns, CancellationToken.None)).Step);
    }

    private Task TakeBackAsync() => StepAsync(AuditKind.OfferTakenBack, T["drafts.takeback.done"], turn => OfferApproval.TakeBackAsync(turn, Offer, CancellationToken.None));

    private async Task EndAsync()
    {
        if (!MayEdit) Refuse();
        else if (Ending?.Sure != true) Bad = T["person.unsure"];
        else await StepAsync(AuditKind.OfferEnded, T["offers.end.done"], turn => OfferApproval.EndAsync(turn, Offer, Ending.Edition, Viewer.Account, Now, CancellationToken.None));
    }

    private async Task StepAsync(AuditKind kind, string done, Func<Turn, Task<OfferStep>> step)
    {
        OfferStep became;
        await using (var turn = await Database.BeginWriteAsync(CancellationToken.None))
        {
            became = await step(turn);
            if (became == OfferStep.Done) await turn.CommitAsync(CancellationToken.None);
        }
        if (became == OfferStep.Done) await Audit.WriteAsync(Request, kind, Offer);
        (Good, Bad) = became switch
        {
            OfferStep.Done => (done, null),
            OfferStep.MayNot => (null, T["offers.refused.maynot"]),
            OfferStep.Changed => (null, T["offers.refused.changed"]),
            OfferStep.SamePerson => (null, T["offers.asked.own"]),
            OfferStep.LetIn => (null, T["drafts.asked.letin"]),
            OfferStep.NotAsked => (null, T["offers.refused.notasked"]),
            OfferStep.Full => ((string?)null, T["offers.refused.full", Show.Count(OfferReader.MaxOffers)]),
            _ => throw new ArgumentOutOfRangeException(nameof(step), became, null),
        };
        await ReadAsync(null);
    }

    private async Task ReviseAsync()
    {
        if (!MayEdit) Refuse();
        else if (History.FirstOrDefault(version => version.Body is not null)?.Body is { } body)
        {
            OfferSaved begun;
            await using (var turn = await Database.BeginWriteAsync(Request.RequestAborted))
            {
                begun = await OfferDrafts.SaveAsync(turn, Offer, null, body, Viewer.Account, Now, Request.RequestAborted);
                if (begun == OfferSaved.Done) await turn.CommitAsync(Request.RequestAborted);
            }
            if (begun == OfferSaved.Done) await Audit.WriteAsync(Request, AuditKind.OfferDraftMade, Offer);
            // Somebody else's draft, which was begun a moment ago, is shown just the same.
            if (begun == OfferSaved.Full) Bad = T["offers.full", Show.Count(OfferDrafts.Most)];
            else Address.NavigateTo(Path);
        }
    }

    private async Task DeleteAsync()
    {
        if (!MayEdit) Refuse();
        else if (Deleting?.Sure != true) Bad = T["person.unsure"];
        else
        {
            OfferSaved deleted;
            await using (var turn = await Database.BeginWriteAsync(Request.RequestAborted))
            {
                deleted = await OfferDrafts.DeleteAsync(turn, Offer, Deleting.Revision, Request.RequestAborted);
                if (deleted == OfferSaved.Done) await turn.CommitAsync(Request.RequestAborted);
            }
            if (deleted == OfferSaved.Done)
            {
                await Audit.WriteAsync(Request, AuditKind.OfferDraftDeleted, Offer);
                Address.NavigateTo("/offers?deleted=1");
            }
            else Bad = deleted == OfferSaved.Changed ? T["drafts.delete.changed"] : T["offers.gone"];
        }
    }

    private void Refuse() => Bad = T["offers.mayonlyread"];

    /// <summary>Of an account, or of the command that imported it.</summary>
    private string NameOf(string account) => !Guid.TryParse(account, out var id) ? account : Names.GetValueOrDefault(id) is { Length: > 0 } name ? name : account[^4..];
}
