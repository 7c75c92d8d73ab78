using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Members;
using Tokamak.App.Referral;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.MyDay;

/// <summary>Credit of a clerk in a line of a sale, as it stands.</summary>
/// <param name="Pending">What is still to come of it; null where it has vested, or brings no commission.</param>
public sealed record DayLine(FactId Sale, long Line, Role Role, StoreId Store, long Credit, Pending? Pending);

/// <summary>A member of the clerk whose binding, or its step of decay, soon ends.</summary>
/// <param name="Member">Who.</param>
/// <param name="Name">In full: masked by whoever shows it.</param>
/// <param name="Outlook">What comes if nobody serves them.</param>
public sealed record SoonLost(MemberId Member, string? Name, Outlook Outlook);

/// <summary>What a clerk looks at today.</summary>
/// <param name="Today">Credit dated today, by sale, line and role.</param>
/// <param name="MonthCredit">Credit dated this month up to today.</param>
/// <param name="BeforeCredit">That of the month before, up to the same day of it.</param>
/// <param name="Pending">Lines that have not vested, the next to vest first; at most <see cref="ReadClerkDay.MostSales"/> sales.</param>
/// <param name="Members">How many are theirs.</param>
/// <param name="Soon">Of them those who are soon lost or worth less, the first to go first; at most <see cref="ReadClerkDay.MostSoon"/>.</param>
/// <param name="IsPart">More sales than are looked through wait to vest.</param>
public sealed record ClerkDay(
    IReadOnlyList<DayLine> Today, Int128 MonthCredit, Int128 BeforeCredit, IReadOnlyList<DayLine> Pending, int Members, IReadOnlyList<SoonLost> Soon, bool IsPart)
{
    public Int128 TodayCredit => Today.Aggregate((Int128)0, (sum, line) => sum + line.Credit);

    public Int128 PendingE4 => Pending.Aggregate((Int128)0, (sum, line) => sum + line.Pending!.Value.CommissionE4);
}

/// <summary>Reads a clerk's day: by their own indexes, with a fixed number of questions.</summary>
public static class ReadClerkDay
{
    public const int MostSales = 500, MostSoon = 50;

    /// <summary>How many days ahead a clerk can still do something about it.</summary>
    public const int DaysAhead = 14;

    /// <summary>A line that nobody received for so long is asked about at the counter, not shown every day.</summary>
    private const int OldestPendingDays = 400;

    public static async Task<ClerkDay> OfAsync(Turn turn, KnownBooks known, StaffTimeline clerk, DateOnly today, Instant now, CancellationToken stop)
    {
        var (lines, isPart) = await PendingAsync(turn, known, clerk, today, stop);
        var credited = await turn.ReadAsync(
            "select sale, line, role, store, cast(sum(amount) as bigint) from credit where staff = @staff and day = @day group by sale, line, role, store having sum(amount) <> 0 order by sale, line, role",
            row => new DayLine(new FactId(row.GetString(0)), row.GetInt64(1), (Role)row.GetInt16(2), new StoreId(row.GetString(3)), row.GetInt64(4), null), stop,
            ("staff", clerk.Id.Value), ("day", today));
        var pending = lines.ToLookup(line => (line.Sale, line.Line, line.Role, line.Store));
        var month = Month.Of(today);
        var before = new Month(Math.Max(0, month.Index - 1));
        var sameDay = before.FirstDay.AddDays(today.Day - 1);
        var (members, soon) = await MembersAsync(turn, known.Rules, clerk, today, now, stop);
        return new ClerkDay(
            [.. credited.Select(line => line with { Pending = pending[(line.Sale, line.Line, line.Role, line.Store)].FirstOrDefault()?.Pending })],
            await CreditAsync(turn, clerk, month.FirstDay, today, stop), await CreditAsync(turn, clerk, before.FirstDay, sameDay < before.LastDay ? sameDay : before.LastDay, stop),
            lines, members, soon, isPart);
    }

    private static async Task<Int128> CreditAsync(Turn turn, StaffTimeline clerk, DateOnly first, DateOnly last, CancellationToken stop) =>
        (await turn.ReadAsync(
            "select cast(coalesce(sum(amount), 0) as bigint) from credit where staff = @staff and day >= @first and day <= @last", row => row.GetInt64(0), stop,
            ("staff", clerk.Id.Value), ("first", first), ("last", last)))[0];

