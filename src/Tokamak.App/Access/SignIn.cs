using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Tokamak.App.Access;

public enum SignInOutcome
{
    SignedIn,

    /// <summary>The password was right; a code is asked for on the next page.</summary>
    CodeNeeded,

    /// <summary>For every reason the same, so that nobody learns which names there are.</summary>
    Refused,
    TooManyAttempts,
}

/// <param name="RetryAfter">How long to wait after <see cref="SignInOutcome.TooManyAttempts"/>.</param>
public readonly record struct SignInAnswer(SignInOutcome Outcome, TimeSpan RetryAfter = default);

/// <summary>How somebody signed in or what kept them out, as it stands in the audit log.</summary>
internal static class SignInWay
{
    public const string Password = "password", Code = "code", RecoveryCode = "recovery code", Passkey = "passkey", Demo = "demo";

    /// <summary>No such name; the account is off, locked or not set up; not employed; another sign-in came first.</summary>
    public const string UnknownName = "name", Account = "account", Roster = "roster", AtOnce = "at once";
}

/// <summary>The ways to sign in: a password, a code after it, a passkey. Each is counted against the limits and stands in the audit log.</summary>
public sealed class SignIn(
    UserManager<Account> users, SignInManager<Account> identity, IPasswordHasher<Account> hasher, StaffCatalogue catalogue, Sessions sessions,
    Audit audit, AttemptLimits limits, TimeProvider time)
{
    // Verified in place of the hash of an account that is not there, so that its absence takes as long as a wrong password.
    private static readonly Account Nobody = new() { Id = Guid.Empty, Brand = "" };
    private static string? _hashOfNobody;

    public async Task<SignInAnswer> ByPasswordAsync(HttpContext request, string name, string password)
    {
        if (name.Length > Invitations.MostLettersOfName || password.Length > Invitations.MostLettersOfPassword)
        {
            // No account has such a name or password, so that nobody learns anything from the quick answer.
            if (limits.Take(AttemptLimits.KeysOf(request)) is { } stopped) return new(SignInOutcome.TooManyAttempts, stopped);
            return await RefuseAsync(request, null, AuditKind.SignInRefused, SignInWay.UnknownName);
        }
        var keys = AttemptLimits.KeysOf(request, users.NormalizeName(name));
        if (limits.Take(keys) is { } wait) return new(SignInOutcome.TooManyAttempts, wait);
        var account = await users.FindByNameAsync(name);
        if (account is not { HasCome: true, Enabled: true } || await users.IsLockedOutAsync(account))
        {
            hasher.VerifyHashedPassword(Nobody, _hashOfNobody ??= hasher.HashPassword(Nobody, Tokens.Make()), password);
            await PretendToCountAsync(request.RequestAborted);
            return await RefuseAsync(request, account, account is { HasCome: true, Enabled: true } ? AuditKind.LockedOut : AuditKind.SignInRefused, account is null ? SignInWay.UnknownName : SignInWay.Account);
        }
        if (!await users.CheckPasswordAsync(account, password)) return await CountAndRefuseAsync(request, account, SignInWay.Password);
        if (!await sessions.MayBeginAsync(account, request.RequestAborted)) return await RefuseAsync(request, account, AuditKind.SignInRefused, SignInWay.Roster);
        if (!account.TwoFactor) return await EnterAsync(request, account, keys, SignInWay.Password);
        await RememberAsync(request, account);
        limits.Forgive(keys);
        return new(SignInOutcome.CodeNeeded);
    }

    /// <summary>The second step. Null where no first one came before it, or too long ago.</summary>
    public async Task<SignInAnswer?> ByCodeAsync(HttpContext request, string code)
    {
        if (await RememberedAsync(request) is not { } account) return null;
        var keys = AttemptLimits.KeysOf(request, account.NormalizedName);
        if (limits.Take(keys) is { } wait) return new(SignInOutcome.TooManyAttempts, wait);
        if (await users.IsLockedOutAsync(account)) return await RefuseAsync(request, account, AuditKind.LockedOut, SignInWay.Account);
        var typed = new string([.. code.Where(letter => !char.IsWhiteSpace(letter))]);
        var recovery = typed.Length > Totp.Digits;
        var right = recovery ? (await users.RedeemTwoFactorRecoveryCodeAsync(account, typed.ToUpperInvariant())).Succeeded : Totp.TryTake(account, typed, time.GetUtcNow());
        if (!right) return await CountAndRefuseAsync(request, account, recovery ? SignInWay.RecoveryCode : SignInWay.Code);
        if (!await sessions.MayBeginAsync(account, request.RequestAborted)) return await RefuseAsync(request, account, AuditKind.SignInRefused, SignInWay.Roster);
        await request.SignOutAsync(IdentityConstants.TwoFactorUserIdScheme);
        return await EnterAsync(request, account, keys, recovery ? SignInWay.RecoveryCode : SignInWay.Code);
    }

    public async Task<SignInAnswer> ByPasskeyAsync(HttpContext request, string credential)
    {
        var keys = AttemptLimits.KeysOf(request);
        if (limits.Take(keys) is { } wait) return new(SignInOutcome.TooManyAttempts, wait);
        // Wrong passwords lock no passkey out: it cannot be guessed, and anybody can type a name.
        if (await AssertAsync(credential) is not { Succeeded: true, User: { } account } asserted) return await RefuseAsync(request, null, AuditKind.SignInRefused, SignInWay.Passkey);
        if (account is not { Enabled: true, HasCome: true }) return await RefuseAsync(request, account, AuditKind.SignInRefused, SignInWay.Passkey);
        if (!await sessions.MayBeginAsync(account, request.RequestAborted)) return await RefuseAsync(request, account, AuditKind.SignInRefused, SignInWay.Roster);
        if (!(await users.AddOrUpdatePasskeyAsync(account, asserted.Passkey)).Succeeded || await users.FindByIdAsync(account.Id.ToString()) is not { } anew)
            return await RefuseAsync(request, account, AuditKind.SignInRefused, SignInWay.AtOnce);
        return await EnterAsync(request, anew, keys, SignInWay.Passkey);
    }

    /// <summary>Whether a password was just given and a code is waited for.</summary>
    public async Task<bool> AwaitsCodeAsync(HttpContext request) => await RememberedAsync(request) is not null;

    /// <summary>The demo's one click.</summary>
    internal Task<SignInAnswer> ByClickAsync(HttpContext request, Account account) => EnterAsync(request, account, [], SignInWay.Demo);

    private async Task<PasskeyAssertionResult<Account>?> AssertAsync(string credential)
    {
        try
        {
            return await identity.PerformPasskeyAssertionAsync(credential);
        }
        catch (InvalidOperationException)
        {
            // No options were asked for before, or they are too old.
            return null;
        }
    }

    private async Task<SignInAnswer> EnterAsync(HttpContext request, Account account, string[] keys, string how)
    {
        var now = time.GetUtcNow();
        (account.FailedSignIns, account.LastSignInAtUtc) = (0, now.UtcDateTime);
        if (!(await users.UpdateAsync(account)).Succeeded)
        {
            // Somebody else has written first. Of two who bring the same code one is refused; a password is good for both, unless it was just changed.
            if (how is SignInWay.Code or SignInWay.RecoveryCode || await users.FindByIdAsync(account.Id.ToString()) is not { } anew || anew.SecurityStamp != account.SecurityStamp)
                return await RefuseAsync(request, account, AuditKind.SignInRefused, SignInWay.AtOnce);
            return await EnterAsync(request, anew, keys, how);
        }
        await Sessions.BeginAsync(request, account, now);
        await audit.WriteAsync(account.Brand, account.Id, AuditKind.SignedIn, null, how, Audit.AddressOf(request), request.RequestAborted);
        limits.Forgive(keys);
        return new(SignInOutcome.SignedIn);
    }

    private async Task<SignInAnswer> CountAndRefuseAsync(HttpContext request, Account account, string why)
    {
        account = await CurrentPassword.CountFailureAsync(users, account);
        return await RefuseAsync(request, account, await users.IsLockedOutAsync(account) ? AuditKind.LockedOut : AuditKind.SignInRefused, why);
    }

    private async Task<SignInAnswer> RefuseAsync(HttpContext request, Account? account, AuditKind what, string why)
    {
        // What was typed as a name may be a password: it is not kept.
        await audit.WriteAsync(Visit.Of(request).Brand!, null, what, account?.Id.ToString(), why, Audit.AddressOf(request), request.RequestAborted);
        return new(SignInOutcome.Refused);
    }

    /// <summary>A write that changes nothing, as long as the one that counts a wrong password.</summary>
    private Task<int> PretendToCountAsync(CancellationToken stop) => catalogue.WriteAsync(
        context => context.Accounts.Where(account => account.Id == Guid.Empty).ExecuteUpdateAsync(set => set.SetProperty(account => account.FailedSignIns, 0), stop), stop);

    private static Task RememberAsync(HttpContext request, Account account) => request.SignInAsync(
        IdentityConstants.TwoFactorUserIdScheme,
        new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, account.Id.ToString()), new("stamp", account.SecurityStamp)], IdentityConstants.TwoFactorUserIdScheme)));

    private async Task<Account?> RememberedAsync(HttpContext request)
    {
        var before = await request.AuthenticateAsync(IdentityConstants.TwoFactorUserIdScheme);
        if (before.Principal?.FindFirstValue("stamp") is not { } stamp || before.Principal.FindFirstValue(ClaimTypes.Name) is not { } id) return null;
        return await users.FindByIdAsync(id) is { Enabled: true, TwoFactor: true } account && account.SecurityStamp == stamp ? account : null;
    }
}
