using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Referral.Live;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Members.Own;

/// <summary>What is a member's own: their code for the counter, their purchases in all channels, who refers them, and what they agree to.</summary>
public sealed partial class MyPage(MemberQr codes, TimeProvider time)
{
    /// <summary>The version of the text beside the box, in both languages.</summary>
    private const string Wording = "own-2026-11";

    [CascadingParameter] private HttpContext Request { get; set; } = null!;
    [SupplyParameterFromForm(FormName = "choose", Name = "Typed")] private Fields? Typed { get; set; }
    [SupplyParameterFromForm(FormName = "consent", Name = "Said")] private Fields? Said { get; set; }
    [SupplyParameterFromForm(FormName = "name", Name = "Named")] private Fields? Named { get; set; }

    [SupplyParameterFromForm(FormName = "erase", Name = "Erased")] private Fields? Erased { get; set; }

    private Profile? Profile { get; set; }
    private int CoolingOffDays { get; set; }

    /// <summary>What they said themselves, whatever another id of theirs is called.</summary>
    private string? OwnName { get; set; }
    private string Code { get; set; } = "";
    private string? Good { get; set; }
    private string? Bad { get; set; }
    private bool IsPost => HttpMethods.IsPost(Request.Request.Method);
    private bool AgreesToMarketing => Profile!.Consents.Any(state => state is { Purpose: Consents.Marketing, Given: true });
    private MemberId Member => Visit.Of(Request).Member!.Value;
    private Instant Now => new(time.GetUtcNow().UtcTicks);

    protected override async Task OnInitializedAsync()
    {
        Code = codes.Of(Visit.Of(Request).Brand!, Member);
        await ReadAsync();
    }

    private async Task ReadAsync()
    {
        await using var turn = await Books.Database.BeginReadAsync(Request.RequestAborted);
        await using var books = turn.Books();
        OwnName = await books.People.Where(person => person.Member == Member.Value).Select(person => person.Name).SingleOrDefaultAsync(Request.RequestAborted);
        CoolingOffDays = await Erasures.CoolingOffDaysAsync(turn, Request.RequestAborted);
        Profile = await ReadProfile.OfAsync(turn, Books.PolicyOrNone is null ? null : Books.Known.Rules, Member, Now, Request.RequestAborted);
        OwnName ??= Profile?.Name;
    }

    /// <summary>The member names a clerk by the code on their card: it binds at once, whatever was before (R6).</summary>
    private async Task ChooseAsync()
    {
        var code = Typed?.Code?.Trim() ?? "";
        if (Books.Roster.HolderOf(code, Now) is not { } clerk || clerk.At(Now) is not { Employed: true } place)
        {
            Bad = T["own.referrer.unknown"];
            return;
        }
        await PostAsync(BindingRules.Choice, place.Store, clerk.Id, T["own.referrer.chosen"]);
    }

    private async Task DeclineAsync()
    {
        // Every service names a store, though to decline is about none: that of whom they had, else any.
        var stores = Books.Roster.All.SelectMany(clerk => clerk.Employments).Select(employment => employment.Store).Order();
        if ((Profile!.Binding?.Binding?.Store ?? stores.Cast<StoreId?>().FirstOrDefault()) is { } store) await PostAsync(BindingRules.Decline, store, null, T["own.referrer.declined.done"]);
        else Bad = T["own.later"];
    }

    private async Task PostAsync(string kind, StoreId store, StaffId? staff, string good)
    {
        if (Books.PolicyOrNone is null)
        {
            Bad = T["own.later"];
            return;
        }
        FactAnswer answer;
        await using (var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted))
        {
            var id = new FactId(string.Create(CultureInfo.InvariantCulture, $"own-{Member}-{Now.Ticks}"));
            answer = (await OfficeFacts.PostAsync(turn, [new ServiceFact(id, Now, 0, Member, kind, store, staff)], null, Now, Request.RequestAborted))[0];
            if (answer.Status == FactStatus.Accepted) await turn.CommitAsync(Request.RequestAborted);
        }
        (Good, Bad) = answer.Status == FactStatus.Accepted ? (good, null) : ((string?)null, T["own.later"]);
        await ReadAsync();
    }

    private Task SayAsync() => SaveAsync(turn =>
        Consents.SayAsync(turn, Member, [new SaidConsent(Consents.Marketing, Said?.Marketing == true, Wording)], MemberChannel.Web, null, Now, Request.RequestAborted));

    private async Task NameAsync()
    {
        var name = Named?.Name?.Trim() ?? "";
        if (!MemberText.IsName(name))
        {
            Bad = T["own.name.wrong"];
            return;
        }
        await SaveAsync(turn => CorrectMember.RunAsync(turn, Member, new Correction(name), Now, Request.RequestAborted));
    }

    /// <summary>Keeps what they say, unless they were erased since the page was shown.</summary>
    private async Task SaveAsync(Func<Turn, Task<bool>> say)
    {
        await using (var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted))
        {
            if (await say(turn)) await turn.CommitAsync(Request.RequestAborted);
            else Bad = T["own.later"];
        }
        if (Bad is null) Good = T["own.saved"];
        await ReadAsync();
    }

    private async Task EraseAsync()
    {
        if (Erased?.Sure != true)
        {
            Bad = T["own.erase.unsure"];
            return;
        }
        await using (var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted))
        {
            await EraseMember.AskAsync(turn, Member, null, Books.Zone.DayOf(Now), Now, Request.RequestAborted);
            await turn.CommitAsync(Request.RequestAborted);
        }
        Good = T["own.erase.done"];
        await ReadAsync();
    }

    private async Task KeepAsync()
    {
        await using (var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted))
        {
            await EraseMember.TakeBackAsync(turn, Member, Request.RequestAborted);
            await turn.CommitAsync(Request.RequestAborted);
        }
        Good = T["own.erase.kept"];
        await ReadAsync();
    }

    private sealed class Fields
    {
        public bool Sure { get; set; }
        public string? Code { get; set; }
        public bool Marketing { get; set; }
        public string? Name { get; set; }
    }
}