    /// <summary>The clerk's lines that have not vested.</summary>
    private static async Task<(IReadOnlyList<DayLine> Lines, bool IsPart)> PendingAsync(Turn turn, KnownBooks known, StaffTimeline clerk, DateOnly today, CancellationToken stop)
    {
        var since = known.Rules.Policy.Zone.InstantOf(today.AddDays(-OldestPendingDays).ToDateTime(TimeOnly.MinValue));
        // A line of theirs without a commission has not vested, or brings none; a sale that is due has lines that have not.
        var sales = await turn.ReadAsync(
            """
            select s.id from (select distinct sale, at_ticks from sale_party where staff = @staff and at_ticks >= @since) p join sale s on s.id = p.sale
            where not s.voided and s.net > 0 and (s.vest_due is not null or exists (select 1 from credit k where k.sale = s.id and k.staff = @staff
                and not exists (select 1 from commission c where c.sale = k.sale and c.line = k.line and c.staff = @staff and c.cause = 'vest')))
            order by p.at_ticks desc limit @most
            """,
            row => row.GetString(0), stop, ("staff", clerk.Id.Value), ("since", since.Ticks), ("most", MostSales + 1));
        var isPart = sales.Count > MostSales;
        if (isPart) sales.RemoveAt(MostSales);
        if (sales.Count == 0) return ([], false);

        var books = await BooksOfAsync(turn, known, sales, stop);
        var credits = await turn.ReadAsync(
            $"select sale, line, role, store, cast(sum(amount) as bigint) from credit where {turn.IsOneOf("sale", "sales")} and staff = @staff group by sale, line, role, store having sum(amount) > 0",
            row => (Sale: new FactId(row.GetString(0)), Line: row.GetInt64(1), Role: (Role)row.GetInt16(2), Store: new StoreId(row.GetString(3)), Credit: row.GetInt64(4)), stop,
            turn.List("sales", sales), ("staff", clerk.Id.Value));
        var lines = credits.Select(credit => new DayLine(credit.Sale, credit.Line, credit.Role, credit.Store, credit.Credit, books.Sale(credit.Sale) is { } sale
            ? PendingRules.Of(sale, sale.IndexOf(credit.Line), credit.Role, clerk, credit.Credit) : null)).Where(line => line.Pending?.CommissionE4 > 0);
        return ([.. lines.OrderBy(line => line.Pending!.Value.VestsOn ?? DateOnly.MaxValue).ThenBy(line => line.Sale).ThenBy(line => line.Line).ThenBy(line => line.Role)], isPart);
    }

    /// <summary>Of these sales only how their own facts leave them: received, cancelled, returned, vested.</summary>
    private static async Task<Books> BooksOfAsync(Turn turn, KnownBooks known, List<string> sales, CancellationToken stop)
    {
        await using var context = turn.Books();
        var rows = await context.Facts.Where(fact => fact.Sale != null && sales.Contains(fact.Sale)).OrderBy(fact => fact.Seq).ToListAsync(stop);
        var log = FactLog.Build(rows.ConvertAll(StoredForms.FactOf), known.Rules.Policy.Zone, null, [], known.Roster);
        return Books.Of(known.Names, known.Rules.Policy, log, known.Mark.Horizon ?? DateOnly.MinValue).Books;
    }

    private static async Task<(int Members, IReadOnlyList<SoonLost> Soon)> MembersAsync(Turn turn, BookRules rules, StaffTimeline clerk, DateOnly today, Instant now, CancellationToken stop)
    {
        if (rules.Policy.InForceOn(today) is not { } inForce) return (0, []);
        var until = today.AddDays(DaysAhead);
        await using var books = turn.Books();
        var theirs = books.Members.Where(row => row.Staff == clerk.Id.Value && row.Id == row.Root && row.ExpiresOn >= today);
        var count = await theirs.CountAsync(stop);
        // Whoever renewed on these days comes to the end of a step within the time; the rest is not looked at.
        var days = inForce.Decay.SelectMany(step => Enumerable.Range(0, DaysAhead + 1).Select(ahead => today.AddDays(ahead - step.Days))).Distinct().ToList();
        var rows = await theirs.Where(row => row.ExpiresOn <= until || days.Contains(row.RenewedOn!.Value)).ToListAsync(stop);
        var soon = rows.Select(row => (row.Id, Binding: BindingRules.Current(ReadBinding.Followed(StoredForms.StandingOf(row, rules).Binding, rules.Policy, now), today)))
            .Where(held => held.Binding?.Staff == clerk.Id).Select(held => (Member: new MemberId(held.Id), Outlook: Outlook.Of(held.Binding!, today, inForce)))
            .Where(held => held.Outlook.LastDay <= until && held.Outlook.PercentNow > 0).OrderBy(held => held.Outlook.LastDay).ThenBy(held => held.Member).Take(MostSoon).ToList();
        var names = await FindMembers.NamesAsync(turn, [.. soon.Select(held => held.Member)], stop);
        return (count, [.. soon.Select(held => new SoonLost(held.Member, names.GetValueOrDefault(held.Member), held.Outlook))]);
    }
}
