using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Tokamak.Core.Referral;

namespace Tokamak.App.Access;

/// <summary>Who is invited, as what. A manager and a clerk must be on the brand's roster.</summary>
public sealed record InvitationOffer(string Brand, AccountRole Role, StaffId? Staff, string DisplayName);

/// <summary>Somebody who invited or reset an account, by its latest link.</summary>
public readonly record struct LetIn(Guid By, Guid Account)
{
    /// <summary>For how long somebody whom the other has invited or reset does not count as a second person.</summary>
    public static readonly TimeSpan For = TimeSpan.FromDays(30);

    /// <summary>Whether one of two people has let the other in: whoever made an account's link can be its person.</summary>
    public static bool AreOne(Guid one, Guid other, IReadOnlyCollection<LetIn> invitations) =>
        invitations.Contains(new LetIn(one, other)) || invitations.Contains(new LetIn(other, one));
}

/// <summary>Where the first person of a brand's head office stands: a new link's token, or null while the link before is good.</summary>
public sealed record FirstInvitation(string? Token, DateTime GoodUntilUtc);

/// <summary>Why an invitation could not be taken.</summary>
public enum InvitationRefusal
{
    /// <summary>Used, expired, replaced, or never made.</summary>
    NotGood,
    NameTaken,
    PasswordTooWeak,
}

/// <summary>
/// One-time links. An invitation makes the account at once, without a password; the link lets its person choose a name and one. A new link
/// for the same account ends the one before.
/// </summary>
public sealed class Invitations(StaffCatalogue catalogue, Audit audit, IPasswordHasher<Account> hasher, ILookupNormalizer normalizer, TimeProvider time)
{
    public static readonly TimeSpan Good = TimeSpan.FromHours(24);
    public const int FewestLettersOfPassword = 10, FewestDifferentLetters = 4, MostLettersOfName = 60, MostLettersOfPassword = 128;

    public static string PathOf(string token) => "/invitation/" + token;

    /// <summary>The token of the link, which is nowhere else.</summary>
    public Task<string> InviteAsync(InvitationOffer offer, Guid? by, string? address, CancellationToken stop) => catalogue.WriteAsync(context =>
    {
        var account = new Account
        {
            Id = Guid.CreateVersion7(), Brand = offer.Brand, Role = offer.Role, Staff = offer.Staff, DisplayName = offer.DisplayName,
            SecurityStamp = Tokens.Make(), Version = Tokens.Make(), CreatedAtUtc = time.GetUtcNow().UtcDateTime,
        };
        context.Accounts.Add(account);
        context.Audit.Add(audit.Entry(offer.Brand, by, AuditKind.Invited, account.Id.ToString(), offer.Role.ToString(), address));
        return Task.FromResult(AddLink(context, account.Id, by));
    }, stop);

    /// <summary>
    /// The way in for the first person of a brand: null where somebody of the head office can sign in already. A link that is good stays so,
    /// since somebody may be on the way with it; asked again when it has ended, it makes a new one for the same account.
    /// </summary>
    public Task<FirstInvitation?> InviteFirstAsync(string brand, CancellationToken stop) => catalogue.WriteAsync<FirstInvitation?>(async context =>
    {
        var office = await context.Accounts.Where(a => a.Brand == brand && a.Role == AccountRole.Hq && a.Enabled).OrderBy(a => a.CreatedAtUtc).ToListAsync(stop);
        if (office.Exists(account => account.HasCome)) return null;
        var first = office.FirstOrDefault();
        if (first is null)
        {
            first = new Account
            {
                Id = Guid.CreateVersion7(), Brand = brand, Role = AccountRole.Hq, SecurityStamp = Tokens.Make(), Version = Tokens.Make(), CreatedAtUtc = time.GetUtcNow().UtcDateTime,
            };
            context.Accounts.Add(first);
        }
        var now = time.GetUtcNow().UtcDateTime;
        var ids = office.ConvertAll(account => account.Id);
        var ends = (await context.Invitations.Where(i => ids.Contains(i.Account) && i.UsedAtUtc == null).Select(i => i.ExpiresAtUtc).ToListAsync(stop)).DefaultIfEmpty().Max();
        if (ends > now) return new FirstInvitation(null, ends);
        await EndLinksAsync(context, first.Id, stop);
        context.Audit.Add(audit.Entry(brand, null, AuditKind.Invited, first.Id.ToString(), first.Role.ToString(), null));
        return new FirstInvitation(AddLink(context, first.Id, null), now + Good);
    }, stop);

