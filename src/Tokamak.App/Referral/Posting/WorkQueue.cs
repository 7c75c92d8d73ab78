using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;

namespace Tokamak.App.Referral.Posting;

/// <summary>
/// Who waits to be derived anew. Whoever cannot be derived is set aside with the reason, so that the others need not wait for them;
/// they wait on until something new reaches them, a new day begins, or 'catch-up' is run.
/// </summary>
internal static class WorkQueue
{
    public static async Task AddAsync(Turn turn, IReadOnlyCollection<WorkRow> rows, CancellationToken stop)
    {
        if (rows.Count == 0) return;
        await turn.InsertNewAsync(rows, stop);
        foreach (var kind in rows.GroupBy(row => row.Kind))
            await turn.ExecuteAsync($"update work set trouble = null where trouble is not null and kind = @kind and {turn.IsOneOf("name", "names")}", stop, ("kind", (short)kind.Key), turn.List("names", [.. kind.Select(row => row.Name)]));
    }

    /// <summary>The next ones; those set aside are left out.</summary>
    public static async Task<List<WorkRow>> NextAsync(Turn turn, int most, CancellationToken stop)
    {
        await using var books = turn.Books();
        return await books.Work.Where(row => row.Trouble == null).OrderBy(row => row.Kind).ThenBy(row => row.Name).Take(most).ToListAsync(stop);
    }

    /// <summary>How many can be derived, up to a number.</summary>
    public static Task<long> CountAsync(Turn turn, int most, CancellationToken stop) =>
        turn.CountAsync("select count(*) from (select 1 as one from work where trouble is null limit @most) waiting", stop, ("most", most));

    public static async Task DoneAsync(Turn turn, IReadOnlyCollection<WorkRow> rows, CancellationToken stop)
    {
        foreach (var kind in rows.GroupBy(row => row.Kind))
            await turn.ExecuteAsync($"delete from work where kind = @kind and {turn.IsOneOf("name", "names")}", stop, ("kind", (short)kind.Key), turn.List("names", [.. kind.Select(row => row.Name)]));
    }

    public static Task SetAsideAsync(Turn turn, WorkRow row, string trouble, CancellationToken stop) =>
        turn.ExecuteAsync("update work set trouble = @trouble where kind = @kind and name = @name", stop, ("trouble", trouble), ("kind", (short)row.Kind), ("name", row.Name));

    /// <summary>Whoever was set aside is tried again.</summary>
    public static Task<int> TryAgainAsync(Turn turn, CancellationToken stop) => turn.ExecuteAsync("update work set trouble = null where trouble is not null", stop);

    public static async Task<List<WorkRow>> SetAsideAsync(Turn turn, CancellationToken stop)
    {
        await using var books = turn.Books();
        return await books.Work.Where(row => row.Trouble != null).OrderBy(row => row.Kind).ThenBy(row => row.Name).ToListAsync(stop);
    }
}
