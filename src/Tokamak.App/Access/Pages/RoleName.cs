using Tokamak.App.Web;

namespace Tokamak.App.Access.Pages;

/// <summary>Roles and kinds of audit entries in words.</summary>
public static class RoleName
{
    public static string Of(Texts t, AccountRole role) => role switch
    {
        AccountRole.Hq => t["account.role.hq"],
        AccountRole.Finance => t["account.role.finance"],
        AccountRole.Manager => t["account.role.manager"],
        AccountRole.Clerk => t["account.role.clerk"],
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
    };

    /// <summary>What the role may see, in one sentence.</summary>
    public static string Reach(Texts t, AccountRole role) => role switch
    {
        AccountRole.Hq => t["account.reach.hq"],
        AccountRole.Finance => t["account.reach.finance"],
        AccountRole.Manager => t["account.reach.manager"],
        AccountRole.Clerk => t["account.reach.clerk"],
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
    };

    public static string Of(Texts t, AuditKind kind) => OfOffice(t, kind) ?? OfBrand(t, kind) ?? throw new ArgumentOutOfRangeException(nameof(kind), kind, null);

    /// <summary>What people of the office do about accounts, books and connections.</summary>
    private static string? OfOffice(Texts t, AuditKind kind) => kind switch
    {
        AuditKind.SignedIn => t["audit.kind.signedin"],
        AuditKind.SignInRefused => t["audit.kind.refused"],
        AuditKind.LockedOut => t["audit.kind.lockedout"],
        AuditKind.SignedOut => t["audit.kind.signedout"],
        AuditKind.SignedOutEverywhere => t["audit.kind.signedouteverywhere"],
        AuditKind.Invited => t["audit.kind.invited"],
        AuditKind.InvitationTaken => t["audit.kind.taken"],
        AuditKind.RoleChanged => t["audit.kind.role"],
        AuditKind.AccountDisabled => t["audit.kind.disabled"],
        AuditKind.AccountEnabled => t["audit.kind.enabled"],
        AuditKind.AccountReset => t["audit.kind.reset"],
        AuditKind.PasswordChanged => t["audit.kind.password"],
        AuditKind.TotpOn => t["audit.kind.totpon"],
        AuditKind.TotpOff => t["audit.kind.totpoff"],
        AuditKind.RecoveryCodesMade => t["audit.kind.codes"],
        AuditKind.PasskeyAdded => t["audit.kind.passkeyadded"],
        AuditKind.PasskeyRemoved => t["audit.kind.passkeyremoved"],
        AuditKind.PayRead => t["audit.kind.payread"],
        AuditKind.StatementsExported => t["audit.kind.exported"],
        AuditKind.PersonalDataRead => t["audit.kind.personal"],
        AuditKind.ClosePrepared => t["audit.kind.prepared"],
        AuditKind.CloseTakenBack => t["audit.kind.takenback"],
        AuditKind.CloseBegun => t["audit.kind.closebegun"],
        AuditKind.CloseNotDone => t["audit.kind.closenotdone"],
        AuditKind.PeriodClosed => t["audit.kind.closed"],
        AuditKind.PolicyImported => t["audit.kind.policy"],
        AuditKind.FactDismissed => t["audit.kind.dismissed"],
        AuditKind.ParkedStoreAdded => t["audit.kind.parked.store"],
        AuditKind.ParkedTriedAgain => t["audit.kind.parked.again"],
        AuditKind.WebhookMade => t["audit.kind.webhook.made"],
        AuditKind.WebhookDeleted => t["audit.kind.webhook.deleted"],
        AuditKind.WebhookSecretChanged => t["audit.kind.webhook.secret"],
        AuditKind.WebhookReplayed => t["audit.kind.webhook.replayed"],
        _ => null,
    };

    /// <summary>What is done about members, clerks, stores and the policy.</summary>
    private static string? OfBrand(Texts t, AuditKind kind) => kind switch
    {
        AuditKind.MemberJoined => t["audit.kind.member.joined"],
        AuditKind.MembersMerged => t["audit.kind.member.merged"],
        AuditKind.MergeTakenBack => t["audit.kind.member.parted"],
        AuditKind.MembersAreTwo => t["audit.kind.member.two"],
        AuditKind.ConsentSaid => t["audit.kind.member.consent"],
        AuditKind.PersonalDataExported => t["audit.kind.member.exported"],
        AuditKind.ErasureAsked => t["audit.kind.member.erase"],
        AuditKind.ErasureTakenBack => t["audit.kind.member.kept"],
        AuditKind.PersonCorrected => t["audit.kind.member.corrected"],
        AuditKind.TargetsSet => t["audit.kind.targets"],
        AuditKind.HandingPlanned => t["audit.kind.handing.planned"],
        AuditKind.HandingTakenBack => t["audit.kind.handing.back"],
        AuditKind.PolicyDraftMade => t["audit.kind.draft.made"],
        AuditKind.PolicyDraftChanged => t["audit.kind.draft.changed"],
        AuditKind.PolicyDraftDeleted => t["audit.kind.draft.deleted"],
        AuditKind.PolicyAsked => t["audit.kind.policy.asked"],
        AuditKind.PolicyTakenBack => t["audit.kind.policy.takenback"],
        AuditKind.PolicyStepBegun => t["audit.kind.policy.begun"],
        AuditKind.PolicyStepNotDone => t["audit.kind.policy.notdone"],
        AuditKind.PolicyActivated => t["audit.kind.policy.activated"],
        AuditKind.AppealOpened => t["audit.kind.appeal.opened"],
        AuditKind.AppealCommented => t["audit.kind.appeal.commented"],
        AuditKind.AppealWithdrawn => t["audit.kind.appeal.withdrawn"],
        AuditKind.AppealTakenUp => t["audit.kind.appeal.takenup"],
        AuditKind.AppealRuled => t["audit.kind.appeal.ruled"],
        AuditKind.AppealTermsSet => t["audit.kind.appeal.terms"],
        AuditKind.ShiftsSet => t["audit.kind.shifts"],
        AuditKind.PoolDivided => t["audit.kind.pool"],
        AuditKind.ComparisonSet => t["audit.kind.comparison"],
        AuditKind.OfferDraftMade => t["audit.kind.offer-draft-made"],
        AuditKind.OfferDraftChanged => t["audit.kind.offer-draft-changed"],
        AuditKind.OfferDraftDeleted => t["audit.kind.offer-draft-deleted"],
        AuditKind.OfferAsked => t["audit.kind.offer-asked"],
        AuditKind.OfferTakenBack => t["audit.kind.offer-taken-back"],
        AuditKind.OfferApproved => t["audit.kind.offer-approved"],
        AuditKind.OfferEnded => t["audit.kind.offer-ended"],
        AuditKind.OffersImported => t["audit.kind.offers-imported"],
        AuditKind.ParityMarked => t["audit.kind.parity-marked"],
        AuditKind.ParityUnmarked => t["audit.kind.parity-unmarked"],
        AuditKind.CouponSeriesMade => t["audit.kind.coupon.made"],
        AuditKind.CouponSeriesStopped => t["audit.kind.coupon.stopped"],
        AuditKind.CouponCodesAsked => t["audit.kind.coupon.asked"],
        AuditKind.CouponCodesTaken => t["audit.kind.coupon.taken"],
        _ => null,
    };
}
