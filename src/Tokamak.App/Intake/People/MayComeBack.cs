using Tokamak.App.Data;

namespace Tokamak.App.Intake.People;

/// <summary>
/// Who was erased at their own wish does not come back with a file that is older than the wish. The one place where an import
/// asks; as long as nobody can be erased, everybody may come.
/// </summary>
internal static class MayComeBack
{
    /// <returns>Of these ids, those that may not.</returns>
    public static Task<IReadOnlySet<string>> RefusedAsync(Turn turn, IReadOnlyCollection<string> ids, CancellationToken stop) =>
        Task.FromResult<IReadOnlySet<string>>(new HashSet<string>());
}