    /// <summary>Whether somebody of the brand's head office has come who may sign in.</summary>
    public Task<bool> CanOfficeSignInAsync(string brand, CancellationToken stop) => catalogue.ReadAsync(
        context => context.Accounts.AnyAsync(a => a.Brand == brand && a.Role == AccountRole.Hq && a.Enabled && a.PasswordHash != null, stop), stop);

    /// <summary>Who let in whom since a moment: of each account of the brand its latest link, where a person made it.</summary>
    public Task<IReadOnlyCollection<LetIn>> LatestAsync(string brand, DateTime sinceUtc, CancellationToken stop) => catalogue.ReadAsync<IReadOnlyCollection<LetIn>>(async context =>
    {
        var links = await (
            from invitation in context.Invitations.AsNoTracking()
            join account in context.Accounts on invitation.Account equals account.Id
            where account.Brand == brand
            select invitation).ToListAsync(stop);
        return [.. links.GroupBy(link => link.Account).Select(of => of.MaxBy(link => link.CreatedAtUtc)!)
            .Where(link => link.InvitedBy is not null && link.CreatedAtUtc >= sinceUtc).Select(link => new LetIn(link.InvitedBy!.Value, link.Account))];
    }, stop);

    /// <summary>The account a link is for, while it is good.</summary>
    public Task<Account?> FindAsync(string brand, string token, CancellationToken stop) => catalogue.ReadAsync(async context =>
        (await GoodAsync(context, brand, token, stop))?.Account, stop);

    /// <summary>Uses the link up. Null is success; the account then signs in like any other.</summary>
    public Task<InvitationRefusal?> TakeAsync(string brand, string token, string signInName, string displayName, string password, string? address, CancellationToken stop)
    {
        if (!IsStrong(password)) return Task.FromResult<InvitationRefusal?>(InvitationRefusal.PasswordTooWeak);
        return catalogue.TryWriteAsync<InvitationRefusal>(async context =>
        {
            if (await GoodAsync(context, brand, token, stop) is not var (invitation, account)) return InvitationRefusal.NotGood;
            var normalized = normalizer.NormalizeName(signInName.Trim());
            if (await context.Accounts.AnyAsync(a => a.Brand == brand && a.NormalizedName == normalized && a.Id != account.Id, stop)) return InvitationRefusal.NameTaken;
            invitation.UsedAtUtc = time.GetUtcNow().UtcDateTime;
            (account.SignInName, account.NormalizedName, account.DisplayName) = (signInName.Trim(), normalized, displayName.Trim());
            account.PasswordHash = hasher.HashPassword(account, password);
            (account.SecurityStamp, account.Version) = (Tokens.Make(), Tokens.Make());
            context.Audit.Add(audit.Entry(brand, account.Id, AuditKind.InvitationTaken, account.Id.ToString(), null, address));
            return null;
        }, stop);
    }

    public static bool IsStrong(string password) =>
        password.Length is >= FewestLettersOfPassword and <= MostLettersOfPassword && password.Distinct().Count() >= FewestDifferentLetters;

    /// <summary>A new link in a unit of work that has ended the ones before.</summary>
    internal string AddLink(AccountsContext context, Guid account, Guid? by)
    {
        var (token, now) = (Tokens.Make(), time.GetUtcNow().UtcDateTime);
        context.Invitations.Add(new Invitation { TokenHash = Tokens.Hash(token), Account = account, InvitedBy = by, CreatedAtUtc = now, ExpiresAtUtc = now + Good });
        return token;
    }

    internal static Task EndLinksAsync(AccountsContext context, Guid account, CancellationToken stop) =>
        context.Invitations.Where(i => i.Account == account && i.UsedAtUtc == null).ExecuteDeleteAsync(stop);

    private async Task<(Invitation Invitation, Account Account)?> GoodAsync(AccountsContext context, string brand, string token, CancellationToken stop)
    {
        var (hash, now) = (Tokens.Hash(token), time.GetUtcNow().UtcDateTime);
        var found = await (
            from invitation in context.Invitations
            join account in context.Accounts on invitation.Account equals account.Id
            where invitation.TokenHash == hash && invitation.UsedAtUtc == null && account.Brand == brand && account.Enabled
            select new { invitation, account }).SingleOrDefaultAsync(stop);
        return found is not null && found.invitation.ExpiresAtUtc > now ? (found.invitation, found.account) : null;
    }
}
