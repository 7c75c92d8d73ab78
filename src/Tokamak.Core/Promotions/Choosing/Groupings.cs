namespace Tokamak.Core.Promotions.Choosing;

/// <summary>The ways to make applications of units whose roles are known, where it matters which units are in one application together.</summary>
internal static class Groupings
{
    /// <summary>Each way once or more often, as units of the first and of the second role for each application.</summary>
    /// <param name="first">Kinds, those that are alike beside each other.</param>
    public static IEnumerable<List<(List<int> First, List<int> Second)>> Of(List<int> first, List<int> second, int firstEach, int secondEach)
    {
        if (first.Count == 0)
        {
            yield return [];
            yield break;
        }
        // The first unit is in one of them.
        foreach (var (others, restFirst) in Picks(first[1..], firstEach - 1))
            foreach (var (seconds, restSecond) in Picks(second, secondEach))
                foreach (var more in Of(restFirst, restSecond, firstEach, secondEach))
                {
                    more.Add(([first[0], .. others], seconds));
                    yield return more;
                }
    }

    private static IEnumerable<(List<int> Picked, List<int> Left)> Picks(List<int> from, int count)
    {
        if (count == 0) yield return ([], from);
        if (count == 0 || from.Count < count) yield break;
        foreach (var (picked, rest) in Picks(from[1..], count - 1)) yield return ([from[0], .. picked], rest);
        var alike = from.FindIndex(kind => kind != from[0]);
        if (alike < 0) yield break;
        foreach (var (picked, rest) in Picks(from[alike..], count)) yield return (picked, [.. from[..alike], .. rest]);
    }
}
