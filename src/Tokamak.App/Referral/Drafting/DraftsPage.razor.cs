using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Drafting;

/// <summary>The drafts of the policy, and a new one from a version, a template or another draft.</summary>
public sealed partial class DraftsPage(TimeProvider time)
{
    private const string OfVersion = "version", OfTemplate = "template", OfDraft = "draft";

    [CascadingParameter] private HttpContext Request { get; set; } = null!;
    [SupplyParameterFromForm(FormName = "make")] private Fields? Typed { get; set; }
    [SupplyParameterFromQuery] private string? Deleted { get; set; }

    private bool Ready { get; set; }
    private IReadOnlyList<PolicyDraftRow> Rows { get; set; } = [];
    private Dictionary<string, DateOnly?> Starts { get; set; } = [];
    private IReadOnlyDictionary<Guid, string> Names { get; set; } = new Dictionary<Guid, string>();
    private IReadOnlyList<(string Value, string Text, string? Note, bool IsData)> Sources { get; set; } = [];
    private DraftFrame Frame { get; set; } = null!;
    private string? Bad { get; set; }
    private Instant Now => new(time.GetUtcNow().UtcTicks);

    private sealed class Fields
    {
        public string? Name { get; set; }
        public string? Source { get; set; }
    }

    public static string PathOf(string draft) => "/policy/drafts/" + Uri.EscapeDataString(draft);

    /// <summary>What a draft is called and announces, as it is kept; null for a name that is none.</summary>
    public static DraftTexts? TextsOf(string? name, string? chinese, string? english)
    {
        var called = name?.Trim() ?? "";
        if (called.Length is 0 or > DraftForm.MostLettersOfName || called.Any(char.IsControl)) return null;
        return new DraftTexts(Whole(called), Whole(chinese), Whole(english));
    }

    protected override async Task OnInitializedAsync()
    {
        Names = await People.NamesAsync(Viewer.Brand, Request.RequestAborted);
        await using var turn = await Books.Database.BeginReadAsync(Request.RequestAborted);
        Rows = await Drafts.ListAsync(turn, Request.RequestAborted);
        Frame = await Drafts.FrameAsync(turn, Show.Currency.Decimals, Now, Request.RequestAborted);
        Starts = Rows.ToDictionary(row => row.Id, row => DateOnly.TryParseExact(DraftText.Read(row.Body, 0).From, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : (DateOnly?)null);
        var words = new DraftWords(T, Show);
        Sources =
        [
            .. Frame.Last is { } last ? [($"{OfVersion}.{last.Version}", T["drafts.source.version", Show.Count(last.Version)], T["drafts.source.version.does"], false)] : Array.Empty<(string, string, string?, bool)>(),
            .. Enum.GetValues<PolicyTemplate>().Select(template => ($"{OfTemplate}.{template}", T["drafts.source.template", words.Of(template).Name], (string?)words.Of(template).Does, false)),
            .. Rows.Select(row => ($"{OfDraft}.{row.Id}", row.Name, (string?)T["drafts.source.draft"], true)),
        ];
        Ready = true;
    }

    private async Task MakeAsync()
    {
        if (Viewer.Role != AccountRole.Hq)
        {
            Bad = T["drafts.mayonlyread"];
            return;
        }
        if (TextsOf(Typed?.Name, null, null) is not { } texts)
        {
            Bad = T["drafts.name.wrong"];
            return;
        }
        if (BodyOf(Typed?.Source) is not { } body)
        {
            Bad = T["drafts.source.gone"];
            return;
        }
        string? id;
        await using (var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted))
        {
            id = await Drafts.MakeAsync(turn, texts, body, Viewer.Account, Now, Request.RequestAborted);
            if (id is not null) await turn.CommitAsync(Request.RequestAborted);
        }
        if (id is null)
        {
            Bad = T["drafts.full", Show.Count(Drafts.MostOpen)];
            return;
        }
        await Audit.WriteAsync(Request, AuditKind.PolicyDraftMade, texts.Name, id);
        Address.NavigateTo(PathOf(id));
    }

    /// <summary>A version and a template get the first date that they may begin on; a draft keeps its own.</summary>
    private string? BodyOf(string? source)
    {
        var from = FirstOfMonth(Frame.Earliest ?? BrandToday);
        return source?.Split('.', 2) switch
        {
            [OfVersion, _] when Frame.Last is { } last => Written(last with { Version = Frame.Next, EffectiveFrom = from }),
            [OfTemplate, var name] when Enum.TryParse<PolicyTemplate>(name, out var template) && Enum.IsDefined(template) =>
                Written(PolicyTemplates.Of(template, Frame.Next, from, Frame.Last?.Timezone ?? "Asia/Taipei", Frame.Last?.Currency ?? "TWD")),
            [OfDraft, var id] => Rows.FirstOrDefault(row => row.Id == id)?.Body,
            _ => null,
        };
    }

    private DateOnly BrandToday => Access.Pages.BrandClock.Of(Provided).DayOf(Now);

    /// <summary>The first of the next month, where a version usually begins, unless nothing may begin before later.</summary>
    private DateOnly FirstOfMonth(DateOnly earliest)
    {
        var next = Month.Of(BrandToday).Next.FirstDay;
        return next >= earliest ? next : earliest;
    }

    private static string Written(PolicyVersion version) => Encoding.UTF8.GetString(PolicyWriter.Write(version));

    private string StateOf(PolicyDraftRow row) => row switch
    {
        { State: DraftState.Activated, Version: { } version } => T["drafts.state.activated", Show.Count(version)],
        { AskedBy: not null } => T["drafts.state.asked"],
        _ => T["drafts.state.open"],
    };

    // No database keeps a zero, and half a character is none.
    private static string Whole(string? text) => string.Concat((text ?? "").Trim().EnumerateRunes()).Replace("\0", "", StringComparison.Ordinal).ReplaceLineEndings("\n") is var whole && whole.Length <= DraftForm.MostLettersOfAnnouncement ? whole : whole[..DraftForm.MostLettersOfAnnouncement];
}
