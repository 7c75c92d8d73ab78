using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;

namespace Tokamak.App.Referral.Posting;

/// <summary>
/// Lets lines vest whose day has come: one day after the other, and all sales of one person that are due on a day together,
/// because which of them earns a bounty depends on both (R15). Steps are bounded; between two of them the books stand at the day
/// at hand, and say by <see cref="BookRules.Vesting"/> that some of its lines are still to vest.
/// </summary>
internal static class VestSales
{
    private const int SalesPerStep = 20_000;

    // Whoever waits to be derived anew vests with that, up to where the books stand.
    private const string Waits =
        """
        exists (select 1 from work) and (
          (s.member is null and exists (select 1 from work w where w.kind = 1 and w.name = s.id))
          or exists (select 1 from member m join member n on n.root = m.root join work w on w.kind = 0 and w.name = n.id where m.id = s.member))
        """;

    /// <summary>Everything that is due up to the end of a day.</summary>
    public static async Task<(BookRules Rules, int Vested)> RunAsync(Turn turn, BookRules rules, DateOnly until, Reached reached, PostingProgress? progress, CancellationToken stop)
    {
        for (var vested = 0; ;)
        {
            progress?.Invoke("vesting", vested, null);
            (rules, var some, var more) = await StepAsync(turn, rules, until, reached, SalesPerStep, stop);
            vested += some;
            if (!more) return (rules, vested);
        }
    }

    /// <summary>Some sales of the next day that any are due on.</summary>
    /// <param name="turn">The writer's.</param>
    /// <param name="rules">The books.</param>
    /// <param name="until">No further than this day; further than they have come, if nothing is due.</param>
    /// <param name="reached">Which facts count already.</param>
    /// <param name="most">Sales in this step, but for the others of the same people.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>The books, how many sales these were, and whether more are due.</returns>
    public static async Task<(BookRules Rules, int Vested, bool More)> StepAsync(Turn turn, BookRules rules, DateOnly until, Reached reached, int most, CancellationToken stop)
    {
        if (!IsDue(rules, until)) return (rules, 0, false);
        var last = Later(rules.Horizon, until);
        var due = new List<string>();
        if (await NextDayAsync(turn, last, stop) is { } day)
        {
            var horizon = Later(rules.Horizon, day);
            due = await DueAsync(turn, horizon, most, stop);
            // Whole groups are due: nobody has others to be let vest along.
            rules = await new PostBatch(turn, rules with { Vesting = false }, reached).RunAsync([], due, rules.Facts, horizon, stop);
        }
        var next = await NextDayAsync(turn, last, stop);
        return (await StandAtAsync(turn, rules, next is null ? last : rules.Horizon, next <= rules.Horizon, stop), due.Count, next is not null);
    }

    /// <summary>Can any line be due by the end of a day that has not vested?</summary>
    public static bool IsDue(BookRules rules, DateOnly until) => rules.Vesting || rules.Horizon is null || rules.Horizon < until;

    /// <summary>Sales of which lines are due by the end of a day: so many, and the others of the same people.</summary>
    public static Task<List<string>> DueAsync(Turn turn, DateOnly horizon, int most, CancellationToken stop) => turn.ReadAsync(
        $"""
        with chosen as (select s.id, s.member from sale s where s.vest_due <= @horizon and not ({Waits}) order by s.vest_due, s.id limit @most)
        select id from chosen
        union
        select s.id from chosen join member m on m.id = chosen.member join member n on n.root = m.root join sale s on s.member = n.id where s.vest_due <= @horizon
        """,
        row => row.GetString(0), stop, ("horizon", horizon), ("most", most));

    /// <summary>The day that is reached when more than so many sales have vested; null if they never do by then.</summary>
    public static Task<DateOnly?> DayAfterAsync(Turn turn, int sales, DateOnly until, CancellationToken stop) => DayAsync(turn, sales, until, stop);

    /// <summary>Sales of some people that are due by the end of a day.</summary>
    public static async Task<List<string>> DueOfAsync(Turn turn, IReadOnlyCollection<string> members, DateOnly horizon, CancellationToken stop)
    {
        await using var books = turn.Books();
        var roots = books.Members.Where(member => members.Contains(member.Id)).Select(member => member.Root);
        return await books.Sales.Where(sale => sale.VestDue <= horizon && books.Members.Where(member => roots.Contains(member.Root)).Select(member => member.Id).Contains(sale.Member!))
            .Select(sale => sale.Id).ToListAsync(stop);
    }

    private static Task<DateOnly?> NextDayAsync(Turn turn, DateOnly until, CancellationToken stop) => DayAsync(turn, 0, until, stop);

    private static async Task<DateOnly?> DayAsync(Turn turn, int skipped, DateOnly until, CancellationToken stop)
    {
        var found = await turn.ReadAsync(
            $"select s.vest_due from sale s where s.vest_due <= @until and not ({Waits}) order by s.vest_due limit 1 offset @skipped",
            row => row.GetFieldValue<DateOnly>(0), stop, ("until", until), ("skipped", skipped));
        return found.Count == 0 ? null : found[0];
    }

    private static async Task<BookRules> StandAtAsync(Turn turn, BookRules rules, DateOnly? horizon, bool vesting, CancellationToken stop)
    {
        await turn.ExecuteAsync("update book set horizon = @horizon, vesting = @vesting", stop, ("horizon", horizon), ("vesting", vesting));
        return rules with { Horizon = horizon, Vesting = vesting };
    }

    private static DateOnly Later(DateOnly? a, DateOnly b) => a is { } there && there > b ? there : b;
}
