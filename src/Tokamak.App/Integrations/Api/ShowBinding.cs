using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Integrations.Api;

/// <summary>The kind of a service that bound or renewed, and the last day on which it lends its strength.</summary>
public sealed record ClaimShown(string Kind, DateOnly Until);

/// <summary>Whom a member belongs to today (R3).</summary>
/// <param name="Store">The store that has the store's part.</param>
/// <param name="BoundAt">When it came about, UTC.</param>
/// <param name="RenewedOn">The day from which decay counts.</param>
/// <param name="LockUntil">The first day on which another may take over.</param>
/// <param name="Locked">Whether nobody may take over today.</param>
/// <param name="ExpiresOn">Its last day.</param>
/// <param name="Strength">Its strength today.</param>
/// <param name="Claims">What it rests on.</param>
/// <param name="Cause">The fact that bound it or last changed whose it is.</param>
/// <param name="Staff">The clerk; absent where it is the store's own.</param>
public sealed record BindingShown(
    string Store, DateTime BoundAt, DateOnly RenewedOn, DateOnly LockUntil, bool Locked, DateOnly ExpiresOn, int Strength, IReadOnlyList<ClaimShown> Claims, string Cause, string? Staff = null);

/// <summary>A member and whom they belong to.</summary>
/// <param name="Member">Who they are after all merges.</param>
/// <param name="Declined">They want to belong to nobody.</param>
/// <param name="Waits">A late fact reached them: what follows is there in a moment.</param>
/// <param name="Binding">Absent where they belong to nobody today.</param>
public sealed record MemberShown(string Member, bool Declined, bool Waits, BindingShown? Binding = null);

/// <summary><c>GET /api/v1/members/{id}/binding</c>: whom a member belongs to today.</summary>
internal static class ShowBinding
{
    public static async Task<IResult> AnswerAsync(HttpContext request, OpenBooks books, TimeProvider time)
    {
        var id = Links.IdOf(request, after: 1);
        if (await books.BindingAsync(new MemberId(id), new Instant(time.GetUtcNow().UtcTicks), request.RequestAborted) is not { } found)
            return Refusal.NotThere($"Nothing is known of a member {id}: no sale, service or merge has named them.");
        return Reply.Fresh(request, new MemberShown(found.Root.Value, found.Declined, found.Waits, found.Binding is { } held ? Shown(held, found) : null));
    }

    private static BindingShown Shown(Binding held, MemberBinding found) => new(
        held.Store.Value, new DateTime(held.BoundAt.Ticks, DateTimeKind.Utc), held.RenewedOn, held.LockUntil, held.LockedOn(found.Today), held.ExpiresOn, found.Strength,
        [.. held.Claims.Where(claim => found.Today <= claim.Until).Select(claim => new ClaimShown(claim.Kind, claim.Until))], held.Cause.Value, held.Staff?.Value);
}
