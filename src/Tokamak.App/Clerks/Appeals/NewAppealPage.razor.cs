using Microsoft.AspNetCore.Components;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.Appeals;

/// <summary>A clerk appeals: from an entry of a trace, or with a sale's number alone, of which the page tells nothing they do not see already.</summary>
public sealed partial class NewAppealPage(OpenBooks books, Audit audit, NavigationManager address, TimeProvider time)
{
    [CascadingParameter] private HttpContext Request { get; set; } = null!;
    [SupplyParameterFromQuery(Name = "sale")] private string? AskedSale { get; set; }
    [SupplyParameterFromQuery(Name = "role")] private string? AskedRole { get; set; }
    [SupplyParameterFromQuery(Name = "rule")] private string? AskedRules { get; set; }
    [SupplyParameterFromForm(FormName = "appeal")] private Fields? Typed { get; set; }

    private bool Ready { get; set; }
    private Role? Role { get; set; }
    private string Rules { get; set; } = "";
    private DateOnly Today { get; set; }

    /// <summary>Of a sale that they see.</summary>
    private DateOnly? LastDay { get; set; }

    private string? Bad { get; set; }
    private long? Before { get; set; }
    private Instant Now => new(time.GetUtcNow().UtcTicks);

    protected override async Task OnInitializedAsync()
    {
        if (Viewer.Staff is not { } staff || books.PolicyOrNone is null || books.Roster.Find(staff) is not { Employments: [_, ..] })
        {
            address.NotFound();
            return;
        }
        Role = Enum.TryParse<Role>(Typed?.Role ?? AskedRole, ignoreCase: true, out var role) && Enum.IsDefined(role) ? role : null;
        Rules = AppealWords.RulesOf(Typed?.Rules ?? AskedRules);
        Today = books.Zone.DayOf(Now);
        if (IdOf(AskedSale) is { } sale && await books.SaleAsync(sale, Request.RequestAborted) is not null)
            LastDay = await (await AppealTerms.OfAsync(books.Turn, Request.RequestAborted)).LastDayAsync(books.Turn, books.Zone, sale, Request.RequestAborted);
        Ready = true;
    }

    private async Task OpenAsync()
    {
        var (story, evidence) = (AppealSteps.Read(Typed?.Story), AppealSteps.Read(Typed?.Evidence));
        if (IdOf(Typed?.Sale) is not { } sale || story is null || Typed?.Complaint is not { } complaint || !Enum.IsDefined(complaint) || (evidence is null && !string.IsNullOrWhiteSpace(Typed.Evidence)))
        {
            Bad = T["appeal.new.incomplete"];
            return;
        }
        var seesSale = await books.SaleAsync(sale, Request.RequestAborted) is not null;
        var clerk = books.Roster.Find(Viewer.Staff!.Value)!;
        var dispute = new Dispute(clerk.Id, clerk.Employments[^1].Store, sale, complaint, Role, Rules, story, evidence ?? "");
        Opened opened;
        await using (var turn = await books.Database.BeginWriteAsync(Request.RequestAborted))
        {
            opened = await OpenAppeal.RunAsync(turn, books.Zone, dispute, seesSale, Viewer.Account.ToString(), Now, Request.RequestAborted);
            if (opened.Outcome is OpenOutcome.Opened or OpenOutcome.Late) await turn.CommitAsync(CancellationToken.None);
        }
        switch (opened)
        {
            case { Outcome: OpenOutcome.Opened or OpenOutcome.Late, Number: { } number }:
                await audit.WriteAsync(Request, AuditKind.AppealOpened, Show.Count(number), sale.Value);
                address.NavigateTo(RuleOnAppeal.LinkTo(number) + "?done=opened");
                break;
            case { Outcome: OpenOutcome.OpenBefore }:
                (Bad, Before) = (T["appeal.new.before"], opened.Number);
                break;
            default:
                Bad = T["appeal.new.toomany", Show.Count(OpenAppeal.MostOpen)];
                break;
        }
    }

    private static FactId? IdOf(string? typed) => typed?.Trim() is { } id && FactForm.IsId(id) ? new FactId(id) : null;

    private sealed class Fields
    {
        public string? Sale { get; set; }
        public string? Role { get; set; }
        public string? Rules { get; set; }
        public Complaint? Complaint { get; set; }
        public string? Story { get; set; }
        public string? Evidence { get; set; }
    }
}
