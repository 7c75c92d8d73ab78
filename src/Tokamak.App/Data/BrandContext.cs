using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Tokamak.App.Data;

/// <summary>A brand's tables for reading, on the connection and in the transaction of a <see cref="Turn"/>.</summary>
public sealed class BrandContext(DbContextOptions<BrandContext> options) : DbContext(options)
{
    public DbSet<BookRow> Books => Set<BookRow>();
    public DbSet<SettingRow> Settings => Set<SettingRow>();
    public DbSet<DisplayNameRow> DisplayNames => Set<DisplayNameRow>();
    public DbSet<PolicyVersionRow> PolicyVersions => Set<PolicyVersionRow>();
    public DbSet<FactRow> Facts => Set<FactRow>();
    public DbSet<MentionRow> Mentions => Set<MentionRow>();
    public DbSet<MemberRow> Members => Set<MemberRow>();
    public DbSet<BindingRow> Bindings => Set<BindingRow>();
    public DbSet<SaleRow> Sales => Set<SaleRow>();
    public DbSet<SalePartyRow> SaleParties => Set<SalePartyRow>();
    public DbSet<CreditRow> Credits => Set<CreditRow>();
    public DbSet<CommissionRow> Commissions => Set<CommissionRow>();
    public DbSet<BountyRow> Bounties => Set<BountyRow>();
    public DbSet<BountyDecisionRow> BountyDecisions => Set<BountyDecisionRow>();
    public DbSet<CreditTotalRow> CreditTotals => Set<CreditTotalRow>();
    public DbSet<CommissionTotalRow> CommissionTotals => Set<CommissionTotalRow>();
    public DbSet<BountyTotalRow> BountyTotals => Set<BountyTotalRow>();
    public DbSet<WorkRow> Work => Set<WorkRow>();
    public DbSet<PeriodRow> Periods => Set<PeriodRow>();
    public DbSet<FrozenStatementRow> Statements => Set<FrozenStatementRow>();
    public DbSet<FrozenEarningRow> Earnings => Set<FrozenEarningRow>();
    public DbSet<CloseRequestRow> CloseRequests => Set<CloseRequestRow>();
    public DbSet<LeaseRow> Leases => Set<LeaseRow>();
    public DbSet<ParkedRow> Parked => Set<ParkedRow>();
    public DbSet<NoticeRow> Notices => Set<NoticeRow>();
    public DbSet<AnswerRow> Answers => Set<AnswerRow>();
    public DbSet<WebhookRow> Webhooks => Set<WebhookRow>();
    public DbSet<VerificationRow> Verifications => Set<VerificationRow>();
    public DbSet<PersonRow> People => Set<PersonRow>();
    public DbSet<MemberKeyRow> MemberKeys => Set<MemberKeyRow>();
    public DbSet<ConsentRow> Consents => Set<ConsentRow>();
    public DbSet<TwoPeopleRow> TwoPeople => Set<TwoPeopleRow>();
    public DbSet<ErasureRow> Erasures => Set<ErasureRow>();
    public DbSet<TargetRow> Targets => Set<TargetRow>();
    public DbSet<HandingRow> Handings => Set<HandingRow>();
    public DbSet<HandingMemberRow> HandingMembers => Set<HandingMemberRow>();
    public DbSet<HandingNoticeRow> HandingNotices => Set<HandingNoticeRow>();
    public DbSet<PolicyDraftRow> PolicyDrafts => Set<PolicyDraftRow>();
    public DbSet<SimulationRow> Simulations => Set<SimulationRow>();
    public DbSet<AppealRow> Appeals => Set<AppealRow>();
    public DbSet<AppealCommentRow> AppealComments => Set<AppealCommentRow>();
    public DbSet<ShiftRow> Shifts => Set<ShiftRow>();
    public DbSet<PoolDivisionRow> PoolDivisions => Set<PoolDivisionRow>();
    public DbSet<PoolShareRow> PoolShares => Set<PoolShareRow>();
    public DbSet<OfferDraftRow> OfferDrafts => Set<OfferDraftRow>();
    public DbSet<OfferVersionRow> OfferVersions => Set<OfferVersionRow>();
    public DbSet<QuoteRow> Quotes => Set<QuoteRow>();
    public DbSet<OfferHoldRow> OfferHolds => Set<OfferHoldRow>();
    public DbSet<OfferCountRow> OfferCounts => Set<OfferCountRow>();
    public DbSet<ParityMarkRow> ParityMarks => Set<ParityMarkRow>();
    public DbSet<CouponSeriesRow> CouponSeries => Set<CouponSeriesRow>();
    public DbSet<CouponBatchRow> CouponBatches => Set<CouponBatchRow>();
    public DbSet<CouponRow> Coupons => Set<CouponRow>();
    public DbSet<CouponUseRow> CouponUses => Set<CouponUseRow>();
    public DbSet<CouponMemberRow> CouponMembers => Set<CouponMemberRow>();
    public DbSet<CouponClearingRow> CouponClearings => Set<CouponClearingRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(row => row.GetProperties()))
        {
            property.ValueGenerated = ValueGenerated.Never;
            property.SetColumnName(SnakeCase.Of(property.Name));
        }
    }
}
