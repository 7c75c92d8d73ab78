using Microsoft.AspNetCore.Components;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Members.Pages;

/// <summary>The whole picture of a member: masked, until somebody of the office says why they need it in full, which the audit log keeps.</summary>
public sealed partial class MemberPage(TimeProvider time)
{
    /// <summary>The wording of a refusal that the office writes down.</summary>
    private const string ByOffice = "office";

    [CascadingParameter] private HttpContext Request { get; set; } = null!;
    [Parameter] public string Id { get; set; } = "";
    [SupplyParameterFromForm(FormName = "look", Name = "Typed")] private Fields? Typed { get; set; }

    [SupplyParameterFromForm(FormName = "part", Name = "Parting")] private Fields? Parting { get; set; }

    [SupplyParameterFromForm(FormName = "erase", Name = "Erased")] private Fields? Erased { get; set; }

    [SupplyParameterFromForm(FormName = "correct", Name = "Right")] private Fields? Right { get; set; }

    private Profile? Profile { get; set; }
    private IReadOnlyList<LikelyPair> Likely { get; set; } = [];
    private Dictionary<MemberId, string> Names { get; set; } = [];
    private bool InFull { get; set; }
    private string? Good { get; set; }
    private string? Bad { get; set; }
    private bool MayLook => Permissions.SeesAll(Viewer);
    private bool MayMerge => Viewer.Role == AccountRole.Hq;
    private string Title => Profile!.Name is { } name ? InFull ? name : KeyMask.OfName(name) : Profile.Member.Value;
    private bool IsPost => HttpMethods.IsPost(Request.Request.Method);
    private bool AgreesToMarketing => Profile!.Consents.Any(state => state is { Purpose: Consents.Marketing, Given: true });
    private Instant Now => new(time.GetUtcNow().UtcTicks);

    /// <summary>Nothing said about marketing is not agreed; the page says so.</summary>
    private IEnumerable<ConsentState> Shown =>
        Profile!.Consents.Any(state => state.Purpose == Consents.Marketing) ? Profile.Consents : [new ConsentState(Consents.Marketing, false, default, "–", MemberChannel.Store), .. Profile.Consents];

    protected override async Task OnInitializedAsync()
    {
        await ReadAsync();
        if (Profile is null) Address.NotFound();
        else await Audit.WriteAsync(Request, AuditKind.PersonalDataRead, Profile.Member.Value, "masked");
    }

    private async Task ReadAsync()
    {
        var (member, stop) = (new MemberId(Links.IdOf(Request)), Request.RequestAborted);
        if (member.Value.Any(char.IsControl)) return;
        await using var turn = await Books.Database.BeginReadAsync(stop);
        var found = await ReadProfile.OfAsync(turn, Books.PolicyOrNone is null ? null : Books.Known.Rules, member, Now, stop);
        if (found is null || !MemberScope.MaySee(Viewer, found)) return;
        if (MayMerge)
        {
            Likely = await LikelySame.OfAsync(turn, found.Ids, stop);
            Names = await FindMembers.NamesAsync(turn, [.. Likely.SelectMany(pair => (MemberId[])[pair.One, pair.Other]).Distinct()], stop);
        }
        Profile = found;
    }

    private async Task LookAsync()
    {
        var why = Typed?.Why?.Trim() ?? "";
        if (!MayLook || why.Length is 0 or > 100 || why.Any(char.IsControl))
        {
            Bad = T["member.look.missing"];
            return;
        }
        // Before it is shown: what is not written down was not seen.
        await Audit.WriteAsync(Request, AuditKind.PersonalDataRead, Profile!.Member.Value, why);
        InFull = true;
    }

    private async Task RefuseAsync()
    {
        if (!MayLook) return;
        await SaveAsync(
            turn => Consents.SayAsync(turn, Profile!.Member, [new SaidConsent(Consents.Marketing, false, ByOffice)], MemberChannel.Clerk, Viewer.Account.ToString(), Now, Request.RequestAborted),
            AuditKind.ConsentSaid, Consents.Marketing, T["member.consent.refused"]);
    }

