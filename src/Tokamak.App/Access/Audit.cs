using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;

namespace Tokamak.App.Access;

/// <summary>What the audit log is about. Stored by name: a kind is never renamed.</summary>
public enum AuditKind
{
    SignedIn,
    SignInRefused,
    LockedOut,
    SignedOut,
    SignedOutEverywhere,
    Invited,
    InvitationTaken,
    RoleChanged,
    AccountDisabled,
    AccountEnabled,
    AccountReset,
    PasswordChanged,
    TotpOn,
    TotpOff,
    RecoveryCodesMade,
    PasskeyAdded,
    PasskeyRemoved,
    PayRead,
    StatementsExported,
    PersonalDataRead,
    ClosePrepared,
    CloseTakenBack,
    CloseBegun,
    CloseNotDone,
    PeriodClosed,
    PolicyImported,
    FactDismissed,
    ParkedStoreAdded,
    ParkedTriedAgain,
    WebhookMade,
    WebhookDeleted,
    WebhookSecretChanged,
    WebhookReplayed,
    MemberJoined,
    MembersMerged,
    MergeTakenBack,
    MembersAreTwo,
    ConsentSaid,
    PersonalDataExported,
    ErasureAsked,
    ErasureTakenBack,
    PersonCorrected,
    TargetsSet,
    HandingPlanned,
    HandingTakenBack,
    PolicyDraftMade,
    PolicyDraftChanged,
    PolicyDraftDeleted,
    PolicyAsked,
    PolicyTakenBack,
    PolicyStepBegun,
    PolicyStepNotDone,
    PolicyActivated,
    AppealOpened,
    AppealCommented,
    AppealWithdrawn,
    AppealTakenUp,
    AppealRuled,
    AppealTermsSet,
    ShiftsSet,
    PoolDivided,
    ComparisonSet,
    OfferDraftMade,
    OfferDraftChanged,
    OfferDraftDeleted,
    OfferAsked,
    OfferTakenBack,
    OfferApproved,
    OfferEnded,
    OffersImported,
    ParityMarked,
    ParityUnmarked,
    CouponSeriesMade,
    CouponSeriesStopped,
    CouponCodesAsked,
    CouponCodesTaken,
}

/// <summary>
/// One thing that somebody did. <c>Who</c> is an account, null for the command line or somebody unknown; <c>About</c> is the account,
/// staff id or period it was done to, <c>Detail</c> what a reader cannot know from the rest. Neither holds personal data.
/// </summary>
public sealed class AuditEntry
{
    public const int MostLetters = 200;

    public long Id { get; init; }
    public required string Brand { get; init; }
    public required DateTime AtUtc { get; init; }
    public Guid? Who { get; init; }
    public required AuditKind What { get; init; }
    public string? About { get; init; }
    public string? Detail { get; init; }

    /// <summary>The network address that asked; null for the command line.</summary>
    public string? Address { get; init; }
}

/// <summary>What to look for in the audit log; a day is one of UTC's given as its first and last moment by the caller.</summary>
public sealed record AuditSearch(string Brand, Guid? Who, AuditKind? What, DateTime? FromUtc, DateTime? BeforeUtc);

/// <summary>The audit log of every brand. Entries are added; nothing changes or removes one.</summary>
public sealed class Audit(StaffCatalogue catalogue, TimeProvider time)
{
    /// <summary>An entry in a commit of its own.</summary>
    public Task WriteAsync(string brand, Guid? who, AuditKind what, string? about, string? detail, string? address, CancellationToken stop) =>
        catalogue.WriteAsync(context =>
        {
            context.Audit.Add(Entry(brand, who, what, about, detail, address));
            return Task.FromResult(true);
        }, stop);

    /// <summary>What the person who looks at a page did: the brand, the person and the address are theirs. Also where they have gone meanwhile: what was done is done.</summary>
    public Task WriteAsync(HttpContext request, AuditKind what, string? about = null, string? detail = null) =>
        WriteAsync(Visit.Of(request).Brand!, Visit.Of(request).Viewer?.Account, what, about, detail, AddressOf(request), CancellationToken.None);

    /// <summary>What a verb did: of nobody by name, on the machine itself.</summary>
    public static Task WriteOfCommandAsync(Databases databases, string brand, AuditKind what, string? about, string? detail, CancellationToken stop) =>
        new Audit(new StaffCatalogue(databases), TimeProvider.System).WriteAsync(brand, null, what, about, detail, null, stop);

    /// <summary>An entry that is committed with what it tells of.</summary>
    public AuditEntry Entry(string brand, Guid? who, AuditKind what, string? about, string? detail, string? address) => new()
    {
        Brand = brand, AtUtc = time.GetUtcNow().UtcDateTime, Who = who, What = what, About = Cut(about), Detail = Cut(detail), Address = address,
    };

    /// <summary>A page of entries, the newest first, and how many there are in all.</summary>
    public Task<(IReadOnlyList<AuditEntry> Entries, int Count)> FindAsync(AuditSearch search, int page, int pageSize, CancellationToken stop) =>
        catalogue.ReadAsync(async context =>
        {
            var found = context.Audit.AsNoTracking().Where(entry => entry.Brand == search.Brand);
            if (search.Who is { } who) found = found.Where(entry => entry.Who == who);
            if (search.What is { } what) found = found.Where(entry => entry.What == what);
            if (search.FromUtc is { } from) found = found.Where(entry => entry.AtUtc >= from);
            if (search.BeforeUtc is { } before) found = found.Where(entry => entry.AtUtc < before);
            var count = await found.CountAsync(stop);
            var entries = await found.OrderByDescending(entry => entry.Id).Skip((page - 1) * pageSize).Take(pageSize).ToListAsync(stop);
            return ((IReadOnlyList<AuditEntry>)entries, count);
        }, stop);

    public static string? AddressOf(HttpContext request) => request.Connection.RemoteIpAddress switch
    {
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        { } address => address.ToString(),
        null => null,
    };

    private static string? Cut(string? text) => text is { Length: > AuditEntry.MostLetters } ? string.Create(CultureInfo.InvariantCulture, $"{text[..(AuditEntry.MostLetters - 1)]}…") : text;
}
