using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Tokamak.Core.Referral;

namespace Tokamak.App.Access;

/// <summary>
/// Who is signed in. A session is a cookie that the key ring protects; at every request its account must still be there, be enabled and have
/// the same security stamp, and whoever is on the roster must still be employed; only the office may be without a place there. What was read is believed for a few seconds.
/// </summary>
public sealed class Sessions(StaffCatalogue catalogue, StaffPlaces places, TimeProvider time)
{
    public static readonly TimeSpan Idle = TimeSpan.FromHours(8), Longest = TimeSpan.FromHours(24), Believed = TimeSpan.FromSeconds(3);

    private const string Stamp = "stamp", Role = "role", Began = "began";
    private readonly ConcurrentDictionary<Guid, (Standing? Standing, DateTimeOffset ReadAt)> _known = [];

    /// <summary>An account as far as a session rests on it.</summary>
    private sealed record Standing(string Brand, string Name, AccountRole Role, string SecurityStamp, bool Enabled, StaffId? Staff, StaffPlace? Place)
    {
        public bool Holds => Enabled && (Staff is null ? Role is AccountRole.Hq or AccountRole.Finance : Place is { Employed: true });
    }

    /// <summary>Whether this account may have a session at all.</summary>
    public async Task<bool> MayBeginAsync(Account account, CancellationToken stop)
    {
        Forget(account.Id);
        return await StandingOfAsync(account.Id, stop) is { Holds: true };
    }

    public static Task BeginAsync(HttpContext request, Account account, DateTimeOffset now) => request.SignInAsync(
        IdentityConstants.ApplicationScheme,
        new ClaimsPrincipal(new ClaimsIdentity(
            [new(ClaimTypes.NameIdentifier, account.Id.ToString()), new(Stamp, account.SecurityStamp), new(Role, account.Role.ToString())], IdentityConstants.ApplicationScheme)),
        new AuthenticationProperties { IssuedUtc = now, Items = { [Began] = now.UtcTicks.ToString(CultureInfo.InvariantCulture) } });

    public static Task EndAsync(HttpContext request) => request.SignOutAsync(IdentityConstants.ApplicationScheme);

    /// <summary>At every request that brings a session along.</summary>
    public async Task CheckAsync(CookieValidatePrincipalContext session)
    {
        var visit = Visit.Of(session.HttpContext);
        visit.Viewer = await ViewerOfAsync(session.Principal, session.Properties, visit.Brand, session.HttpContext.RequestAborted);
        if (visit.Viewer is not null) return;
        session.RejectPrincipal();
        await EndAsync(session.HttpContext);
    }

    /// <summary>The next request of this account reads it anew; other nodes do so within <see cref="Believed"/>.</summary>
    public void Forget(Guid account) => _known.TryRemove(account, out _);

    private async Task<Viewer?> ViewerOfAsync(ClaimsPrincipal? person, AuthenticationProperties session, string? brand, CancellationToken stop)
    {
        if (!Guid.TryParse(person?.FindFirstValue(ClaimTypes.NameIdentifier), out var id)) return null;
        if (!long.TryParse(session.GetString(Began), CultureInfo.InvariantCulture, out var began)) return null;
        if (time.GetUtcNow().UtcTicks - began > Longest.Ticks) return null;
        if (await StandingOfAsync(id, stop) is not { Holds: true } standing) return null;
        if (standing.Brand != brand || standing.SecurityStamp != person.FindFirstValue(Stamp) || standing.Role.ToString() != person.FindFirstValue(Role)) return null;
        return new Viewer(id, standing.Name, standing.Role, standing.Brand, standing.Staff, standing.Place is { Employed: true } place ? place.Store : null);
    }

    private async Task<Standing?> StandingOfAsync(Guid id, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (_known.TryGetValue(id, out var known) && now - known.ReadAt < Believed && now >= known.ReadAt) return known.Standing;
        var account = await catalogue.ReadAsync(context => context.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id && a.PasswordHash != null, stop), stop);
        if (account is null) return null;
        var place = account.Staff is { } staff ? await places.FindAsync(account.Brand, staff, stop) : null;
        var standing = new Standing(account.Brand, account.DisplayName, account.Role, account.SecurityStamp, account.Enabled, account.Staff, place);
        _known[id] = (standing, now);
        return standing;
    }
}
