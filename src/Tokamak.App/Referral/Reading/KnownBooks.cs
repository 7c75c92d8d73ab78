using Tokamak.App.Brands;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Reading;

/// <summary>How far a brand's books have come, read at every request: whatever was kept in memory holds as long as its part of this does. <c>Parked</c> counts to 100.</summary>
public sealed record BookMark(long Facts, long Postings, DateOnly? Horizon, long RosterSeq, int Versions, Month? LastClosed, string? NamesRevision, int Parked)
{
    private const string Sql =
        """
        select facts, postings, horizon, (select max(seq) from fact where member is null and sale is null), (select count(*) from policy_version),
          (select max(month) from period), (select value from setting where name = 'names-revision'),
          (select count(*) from (select 1 as one from parked where dismissed_at_ticks is null limit 100) waiting)
        from book
        """;

    public static async Task<BookMark> ReadAsync(Turn turn, CancellationToken stop) => (await turn.ReadAsync(Sql, row => new BookMark(
        row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetFieldValue<DateOnly>(2), row.IsDBNull(3) ? 0 : row.GetInt64(3), (int)row.GetInt64(4),
        row.IsDBNull(5) ? null : StoredForms.MonthOf(row.GetString(5)), row.IsDBNull(6) ? null : row.GetString(6), (int)row.GetInt64(7)), stop))[0];
}

/// <summary>What staff are told of a version; either text may be empty.</summary>
public sealed record Announcement(int Version, DateOnly From, string Chinese, string English);

/// <summary>What every page of a brand needs beside its figures: names, policy and roster, as stored.</summary>
public sealed record KnownBooks(BookMark Mark, BrandNames Names, Policy? Policy, Roster Roster)
{
    /// <summary>What staff are told of versions that were drafted here, the latest first.</summary>
    public IReadOnlyList<Announcement> Announcements { get; init; } = [];

    /// <summary>How amounts of these books are shown; null without a policy.</summary>
    public Currency? Currency => Policy is null ? null : new Currency(Policy.Versions[0].Currency, Names.CurrencyDecimals);

    public BookRules Rules => new(Policy ?? throw new WrongBooksException(BookRules.NoPolicy), Roster, Mark.Facts, Mark.Postings, Mark.Horizon, Mark.LastClosed);

    /// <summary>What is known already, with what changed since read anew.</summary>
    public static async Task<KnownBooks> ReadAsync(Turn turn, BookMark mark, KnownBooks? before, CancellationToken stop)
    {
        var names = before is not null && before.Mark.NamesRevision == mark.NamesRevision ? before.Names : await StoredNames.ReadAsync(turn, stop);
        var policy = before is not null && before.Mark.Versions == mark.Versions ? before.Policy : await BookRules.PolicyAsync(turn, stop);
        var roster = before is not null && before.Mark.RosterSeq == mark.RosterSeq && before.Mark.Versions == mark.Versions
            ? before.Roster : await RosterAsync(turn, policy, stop);
        var announcements = before is not null && before.Mark.Versions == mark.Versions ? before.Announcements : await AnnouncementsAsync(turn, stop);
        return new KnownBooks(mark, names, policy, roster) { Announcements = announcements };
    }

    private static Task<List<Announcement>> AnnouncementsAsync(Turn turn, CancellationToken stop) => turn.ReadAsync(
        "select d.version, v.effective_from, d.announcement_zh, d.announcement_en from policy_draft d join policy_version v on v.version = d.version order by d.version desc",
        row => new Announcement(row.GetInt32(0), row.GetFieldValue<DateOnly>(1), row.GetString(2), row.GetString(3)), stop);

    private static async Task<Roster> RosterAsync(Turn turn, Policy? policy, CancellationToken stop)
    {
        var faults = new List<Fault>();
        return policy is null ? Roster.Build([], faults) : await BookRules.RosterAsync(turn, policy.Zone, faults, stop);
    }
}
