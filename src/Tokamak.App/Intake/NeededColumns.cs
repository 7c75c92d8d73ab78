using Tokamak.Core.Kernel;

namespace Tokamak.App.Intake;

/// <summary>The columns of one source that the mapping uses, each with its slot and the place in the mapping that first named it.</summary>
public sealed class NeededColumns(string source)
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, (int Slot, string Path)> _slots = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public string Source { get; } = source;

    public IReadOnlyList<string> Names => _names;

    public int SlotOf(string column, string path)
    {
        if (_slots.TryGetValue(column, out var known)) return known.Slot;
        _slots.Add(column, (_names.Count, path));
        _names.Add(column);
        return _names.Count - 1;
    }

    public void Saw(string column) => _seen.Add(column);

    public bool WasSeen(string column) => _seen.Contains(column);

    /// <summary>What to say of a column that the file lacks.</summary>
    public Fault Missing(string column, string file, IReadOnlyCollection<string> present)
    {
        var near = present.OrderBy(name => Distance(name, column)).FirstOrDefault();
        var hint = near is not null && Distance(near, column) <= 2 + (column.Length / 4) ? $" Did you mean \"{near}\"?" : "";
        var has = present.Count == 0 ? "no row has it; mend the name" : $"it has: {string.Join(", ", present.Select(name => $"\"{name}\""))}.";
        return new Fault($"{file} has no column \"{column}\"; {has}{hint}", Path: _slots[column].Path);
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(diagonal + (same ? 0 : 1), Math.Min(row[j], row[j - 1]) + 1));
            }
        }
        return row[b.Length];
    }
}
