using System.Globalization;
using System.Runtime.CompilerServices;

namespace Tokamak.App.Referral.Verifying;

/// <summary>A row of the books that does not follow from the facts, and what the facts give.</summary>
/// <param name="Table">The table that holds it, or lacks it.</param>
/// <param name="Row">Which row, in words.</param>
/// <param name="Stands">What stands there.</param>
/// <param name="Follows">What follows from the facts.</param>
public sealed record Finding(string Table, string Row, string Stands, string Follows)
{
    public override string ToString() => $"{Table} {Row}: there is {Stands}, and the facts give {Follows}";
}

/// <summary>What a verification has looked at and found so far. The first findings are kept, all are counted.</summary>
public sealed class Verification
{
    public const int MostKept = 200;
    private readonly List<Finding> _findings = [];

    public IReadOnlyList<Finding> Findings => _findings;
    public long Found { get; private set; }
    public long Facts { get; internal set; }
    public long Postings { get; internal set; }
    public long Sales { get; internal set; }
    public long Members { get; internal set; }

    /// <summary>Members and sales that wait to be derived anew, or of which lines are just being let vest: they are judged once that is done.</summary>
    public long Waiting { get; internal set; }

    /// <summary>How many of them were set aside, because they could not be derived.</summary>
    public long SetAside { get; internal set; }

    /// <summary>Everything was looked at, and follows.</summary>
    public bool IsProof => Found == 0 && Waiting == 0;

    internal void Add(string table, string row, string stands, string follows)
    {
        Found++;
        if (_findings.Count < MostKept) _findings.Add(new Finding(table, row, stands, follows));
    }

    /// <summary>Compares what stands with what follows, both in words by key; nothing on one side is nothing at all.</summary>
    internal void Compare<TKey>(string table, IReadOnlyDictionary<TKey, string> stands, IReadOnlyDictionary<TKey, string> follows) where TKey : notnull
    {
        foreach (var (key, there) in stands)
            if (!follows.TryGetValue(key, out var expected)) Add(table, Words(key), there, "nothing");
            else if (expected != there) Add(table, Words(key), there, expected);
        foreach (var (key, expected) in follows)
            if (!stands.ContainsKey(key)) Add(table, Words(key), "nothing", expected);
    }

    private static string Words<TKey>(TKey key) => key is ITuple tuple
        ? string.Join(' ', Enumerable.Range(0, tuple.Length).Select(place => Word(tuple[place])).Where(word => word.Length > 0))
        : Word(key);

    private static string Word(object? value) => value is DateOnly day
        ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
