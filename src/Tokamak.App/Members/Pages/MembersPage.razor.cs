using Microsoft.AspNetCore.Components;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Members.Pages;

/// <summary>
/// Who stands at the counter, for everybody of the staff: only with the whole key of the person in front of them, which goes into no
/// address and no log; and for the office all members.
/// </summary>
public sealed partial class MembersPage(TimeProvider time, MemberQr codes)
{
    /// <summary>A number that more have tells nobody from anybody.</summary>
    private const int MostShown = 10;

    private const int PageSize = 30;

    [CascadingParameter] private HttpContext Request { get; set; } = null!;
    [SupplyParameterFromForm(FormName = "find")] private Fields? Typed { get; set; }
    [SupplyParameterFromQuery] private string? Name { get; set; }
    [SupplyParameterFromQuery] private string? Channel { get; set; }
    [SupplyParameterFromQuery] private string? Store { get; set; }
    [SupplyParameterFromQuery] private string? Before { get; set; }
    [SupplyParameterFromQuery] private string? After { get; set; }

    private bool Ready { get; set; }
    private ListedMembers? Listed { get; set; }
    private IReadOnlyList<FoundMember>? Found { get; set; }
    private Dictionary<MemberId, Profile> Cards { get; } = [];
    private string? Bad { get; set; }
    private bool SeesAll => Permissions.SeesAll(Viewer);
    private MemberChannel? Chosen => Enum.TryParse<MemberChannel>(Channel, out var channel) && Enum.IsDefined(channel) ? channel : null;

    protected override async Task OnInitializedAsync()
    {
        if (SeesAll && HttpMethods.IsGet(Request.Request.Method))
        {
            await using var turn = await Books.Database.BeginReadAsync(Request.RequestAborted);
            var name = Name?.Trim() is { Length: > 0 and <= 100 } begins && !begins.Any(char.IsControl) ? begins : null;
            var store = Store is { } id && FactForm.IsId(id) ? new StoreId(id) : (StoreId?)null;
            Listed = await ListMembers.RunAsync(turn, new MemberSearch(name, Chosen, store), MemberPlace.Parse(Before), MemberPlace.Parse(After), PageSize, Request.RequestAborted);
        }
        Ready = true;
    }

    /// <summary>One field for whatever the person says or shows; what it is, its form says.</summary>
    private async Task FindAsync()
    {
        var (typed, stop) = (Typed?.Key?.Trim() ?? "", Request.RequestAborted);
        await using var turn = await Books.Database.BeginReadAsync(stop);
        var found = MemberQr.Is(typed) ? await ByCodeAsync(turn, typed) : await ByKeyAsync(turn, typed);
        if (found is null) return;
        if (found.Count > MostShown)
        {
            Bad = T["members.toomany"];
            return;
        }
        var now = new Instant(time.GetUtcNow().UtcTicks);
        foreach (var one in found) Cards[one.Member] = (await ReadProfile.OfAsync(turn, Books.PolicyOrNone is null ? null : Books.Known.Rules, one.Member, now, stop))!;
        Found = found;
        foreach (var one in found) await Audit.WriteAsync(Request, AuditKind.PersonalDataRead, one.Member.Value, "look-up");
    }

    /// <summary>Who shows the code of their own pages has proved who they are.</summary>
    private async Task<List<FoundMember>?> ByCodeAsync(Turn turn, string typed)
    {
        if (codes.Read(Viewer.Brand, typed) is { } shown && await KeyHolders.LivingAsync(turn, shown, Request.RequestAborted) is { } member)
            return [new FoundMember(member, (await FindMembers.NamesAsync(turn, [member], Request.RequestAborted)).GetValueOrDefault(member), true)];
        Bad = T["members.code.wrong"];
        return null;
    }

    private async Task<List<FoundMember>?> ByKeyAsync(Turn turn, string typed)
    {
        var stop = Request.RequestAborted;
        var region = await Regions.OfAsync(turn, stop);
        var keys = Kinds(typed).Select(kind => MemberKey.TryRead(kind, typed, NumberingFile.Plans, region, out var key) ? key : (MemberKey?)null).OfType<MemberKey>().ToList();
        if (keys.Count == 0)
        {
            Bad = T["members.key.wrong"];
            return null;
        }
        List<FoundMember> found = [];
        foreach (var key in keys) found.AddRange((await FindMembers.ByKeyAsync(turn, key, stop)).Where(one => found.All(other => other.Member != one.Member)));
        return found;
    }

    private static IEnumerable<KeyKind> Kinds(string typed)
    {
        if (typed.Contains('@', StringComparison.Ordinal) || typed.Contains('＠', StringComparison.Ordinal)) return [KeyKind.Email];
        return typed.Contains(':', StringComparison.Ordinal) ? [KeyKind.Foreign] : [KeyKind.Phone, KeyKind.Card, KeyKind.Line];
    }

    private sealed class Fields
    {
        public string? Key { get; set; }
    }
}
