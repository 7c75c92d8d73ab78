using Microsoft.EntityFrameworkCore;
using Tokamak.Core.Referral;

namespace Tokamak.App.Access;

/// <summary>An account on the list of people.</summary>
public sealed record Person(Account Account, bool HasPasskey);

/// <summary>Why a change to an account was refused.</summary>
public enum PeopleRefusal
{
    /// <summary>No such account in this brand.</summary>
    NotThere,

    /// <summary>Nobody changes the own role or switches the own account off.</summary>
    OwnAccount,

    /// <summary>Somebody of the head office must remain who can sign in.</summary>
    LastOfOffice,

    /// <summary>A manager or clerk must be on the roster.</summary>
    StaffMissing,
}

/// <summary>The accounts of a brand and what head office may do to them. Each change ends the sessions of its account and is in the audit log.</summary>
public sealed class People(StaffCatalogue catalogue, Invitations invitations, Audit audit, Sessions sessions)
{
    public Task<IReadOnlyList<Person>> ListAsync(string brand, CancellationToken stop) => catalogue.ReadAsync<IReadOnlyList<Person>>(async context =>
    {
        var accounts = await context.Accounts.AsNoTracking().Where(a => a.Brand == brand).ToListAsync(stop);
        var withPasskey = (await context.Passkeys.AsNoTracking().Join(context.Accounts.Where(a => a.Brand == brand), p => p.Account, a => a.Id, (p, _) => p.Account).ToListAsync(stop)).ToHashSet();
        return
        [
            .. accounts.OrderByDescending(a => a.Enabled).ThenBy(a => a.Role).ThenBy(a => a.DisplayName, StringComparer.Ordinal)
                .Select(a => new Person(a, withPasskey.Contains(a.Id))),
        ];
    }, stop);

    public Task<Person?> FindAsync(string brand, Guid id, CancellationToken stop) => catalogue.ReadAsync(async context =>
        await context.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id && a.Brand == brand, stop) is { } account
            ? new Person(account, await context.Passkeys.AnyAsync(p => p.Account == id, stop))
            : null, stop);

    /// <summary>Names of accounts, for the audit log.</summary>
    public Task<IReadOnlyDictionary<Guid, string>> NamesAsync(string brand, CancellationToken stop) => catalogue.ReadAsync<IReadOnlyDictionary<Guid, string>>(async context =>
        await context.Accounts.AsNoTracking().Where(a => a.Brand == brand).ToDictionaryAsync(a => a.Id, a => a.DisplayName, stop), stop);

    public async Task<PeopleRefusal?> ChangeRoleAsync(Viewer by, Guid id, AccountRole role, StaffId? staff, string? address, CancellationToken stop)
    {
        if (role is AccountRole.Manager or AccountRole.Clerk && staff is null) return PeopleRefusal.StaffMissing;
        return (await ChangeAsync(by, id, address, AuditKind.RoleChanged, account =>
        {
            var before = account.Role;
            (account.Role, account.Staff) = (role, staff);
            return $"{before} → {role}";
        }, stop)).Refusal;
    }

    public async Task<PeopleRefusal?> SetEnabledAsync(Viewer by, Guid id, bool enabled, string? address, CancellationToken stop) =>
        (await ChangeAsync(by, id, address, enabled ? AuditKind.AccountEnabled : AuditKind.AccountDisabled, account =>
        {
            account.Enabled = enabled;
            return null;
        }, stop)).Refusal;

    /// <summary>
    /// For somebody who lost password, phone or passkey: takes all of them away and gives a new link instead. What was lost opens nothing any more.
    /// </summary>
    public Task<(PeopleRefusal? Refusal, string? Token)> ResetAsync(Viewer by, Guid id, string? address, CancellationToken stop) =>
        ChangeAsync(by, id, address, AuditKind.AccountReset, account =>
        {
            (account.PasswordHash, account.TwoFactor, account.TotpKey, account.RecoveryCodes) = (null, false, null, "");
            (account.FailedSignIns, account.LockedUntilUtc) = (0, null);
            return null;
        }, stop, withLink: true);

    private async Task<(PeopleRefusal? Refusal, string? Token)> ChangeAsync(
        Viewer by, Guid id, string? address, AuditKind what, Func<Account, string?> change, CancellationToken stop, bool withLink = false)
    {
        if (by.Account == id) return (PeopleRefusal.OwnAccount, null);
        string? token = null;
        var refusal = await catalogue.TryWriteAsync<PeopleRefusal>(async context =>
        {
            if (await context.Accounts.SingleOrDefaultAsync(a => a.Id == id && a.Brand == by.Brand, stop) is not { } account) return PeopleRefusal.NotThere;
            var detail = change(account);
            (account.SecurityStamp, account.Version) = (Tokens.Make(), Tokens.Make());
            // Turns of writers follow one another, so that two people cannot put each other out at the same moment.
            var remains = account is { Role: AccountRole.Hq, Enabled: true, HasCome: true }
                || await context.Accounts.AnyAsync(a => a.Brand == by.Brand && a.Id != id && a.Role == AccountRole.Hq && a.Enabled && a.PasswordHash != null, stop);
            if (!remains) return PeopleRefusal.LastOfOffice;
            if (withLink)
            {
                await context.Passkeys.Where(p => p.Account == id).ExecuteDeleteAsync(stop);
                await Invitations.EndLinksAsync(context, id, stop);
                token = invitations.AddLink(context, id, by.Account);
            }
            context.Audit.Add(audit.Entry(by.Brand, by.Account, what, id.ToString(), detail, address));
            return null;
        }, stop);
        sessions.Forget(id);
        return (refusal, refusal is null ? token : null);
    }
}
