using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;

namespace Tokamak.App.Promotions.Offering;

/// <summary>The brand's offers by the stages of their lives, and a new one from a template of the trade.</summary>
public sealed partial class OffersPage(TimeProvider time)
{
    private const int MostLettersOfId = 60;

    /// <summary>Ended ones beyond so many are history that nobody looks for here.</summary>
    private const int MostEnded = 50;

    [CascadingParameter] private HttpContext Request { get; set; } = null!;
    [SupplyParameterFromForm(FormName = "make")] private Fields? Typed { get; set; }
    [SupplyParameterFromQuery] private string? Deleted { get; set; }

    private HeldOffers? Held { get; set; }
    private IReadOnlyList<OfferDraftRow> Drafts { get; set; } = [];
    private List<Group> Groups { get; } = [];
    private string? Bad { get; set; }
    private OfferWords Words { get; set; } = null!;
    private IReadOnlyDictionary<Guid, string> Names { get; set; } = new Dictionary<Guid, string>();
    private Instant Now => new(time.GetUtcNow().UtcTicks);
    private bool MayEdit => Viewer.Role == AccountRole.Hq;
    private bool SeesAll => Permissions.SeesAll(Viewer);

    private sealed class Fields
    {
        public string? Id { get; set; }
        public string? Template { get; set; }
    }

    /// <param name="Sentence">Null where something in it is wrong.</param>
    /// <param name="Note">Who has to do with it, or since when.</param>
    private sealed record Listed(string Id, string Name, string? Sentence, string? Note);

    private sealed record Group(string Key, string Title, string Mark, IReadOnlyList<Listed> Offers);

    public static string PathOf(string offer) => "/offers/" + Uri.EscapeDataString(offer);

    protected override async Task OnInitializedAsync()
    {
        Names = await People.NamesAsync(Viewer.Brand, Request.RequestAborted);
        await using var turn = await Database.BeginReadAsync(Request.RequestAborted);
        var held = await OfferBooks.ReadAsync(turn, Request.RequestAborted);
        Drafts = SeesAll ? [.. (await OfferDrafts.ListAsync(turn, Request.RequestAborted)).Where(row => row.Offer != OfferVersionRow.Terms)] : [];
        Words = new OfferWords(held.Book.Zone, Brand, T, Show);
        var asked = Drafts.Where(row => row.AskedBy is not null).Select(row => Listing(row, held)).ToList();
        Add("asked", T["offers.stage.asked"], "role-closer", asked);
        Add("draft", T["offers.stage.draft"], "role-host", Drafts.Where(row => row.AskedBy is null).Select(row => Listing(row, held)));
        foreach (var stage in (OfferStage[])[OfferStage.Running, OfferStage.Scheduled])
            Add(stage.ToString().ToLowerInvariant(), OfferStageWords.Of(T, stage), OfferStageWords.Mark(stage), held.Book.Offers.Where(offer => OfferStages.Of(offer, false, Now) == stage).Select(offer => Listing(offer, held)));
        if (SeesAll) Add("ended", OfferStageWords.Of(T, OfferStage.Ended), OfferStageWords.Mark(OfferStage.Ended), Ended(held));
        Held = held;
    }

    private void Add(string key, string title, string mark, IEnumerable<Listed> offers)
    {
        if (offers.ToList() is { Count: > 0 } all) Groups.Add(new Group(key, title, mark, all));
    }

    private Listed Listing(OfferDraftRow row, HeldOffers held)
    {
        var form = OfferFields.Read(row.Body, new OfferFrame(held.Book.Zone, Show.Currency.Decimals));
        var name = PreviewWords.NameOf(new OfferName(form.Chinese, form.English), T.Language);
        var (by, at) = row.AskedBy is { } asker ? (asker, row.AskedAtTicks!.Value) : (row.ChangedBy, row.ChangedAtTicks);
        var (who, when) = (NameMarks.Of(NameOf(by)), Show.Moment(new Instant(at), held.Book.Zone));
        return new Listed(row.Offer, name.Length > 0 ? name : row.Offer, OfferText.Check(row.Offer, row.Body).Offer is { } offer ? Words.Of(offer) : null, row.AskedBy is null ? T["offers.note.changed", who, when] : T["offers.note.asked", who, when]);
    }

    private Listed Listing(Offer offer, HeldOffers held)
    {
        var version = held.Latest[offer.Id];
        return new Listed(
            offer.Id, PreviewWords.NameOf(offer.Name, T.Language), Words.Of(offer),
            SeesAll ? T["offers.note.approved", NameMarks.Of(NameOf(version.ApprovedBy)), Show.Moment(new Instant(version.AtTicks), held.Book.Zone)] : null);
    }

    /// <summary>Those whose time is over, and those that somebody has ended, the latest first.</summary>
    private IEnumerable<Listed> Ended(HeldOffers held)
    {
        var over = held.Book.Offers.Where(offer => OfferStages.Of(offer, false, Now) == OfferStage.Ended).Select(offer => (At: offer.When!.Until!.Value.Ticks, Listed: Listing(offer, held)));
        var early = held.Latest.Values.Where(row => row.Body is null).Select(row => (
            At: row.AtTicks,
            Listed: new Listed(row.Offer, row.Offer, T["offers.note.ended", NameMarks.Of(NameOf(row.ApprovedBy)), Show.Moment(new Instant(row.AtTicks), held.Book.Zone)], null)));
        return over.Concat(early).OrderByDescending(one => one.At).Take(MostEnded).Select(one => one.Listed);
    }

    private async Task MakeAsync()
    {
        if (!MayEdit)
        {
            Bad = T["offers.mayonlyread"];
            return;
        }
        if (!Enum.TryParse<OfferTemplate>(Typed?.Template, out var template) || !Enum.IsDefined(template))
        {
            Bad = T["offers.template.wrong"];
            return;
        }
        var id = Typed?.Id?.Trim() is { Length: > 0 } typed ? typed : NextId();
        if (!Id().IsMatch(id) || id is "calendar" or "." or "..")
        {
            Bad = T["offers.id.wrong"];
            return;
        }
        if (Held!.Latest.ContainsKey(id) || Drafts.Any(row => row.Offer == id))
        {
            Bad = T["offers.id.taken"];
            return;
        }
        OfferSaved made;
        await using (var turn = await Database.BeginWriteAsync(Request.RequestAborted))
        {
            made = await OfferDrafts.SaveAsync(turn, id, null, OfferJson.Write(OfferTemplates.Of(template), id, new OfferFrame(Held.Book.Zone, Show.Currency.Decimals)), Viewer.Account, Now, Request.RequestAborted);
            if (made == OfferSaved.Done) await turn.CommitAsync(Request.RequestAborted);
        }
        if (made == OfferSaved.Done)
        {
            await Audit.WriteAsync(Request, AuditKind.OfferDraftMade, id);
            Address.NavigateTo(PathOf(id));
        }
        else Bad = made == OfferSaved.Full ? T["offers.full", Show.Count(OfferDrafts.Most)] : T["offers.id.taken"];
    }

    /// <summary>The next number after those that are there: P1, P2 …</summary>
    private string NextId()
    {
        var numbers = Held!.Latest.Keys.Concat(Drafts.Select(row => row.Offer)).Select(id => id is ['P', .. var rest] && int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0);
        return string.Create(CultureInfo.InvariantCulture, $"P{numbers.DefaultIfEmpty().Max() + 1L}");
    }

    private string NameOf(string account) => !Guid.TryParse(account, out var id) ? account : Names.GetValueOrDefault(id) is { Length: > 0 } name ? name : account[^4..];

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Id();
}
