using Microsoft.AspNetCore.Components;
using Tokamak.App.Access;
using Tokamak.App.Referral.Pages;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Members.Pages;

/// <summary>Two members side by side, and what somebody decides about them: one person, or two.</summary>
public sealed partial class MergePage(TimeProvider time)
{
    [CascadingParameter] private HttpContext Request { get; set; } = null!;
    [Parameter] public string One { get; set; } = "";
    [Parameter] public string Other { get; set; } = "";
    [SupplyParameterFromForm(FormName = "merge", Name = "Typed")] private Fields? Merging { get; set; }
    [SupplyParameterFromForm(FormName = "two", Name = "Typed")] private Fields? Parting { get; set; }

    private Profile? First { get; set; }
    private Profile? Second { get; set; }
    private LikelyBecause? Because { get; set; }
    private string? Good { get; set; }
    private string? Bad { get; set; }
    private Instant Now => new(time.GetUtcNow().UtcTicks);

    protected override async Task OnInitializedAsync()
    {
        await ReadAsync();
        // Who are one person by now, or nobody, are nothing to decide about; after a step the page says what came of it.
        if (First is null || Second is null || First.Member == Second.Member || First.IsErased || Second.IsErased) Address.NotFound();
        else await Audit.WriteAsync(Request, AuditKind.PersonalDataRead, First.Member.Value, $"beside {Second.Member}");
    }

    private async Task ReadAsync()
    {
        var (one, other, stop) = (new MemberId(Links.IdOf(Request, after: 1)), new MemberId(Links.IdOf(Request)), Request.RequestAborted);
        if (one.Value.Concat(other.Value).Any(char.IsControl)) return;
        await using var turn = await Books.Database.BeginReadAsync(stop);
        var rules = Books.PolicyOrNone is null ? null : Books.Known.Rules;
        (First, Second) = (await ReadProfile.OfAsync(turn, rules, one, Now, stop), await ReadProfile.OfAsync(turn, rules, other, Now, stop));
        if (First is null || Second is null) return;
        Because = (await LikelySame.OfAsync(turn, First.Ids, stop)).FirstOrDefault(pair => (pair.One == First.Member && pair.Other == Second.Member) || (pair.One == Second.Member && pair.Other == First.Member))?.Because;
    }

    private async Task MergeAsync()
    {
        if (Merging?.Sure != true)
        {
            Bad = T["same.merge.unsure"];
            return;
        }
        Merged merged;
        await using (var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted))
        {
            merged = await MergeMembers.RunAsync(turn, First!.Member, Second!.Member, Viewer.Account.ToString(), Now, Request.RequestAborted);
            if (merged.Outcome == MergeOutcome.Done) await turn.CommitAsync(Request.RequestAborted);
        }
        if (merged.Outcome == MergeOutcome.Done) await Audit.WriteAsync(Request, AuditKind.MembersMerged, First.Member.Value, Second.Member.Value);
        (Good, Bad) = merged.Outcome switch
        {
            MergeOutcome.Done => (T["same.merged"], null),
            MergeOutcome.Erasing => ((string?)null, T["same.merge.erasing"]),
            _ => ((string?)null, T["same.merge.not"]),
        };
    }

    private async Task TwoAsync()
    {
        var reason = Parting?.Reason?.Trim() ?? "";
        if (reason.Length is 0 or > MergeMembers.MostLettersOfReason || reason.Any(char.IsControl))
        {
            Bad = T["same.two.missing"];
            return;
        }
        await using (var turn = await Books.Database.BeginWriteAsync(Request.RequestAborted))
        {
            if (!await MergeMembers.AreTwoAsync(turn, First!.Member, Second!.Member, Viewer.Account.ToString(), reason, Now, Request.RequestAborted))
            {
                Bad = T["same.merge.erasing"];
                return;
            }
            await turn.CommitAsync(Request.RequestAborted);
        }
        await Audit.WriteAsync(Request, AuditKind.MembersAreTwo, First.Member.Value, Second.Member.Value);
        Good = T["same.two.done"];
    }

    private sealed class Fields
    {
        public bool Sure { get; set; }
        public string? Reason { get; set; }
    }
}
