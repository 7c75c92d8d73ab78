using System.Runtime.InteropServices;

namespace Tokamak.App.Intake;

/// <summary>The rows of a source by the value of some columns, the needed columns only. Kept in memory while importing.</summary>
internal sealed class JoinedSource(int[] keySlots)
{
    private static readonly string[] Ambiguous = [];
    private const int MaxSharedTexts = 1 << 16;

    private readonly Dictionary<string, (string[] Cells, RowPlace Place)> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <summary>Null for a key that no row has; <see cref="IsAmbiguous"/> tells one that several different rows have.</summary>
    public string[]? Find(string key) => _rows.TryGetValue(key, out var row) ? row.Cells : null;

    public static bool IsAmbiguous(string[] row) => ReferenceEquals(row, Ambiguous);

    public void Add(SourceRow row, Rejects rejects, IReadOnlyList<string> keyNames)
    {
        var key = KeyOf(row.Cells);
        if (key is null) return;
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, key, out var exists);
        if (!exists)
        {
            for (var i = 0; i < row.Cells.Length; i++) row.Cells[i] = Shared(row.Cells[i]);
            known = (row.Cells, row.Place);
            return;
        }
        if (known.Cells.AsSpan().SequenceEqual(row.Cells)) return;
        // Which of two different rows is meant cannot be told, and the order of the file must not decide.
        var reason = "stands on several rows that differ, so nothing can be looked up by it";
        rejects.Add(row.Place, string.Join("+", keyNames), reason);
        rejects.Add(known.Place, string.Join("+", keyNames), reason);
        known.Cells = Ambiguous;
    }

    /// <summary>One text for the values of all key columns; null where one of them is empty.</summary>
    public static string? KeyOf(BoundColumn[] columns, RuleRow row)
    {
        string? key = null;
        foreach (var column in columns)
            if (!TryAppend(ref key, column.Of(row))) return null;
        return key;
    }

    private string? KeyOf(string[] cells)
    {
        string? key = null;
        foreach (var slot in keySlots)
            if (!TryAppend(ref key, cells[slot])) return null;
        return key;
    }

    private static bool TryAppend(ref string? key, string value)
    {
        key = key is null ? value : string.Concat(key, "\u001f", value);
        return value.Length > 0;
    }

    private string Shared(string text)
    {
        if (text.Length == 0) return "";
        if (_texts.TryGetValue(text, out var shared)) return shared;
        if (_texts.Count < MaxSharedTexts) _texts.Add(text, text);
        return text;
    }
}
