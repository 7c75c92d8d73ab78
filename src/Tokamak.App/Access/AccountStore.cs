using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Tokamak.App.Access;

/// <summary>
/// Where Identity keeps the accounts of the brand that a request is for: an account of another brand is not there. Each read and each
/// write is a turn of the catalogue; in between, an account belongs to nobody's context.
/// </summary>
public sealed class AccountStore(StaffCatalogue catalogue, Sessions sessions, IHttpContextAccessor request) :
    IUserPasswordStore<Account>, IUserSecurityStampStore<Account>, IUserLockoutStore<Account>, IUserTwoFactorStore<Account>,
    IUserAuthenticatorKeyStore<Account>, IUserTwoFactorRecoveryCodeStore<Account>, IUserPasskeyStore<Account>
{
    private string? Brand => request.HttpContext is { } asked ? Visit.Of(asked).Brand : null;

    public Task<Account?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Guid.TryParse(userId, out var id)
        ? catalogue.ReadAsync(context => context.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id && a.Brand == Brand, cancellationToken), cancellationToken)
        : Task.FromResult<Account?>(null);

    public Task<Account?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => catalogue.ReadAsync(
        context => context.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.NormalizedName == normalizedUserName && a.Brand == Brand, cancellationToken), cancellationToken);

    public async Task<IdentityResult> UpdateAsync(Account user, CancellationToken cancellationToken)
    {
        try
        {
            await catalogue.WriteAsync(context =>
            {
                context.Attach(user);
                user.Version = Guid.NewGuid().ToString("N");
                context.Update(user);
                return Task.FromResult(true);
            }, cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());
        }
        sessions.Forget(user.Id);
        return IdentityResult.Success;
    }

    // Accounts are made by an invitation and never deleted.
    public Task<IdentityResult> CreateAsync(Account user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> DeleteAsync(Account user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task AddOrUpdatePasskeyAsync(Account user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => catalogue.WriteAsync(async context =>
    {
        var kept = await context.Passkeys.SingleOrDefaultAsync(p => p.CredentialId == passkey.CredentialId, cancellationToken);
        if (kept is null)
        {
            context.Passkeys.Add(kept = new Passkey
            {
                CredentialId = passkey.CredentialId, Account = user.Id, PublicKey = passkey.PublicKey, CreatedAtUtc = passkey.CreatedAt.UtcDateTime,
                BackupEligible = passkey.IsBackupEligible, Transports = string.Join(';', passkey.Transports ?? []),
            });
        }
        else if (kept.Account != user.Id)
        {
            throw new InvalidOperationException("A passkey belongs to one account.");
        }
        (kept.Name, kept.SignCount, kept.UserVerified, kept.BackedUp) = (passkey.Name, passkey.SignCount, passkey.IsUserVerified, passkey.IsBackedUp);
        return true;
    }, cancellationToken);

    public Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Account user, CancellationToken cancellationToken) => catalogue.ReadAsync<IList<UserPasskeyInfo>>(async context =>
        [.. (await context.Passkeys.AsNoTracking().Where(p => p.Account == user.Id).OrderBy(p => p.CreatedAtUtc).ToListAsync(cancellationToken)).Select(Info)], cancellationToken);

    public Task<Account?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) => catalogue.ReadAsync(context =>
        (from passkey in context.Passkeys
         join account in context.Accounts.AsNoTracking() on passkey.Account equals account.Id
         where passkey.CredentialId == credentialId && account.Brand == Brand
         select account).SingleOrDefaultAsync(cancellationToken), cancellationToken);

    public Task<UserPasskeyInfo?> FindPasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken) => catalogue.ReadAsync(async context =>
        await context.Passkeys.AsNoTracking().SingleOrDefaultAsync(p => p.Account == user.Id && p.CredentialId == credentialId, cancellationToken) is { } found ? Info(found) : null, cancellationToken);

    public Task RemovePasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken) => catalogue.WriteAsync(context =>
        context.Passkeys.Where(p => p.Account == user.Id && p.CredentialId == credentialId).ExecuteDeleteAsync(cancellationToken), cancellationToken);

    public Task<string> GetUserIdAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString());

    public Task<string?> GetUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.SignInName);

    public Task SetUserNameAsync(Account user, string? userName, CancellationToken cancellationToken) => Done(user.SignInName = userName);

    public Task<string?> GetNormalizedUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.NormalizedName);

    public Task SetNormalizedUserNameAsync(Account user, string? normalizedName, CancellationToken cancellationToken) => Done(user.NormalizedName = normalizedName);

    public Task SetPasswordHashAsync(Account user, string? passwordHash, CancellationToken cancellationToken) => Done(user.PasswordHash = passwordHash);

    public Task<string?> GetPasswordHashAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.HasCome);

    public Task SetSecurityStampAsync(Account user, string stamp, CancellationToken cancellationToken) => Done(user.SecurityStamp = stamp);

    public Task<string?> GetSecurityStampAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);

    public Task<DateTimeOffset?> GetLockoutEndDateAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult(user.LockedUntilUtc is { } until ? new DateTimeOffset(until) : (DateTimeOffset?)null);

    public Task SetLockoutEndDateAsync(Account user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken) => Done(user.LockedUntilUtc = lockoutEnd?.UtcDateTime);

    public Task<int> IncrementAccessFailedCountAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(++user.FailedSignIns);

    public Task ResetAccessFailedCountAsync(Account user, CancellationToken cancellationToken) => Done(user.FailedSignIns = 0);

    public Task<int> GetAccessFailedCountAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.FailedSignIns);

    public Task<bool> GetLockoutEnabledAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task SetLockoutEnabledAsync(Account user, bool enabled, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SetTwoFactorEnabledAsync(Account user, bool enabled, CancellationToken cancellationToken) => Done(user.TwoFactor = enabled);

    public Task<bool> GetTwoFactorEnabledAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.TwoFactor);

    public Task SetAuthenticatorKeyAsync(Account user, string key, CancellationToken cancellationToken) => Done(user.TotpKey = key);

    public Task<string?> GetAuthenticatorKeyAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.TotpKey);

    public Task ReplaceCodesAsync(Account user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken) =>
        Done(user.RecoveryCodes = string.Join(';', recoveryCodes.Select(Tokens.Hash)));

    public Task<bool> RedeemCodeAsync(Account user, string code, CancellationToken cancellationToken)
    {
        var left = user.RecoveryCodes.Split(';', StringSplitOptions.RemoveEmptyEntries).ToList();
        var redeemed = left.Remove(Tokens.Hash(code));
        user.RecoveryCodes = string.Join(';', left);
        return Task.FromResult(redeemed);
    }

    public Task<int> CountCodesAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult(user.RecoveryCodes.Split(';', StringSplitOptions.RemoveEmptyEntries).Length);

    public void Dispose()
    {
    }

    private static UserPasskeyInfo Info(Passkey kept) => new(
        kept.CredentialId, kept.PublicKey, new DateTimeOffset(kept.CreatedAtUtc), (uint)kept.SignCount, kept.Transports.Split(';', StringSplitOptions.RemoveEmptyEntries),
        kept.UserVerified, kept.BackupEligible, kept.BackedUp, [], []) { Name = kept.Name };

    private static Task<T> Done<T>(T value) => Task.FromResult(value);
}