    private async Task CorrectAsync()
    {
        if (!MayMerge) return;
        var name = Right?.Name?.Trim() is { Length: > 0 } typed ? typed : null;
        var right = new Correction(name, Right?.Birthday);
        if (right == new Correction() || (name is not null && !MemberText.IsName(name)) || right.Birthday > Books.Zone.DayOf(Now))
        {
            Bad = T["member.correct.wrong"];
            return;
        }
        await SaveAsync(turn => CorrectMember.RunAsync(turn, Profile!.Member, right, Now, Request.RequestAborted), AuditKind.PersonCorrected, null, T["member.corrected"]);
    }

    /// <summary>Keeps what is said of the member, unless they were erased since the page was shown.</summary>
    private async Task SaveAsync(Func<Turn, Task<bool>> say, AuditKind what, string? detail, string good)
    {
        await using (var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted))
        {
            if (await say(turn)) await turn.CommitAsync(Request.RequestAborted);
            else Bad = T["member.gone"];
        }
        if (Bad is null)
        {
            await Audit.WriteAsync(Request, what, Profile!.Member.Value, detail);
            Good = good;
        }
        await ReadAsync();
    }

    private async Task PartAsync()
    {
        if (!MayMerge) return;
        if (Parting is not { Sure: true, From: { Length: > 0 } id })
        {
            Bad = T["member.part.unsure"];
            return;
        }
        // What is not this member's is not parted from here.
        var from = new MemberId(id);
        if (Profile!.Merges.All(merge => merge.From != from))
        {
            Bad = T["member.part.not"];
            return;
        }
        Merged merged;
        await using (var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted))
        {
            merged = await MergeMembers.TakeBackAsync(turn, from, Viewer.Account.ToString(), Now, Request.RequestAborted);
            if (merged.Outcome == MergeOutcome.Done) await turn.CommitAsync(Request.RequestAborted);
        }
        if (merged.Outcome == MergeOutcome.Done) await Audit.WriteAsync(Request, AuditKind.MergeTakenBack, from.Value, Profile!.Member.Value);
        (Good, Bad) = merged.Outcome == MergeOutcome.Done ? (T["member.parted"], null) : ((string?)null, T["member.part.not"]);
        await ReadAsync();
    }

    private async Task EraseAsync()
    {
        if (!MayMerge) return;
        if (Erased?.Sure != true)
        {
            Bad = T["member.erase.unsure"];
            return;
        }
        Erasing erasing;
        await using (var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted))
        {
            erasing = await EraseMember.AskAsync(turn, Profile!.Member, Viewer.Account.ToString(), Books.Zone.DayOf(Now), Now, Request.RequestAborted);
            await turn.CommitAsync(Request.RequestAborted);
        }
        if (erasing.Outcome == EraseOutcome.Asked) await Audit.WriteAsync(Request, AuditKind.ErasureAsked, Profile.Member.Value);
        Good = T["member.erase.done"];
        await ReadAsync();
    }

    private async Task KeepAsync()
    {
        if (!MayMerge) return;
        Erasing erasing;
        await using (var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted))
        {
            erasing = await EraseMember.TakeBackAsync(turn, Profile!.Member, Request.RequestAborted);
            await turn.CommitAsync(Request.RequestAborted);
        }
        if (erasing.Outcome == EraseOutcome.TakenBack) await Audit.WriteAsync(Request, AuditKind.ErasureTakenBack, Profile.Member.Value);
        Good = T["member.erase.kept"];
        await ReadAsync();
    }

    private sealed class Fields
    {
        public string? Why { get; set; }
        public string? From { get; set; }
        public string? Name { get; set; }
        public DateOnly? Birthday { get; set; }
        public bool Sure { get; set; }
    }
}
