using Microsoft.AspNetCore.Components;
using Tokamak.App.Access;
using Tokamak.App.Access.Pages;
using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Live;

/// <summary>One parked fact, and what the office can do about it: add the store that a till left out, try it again, count it for the corrected sale, or let it go.</summary>
public sealed partial class ParkedFactPage
{
    [CascadingParameter] private HttpContext Request { get; set; } = null!;
    [Parameter] public string Id { get; set; } = "";
    [SupplyParameterFromForm(FormName = "store", Name = "Typed")] private Fields? Added { get; set; }
    [SupplyParameterFromForm(FormName = "dismiss", Name = "Typed")] private Fields? Dismissal { get; set; }

    private bool Ready { get; set; }
    private string FactId { get; set; } = "";
    private ParkedRow? Row { get; set; }
    private Fact? Fact { get; set; }

    /// <summary>It waits no more, because it counts.</summary>
    private bool Counts { get; set; }
    private KeySenders Senders { get; set; } = null!;
    private string? Good { get; set; }
    private string? Bad { get; set; }
    private ParkedWords Words => new(Books.Names, T, Show);
    private Zone Zone => BrandClock.Of(Provided);
    private Instant Now => new(Time.GetUtcNow().UtcTicks);

    private IEnumerable<StoreId> Stores => Books.Names.Stores.Keys.Select(id => new StoreId(id)).Concat(Books.Roster.All.SelectMany(clerk => clerk.Employments).Select(employment => employment.Store))
        .Where(store => store != StoreId.Online).Distinct().Order();

    private IEnumerable<string> Unneeded
    {
        get
        {
            if (Row is not { DismissedAtTicks: null } || !OfficeRetry.LacksStore(Row)) yield return "store";
            if (Row is not { DismissedAtTicks: null } || !OfficeRetry.NeedsAttention(Row)) yield return "again";
            if (Row is not { DismissedAtTicks: null } || !OfficeRetry.IsOfCorrected(Row)) yield return "corrected";
            if (Row is not { DismissedAtTicks: null }) yield return "dismiss";
        }
    }

    protected override async Task OnInitializedAsync()
    {
        FactId = Links.IdOf(Request);
        await ReadAsync(Books);
        // Where somebody has done something, the page says what came of it, even if the fact is gone by that.
        if (Row is null && !Counts && HttpMethods.IsGet(Request.Request.Method)) Address.NotFound();
        else Ready = true;
    }

    private async Task ReadAsync(OpenBooks books)
    {
        var stop = Request.RequestAborted;
        Row = FactId.Any(char.IsControl) ? null : await books.ParkedFactAsync(FactId, stop);
        Fact = Row is null ? null : ParkedWords.FactOf(Row);
        Counts = Row is null && !FactId.Any(char.IsControl) && await books.FactCountsAsync(FactId, stop);
        Senders = await KeySenders.ReadAsync(Catalogue, Viewer.Brand, stop);
    }

    private async Task AddStoreAsync()
    {
        if (Stores.Where(store => store.Value == Added?.Store).Select(store => (StoreId?)store).SingleOrDefault() is not { } store) Bad = T["parked.store.choose"];
        else await TryAsync(store, AuditKind.ParkedStoreAdded);
    }

    private void SayGone() => Bad = T["parked.gone"];

    private Task TryAgainAsync() => TryAsync(null, AuditKind.ParkedTriedAgain);

    private async Task TryAsync(StoreId? store, AuditKind kind)
    {
        FactAnswer? answer;
        try
        {
            answer = await OfficeRetry.RunAsync(Books.Database, FactId, store, Now, Request.RequestAborted);
        }
        catch (WrongBooksException)
        {
            Bad = T["parked.unreadable"];
            return;
        }
        if (answer is not null) await Audit.WriteAsync(Request, kind, FactId, store?.Value);
        (Good, Bad) = answer?.Status switch
        {
            null => (null, T["parked.gone"]),
            FactStatus.Accepted or FactStatus.Duplicate => (T["parked.done.counts"], null),
            FactStatus.Parked => (null, T["parked.done.waits"]),
            FactStatus.Refused => ((string?)null, T["parked.done.refused"]),
            _ => throw new InvalidOperationException($"{answer.Status} is no answer."),
        };
        await AnewAsync();
    }

    private async Task DismissAsync()
    {
        var reason = Dismissal?.Reason?.Trim() ?? "";
        if (Dismissal?.Sure != true || reason.Length is 0 or > ParkedFacts.MostLettersOfReason || reason.Any(char.IsControl))
        {
            Bad = T["parked.dismiss.unsure"];
            return;
        }
        DismissOutcome outcome;
        await using (var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted))
        {
            outcome = await ParkedFacts.DismissAsync(turn, FactId, Viewer.Account.ToString(), reason, Now, Request.RequestAborted);
            if (outcome == DismissOutcome.Done) await turn.CommitAsync(Request.RequestAborted);
        }
        if (outcome == DismissOutcome.Done) await Audit.WriteAsync(Request, AuditKind.FactDismissed, FactId);
        (Good, Bad) = outcome switch
        {
            DismissOutcome.Done => (T["parked.done.dismissed"], null),
            DismissOutcome.DoneBefore => (null, T["parked.dismissed.before"]),
            DismissOutcome.Unknown => ((string?)null, T["parked.gone"]),
            _ => throw new InvalidOperationException($"{outcome} is no outcome."),
        };
        await AnewAsync();
    }

    /// <summary>The request's own look at the books began before the step: what came of it takes another.</summary>
    private async Task AnewAsync()
    {
        await using var turn = await Books.Database.BeginReadAsync(Request.RequestAborted);
        await ReadAsync(await Books.AnewAsync(turn, Request.RequestAborted));
    }

    private sealed class Fields
    {
        public string? Store { get; set; }
        public string? Reason { get; set; }
        public bool Sure { get; set; }
    }
}
