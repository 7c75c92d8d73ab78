using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;

namespace Tokamak.App.Intake.People;

/// <summary>
/// Who was erased at their own wish does not come back with a file that is older than the wish: their id is nobody's any more. Nothing
/// but the id tells, since no key of theirs is kept.
/// </summary>
internal static class MayComeBack
{
    /// <returns>Of these ids, those that may not.</returns>
    public static async Task<IReadOnlySet<string>> RefusedAsync(Turn turn, IReadOnlyCollection<string> ids, CancellationToken stop)
    {
        await using var books = turn.Books();
        return (await books.Erasures.Where(row => ids.Contains(row.Member) && row.ErasedOn != null).Select(row => row.Member).ToListAsync(stop)).ToHashSet();
    }
}
