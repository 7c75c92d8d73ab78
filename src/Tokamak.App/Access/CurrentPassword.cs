using Microsoft.AspNetCore.Identity;

namespace Tokamak.App.Access;

/// <summary>
/// Asks for the password of somebody who is signed in, before what would outlast the session: a new password, a passkey, codes. A session
/// left open somewhere must not be a place to guess at, so attempts count as they do at the sign-in.
/// </summary>
public sealed class CurrentPassword(UserManager<Account> users, AttemptLimits limits, Audit audit)
{
    /// <summary>Whether it is right and was not asked for too often.</summary>
    public async Task<bool> IsRightAsync(HttpContext request, Account account, string? password)
    {
        var keys = AttemptLimits.KeysOf(request, account.NormalizedName);
        if (limits.Take(keys) is not null || password is not { Length: > 0 and <= Invitations.MostLettersOfPassword } || await users.IsLockedOutAsync(account)) return false;
        if (await users.CheckPasswordAsync(account, password))
        {
            limits.Forgive(keys);
            return true;
        }
        var counted = await CountFailureAsync(users, account);
        if (await users.IsLockedOutAsync(counted)) await audit.WriteAsync(request, AuditKind.LockedOut, account.Id.ToString(), SignInWay.Password);
        return false;
    }

    /// <summary>Counts a wrong attempt against the account, which locks at the fifth; also where several come at the same moment.</summary>
    /// <returns>The account as it stands.</returns>
    internal static async Task<Account> CountFailureAsync(UserManager<Account> users, Account account)
    {
        while (true)
        {
            var counted = await users.AccessFailedAsync(account);
            if (counted.Succeeded) return account;
            if (!IsConflict(counted)) throw new InvalidOperationException($"A failed attempt was not counted: {counted}");
            if (await users.FindByIdAsync(account.Id.ToString()) is not { } anew) return account;
            account = anew;
        }
    }

    /// <summary>Whether a write lost against another of the same account.</summary>
    internal static bool IsConflict(IdentityResult result) => result.Errors.Any(error => error.Code == nameof(IdentityErrorDescriber.ConcurrencyFailure));
}
