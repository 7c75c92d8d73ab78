using Tokamak.Core.Kernel;

namespace Tokamak.App.Intake;

/// <summary>What a rule says to a row; the row is in the rule's own <see cref="BoundRule.Row"/> until the next is read.</summary>
internal readonly record struct SeenRow(BoundRule Rule, RowOutcome Outcome, SourceRow Row);

/// <summary>Rules over the rows of sources: finds files and columns, loads what rules look up, then shows each row to every rule that reads its source.</summary>
internal sealed class RuleReading(IReadOnlyList<Source> sources, NumberStyle numbers, KeyedIds? keys, Rejects rejects, IImportProgress? progress)
{
    private readonly List<Fault> _faults = [];
    private readonly List<PersonalUse> _uses = [];
    private readonly HashSet<string> _keyedColumns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NeededColumns> _columns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SourceRows> _sources = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _rowsRead = new(StringComparer.Ordinal);
    private readonly List<BoundRule> _rules = [];

    public IReadOnlyDictionary<string, long> RowsRead => _rowsRead;

    /// <summary>Adds a rule. Its fields are compiled with its own compiler before the files are opened.</summary>
    public BoundRule Bind(RowRule rule)
    {
        var bound = new BoundRule(rule, ColumnsOf, bind => new ExpressionCompiler(bind, numbers, keys, _keyedColumns, _uses, _faults));
        _rules.Add(bound);
        return bound;
    }

    /// <exception cref="WrongInputException">A file or a column is missing, or a mapping takes by its name a personal column as an id.</exception>
    public void Open(string folder)
    {
        FindFiles(folder);
        ThrowIfFaulty();
        LoadJoinedSources();
    }

    /// <summary>Every row, to each of its rules, source after source by name.</summary>
    public IEnumerable<SeenRow> Read()
    {
        foreach (var source in _rules.Select(rule => rule.Source).Distinct().Order(StringComparer.Ordinal).ToArray())
        {
            var rules = _rules.Where(rule => rule.Source == source).ToArray();
            foreach (var row in Rows(source))
                foreach (var rule in rules)
                    yield return new SeenRow(rule, rule.Take(row.Cells), row);
        }
    }

    /// <exception cref="WrongInputException">What was taken as an id has turned out to be personal.</exception>
    public void ThrowIfPersonal()
    {
        _faults.AddRange(_uses.Select(use => use.Refusal()).OfType<Fault>().DistinctBy(fault => fault.Path));
        ThrowIfFaulty();
    }

    private void ThrowIfFaulty()
    {
        if (_faults.Count > 0) throw new WrongInputException(_faults);
    }

    private NeededColumns ColumnsOf(string source)
    {
        if (!_columns.TryGetValue(source, out var columns)) _columns.Add(source, columns = new NeededColumns(source));
        return columns;
    }

    private void FindFiles(string folder)
    {
        foreach (var rule in _rules) ColumnsOf(rule.Source);
        foreach (var (name, columns) in _columns)
        {
            try
            {
                var source = new SourceRows(sources.First(source => source.Name == name), folder);
                _sources.Add(name, source);
                _faults.AddRange(source.MissingColumns(columns));
            }
            catch (WrongInputException e)
            {
                _faults.AddRange(e.Faults);
            }
        }
    }

    private void LoadJoinedSources()
    {
        var loaded = new Dictionary<string, JoinedSource>(StringComparer.Ordinal);
        foreach (var join in _rules.SelectMany(rule => rule.Joins))
        {
            var key = $"{join.Join.Source}\n{string.Join('\n', join.RightSlots)}";
            if (!loaded.TryGetValue(key, out var rows)) loaded.Add(key, rows = Load(join));
            join.Rows = rows;
        }
    }

    private JoinedSource Load(BoundJoin join)
    {
        var rows = new JoinedSource(join.RightSlots);
        string[] names = [.. join.Join.On.Select(key => key.Right)];
        foreach (var row in Rows(join.Join.Source)) rows.Add(row, rejects, names);
        return rows;
    }

    private IEnumerable<SourceRow> Rows(string source)
    {
        var rows = _sources[source];
        progress?.Begin(source, rows.Bytes);
        var count = 0L;
        foreach (var row in rows.Read(_columns[source], rejects, read => progress?.Advance(read)))
        {
            count++;
            yield return row;
        }
        _rowsRead[source] = count;
    }
}
