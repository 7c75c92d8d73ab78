using Tokamak.App.Brands;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Reading;

/// <summary>A brand's books as one request reads them: one moment, and no more than the scope shows.</summary>
public sealed class OpenBooks(Turn turn, BrandDatabase database, KnownBooks known, BookShelf shelf, Scope scope)
{
    public Scope Scope => scope;
    public KnownBooks Known => known;
    public BrandNames Names => known.Names;
    public Roster Roster => known.Roster;

    /// <summary>Null for a brand that has no policy yet, and so no figures.</summary>
    public Policy? PolicyOrNone => known.Policy;
    public Policy Policy => known.Policy ?? throw new WrongBooksException(BookRules.NoPolicy);
    public Zone Zone => Policy.Zone;

    /// <summary>The moment that is read, for what other features know of the same brand.</summary>
    public Turn Turn => turn;

    /// <summary>Whose books these are; a command writes there.</summary>
    public BrandDatabase Database => database;

    /// <summary>The same brand for the same person at another moment.</summary>
    public async Task<OpenBooks> AnewAsync(Turn other, CancellationToken stop) => new(other, database, await shelf.KnownAsync(other, database.Name, stop), shelf, scope);

    public bool MaySee(StaffId clerk) => known.Roster.Find(clerk) is { Employments: [.., var last] } && scope.MaySee(clerk, last.Store);

    public Task<SettledMonths> MonthsAsync(CancellationToken stop) => shelf.MonthsAsync(turn, database.Name, known, stop);

    public Task<FoundSales> FindAsync(SaleSearch search, SalePlace? before, SalePlace? after, int most, CancellationToken stop) =>
        FindSales.RunAsync(turn, scope, search, before, after, most, stop);

    /// <summary>The newest sales before a place, without counting all that there are.</summary>
    public Task<FoundSales> NewestAsync(SaleSearch search, SalePlace? before, int most, CancellationToken stop) =>
        FindSales.RunAsync(turn, scope, search, before, null, most, stop, counts: false);

    public async Task<Pages.ClerkStatement?> StatementAsync(StaffId staff, Month period, StatementPart part, CancellationToken stop) =>
        await ReadStatement.OfAsync(turn, known.Rules, await MonthsAsync(stop), scope, staff, period, part, stop);

    public Task<SaleStory?> SaleAsync(FactId sale, CancellationToken stop) => ReadSale.OfAsync(turn, known, scope, sale, stop);

    /// <summary>What waits and what was let go is of the whole brand, and so for those who see all of it.</summary>
    public Task<Part<ParkedRow>> ParkedAsync(ParkedWait? wait, int page, int pageSize, CancellationToken stop) =>
        scope.SeesAll ? ReadParked.WaitingAsync(turn, wait, page, pageSize, stop) : Task.FromResult(Part<ParkedRow>.Empty);

    /// <inheritdoc cref="ParkedAsync"/>
    public Task<Part<ParkedRow>> DismissedAsync(int page, int pageSize, CancellationToken stop) =>
        scope.SeesAll ? ReadParked.DismissedAsync(turn, page, pageSize, stop) : Task.FromResult(Part<ParkedRow>.Empty);

    public Task<ParkedRow?> ParkedFactAsync(string id, CancellationToken stop) => scope.SeesAll ? ReadParked.FindAsync(turn, id, stop) : Task.FromResult<ParkedRow?>(null);

    public async Task<bool> FactCountsAsync(string id, CancellationToken stop) => scope.SeesAll && await ReadParked.CountsAsync(turn, id, stop);

    /// <returns>Null for a member of whom nothing is known.</returns>
    public Task<MemberBinding?> BindingAsync(MemberId member, Instant now, CancellationToken stop) => ReadBinding.OfAsync(turn, known.Rules, member, now, stop);

    /// <summary>Every version of the policy, as it was imported, by its number.</summary>
    public Task<List<string>> PolicyTextsAsync(CancellationToken stop) => turn.ReadAsync("select body from policy_version order by version", row => row.GetString(0), stop);

    public Task<ClosingState> ClosingAsync(int page, int pageSize, CancellationToken stop) => ReadClosing.OfAsync(turn, scope, page, pageSize, stop);

    /// <summary>The hash of a closed period's statement, or with nobody named of the whole period; null while it is open.</summary>
    public async Task<string?> FrozenHashAsync(Month period, StaffId? staff, CancellationToken stop) => staff is { } clerk && !MaySee(clerk) ? null : await ReadClosing.HashAsync(turn, scope, period, staff, stop);
}
