using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Intake;

/// <summary>What an import brings in: the facts in the order of R1, the rows left out, names to show, and rows read by source.</summary>
public sealed record ImportResult(IReadOnlyList<Fact> Facts, Rejects Rejects, DisplayNames Names, IReadOnlyDictionary<string, long> RowsRead);

/// <summary>Hears how far an import is.</summary>
public interface IImportProgress
{
    /// <summary>A new stretch of work begins, of so many bytes (or facts); 0 where that cannot be told.</summary>
    void Begin(string what, long size);
    void Advance(long by);
}

/// <summary>Turns a brand's files into facts through a mapping (docs/import.md). The same input gives the same result, whatever the order of rows.</summary>
public sealed class Import
{
    private readonly Mapping _mapping;
    private readonly KeyedIds? _keys;
    private readonly IImportProgress? _progress;
    private readonly Rejects _rejects = new();
    private readonly DisplayNames _names = new();
    private readonly List<Fault> _faults = [];
    private readonly List<PersonalUse> _uses = [];
    private readonly HashSet<string> _keyedColumns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NeededColumns> _columns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SourceRows> _sources = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _rowsRead = new(StringComparer.Ordinal);
    private readonly List<(BoundRule Bound, Action<RowOutcome, SourceRow> Take)> _rules = [];
    private readonly FactDrafts _drafts;

    private Import(Mapping mapping, KeyedIds? keys, IImportProgress? progress)
    {
        (_mapping, _keys, _progress) = (mapping, keys, progress);
        _drafts = new FactDrafts(mapping.Zone, _rejects);
    }

    /// <exception cref="WrongInputException">The mapping does not fit the files, or would take personal data as ids.</exception>
    public static ImportResult Run(Mapping mapping, string folder, KeyedIds? keys, IImportProgress? progress)
    {
        var import = new Import(mapping, keys, progress);
        import.BindRules();
        import.FindFiles(folder);
        import.ThrowIfFaulty();
        import.LoadJoinedSources();
        import.ReadSources();
        import._faults.AddRange(import._uses.Select(use => use.Refusal()).OfType<Fault>().DistinctBy(fault => fault.Path));
        import.ThrowIfFaulty();
        progress?.Begin("checking", 0);
        return new ImportResult(import._drafts.Complete(), import._rejects, import._names, import._rowsRead);
    }

    /// <summary>The files that a mapping reads from a folder, in full; those that are missing are left out.</summary>
    public static IEnumerable<string> FilesOf(Mapping mapping, string folder)
    {
        foreach (var source in mapping.Sources.Where(source => source.Rows is null))
        {
            IEnumerable<string> paths;
            try { paths = new SourceRows(source, folder).FullPaths; }
            catch (WrongInputException) { continue; }
            foreach (var path in paths) yield return path;
        }
    }

    private void ThrowIfFaulty()
    {
        if (_faults.Count > 0) throw new WrongInputException(_faults);
    }

    private void BindRules()
    {
        foreach (var rule in _mapping.Facts)
        {
            var bound = Bind(rule);
            var builder = new FactBuilder(rule, bound.Compiler, _mapping.Scale);
            _rules.Add((bound, (outcome, row) =>
            {
                if (outcome == RowOutcome.Taken) _drafts.Take(rule, builder, bound.Row, row.Place);
                else if (outcome == RowOutcome.Refused) _drafts.Spoil(rule, IdDespiteFault(builder, bound.Row), bound.Row, row.Place);
            }));
        }
        BindNames(_mapping.StoreNames, _names.Stores);
        BindNames(_mapping.StaffNames, _names.Staff);
    }

    private static string? IdDespiteFault(FactBuilder builder, RuleRow row) => row.WithoutFault(() => builder.IdOf(row));

    private void BindNames(NameRule? rule, SortedDictionary<string, string> names)
    {
        if (rule is null) return;
        var bound = Bind(rule);
        var id = bound.Compiler.Id(rule.Id, "id", ofPerson: false);
        var name = bound.Compiler.Text(rule.Name);
        _rules.Add((bound, (outcome, row) =>
        {
            if (outcome == RowOutcome.Skipped) return;
            if (outcome == RowOutcome.Taken)
            {
                var (idText, nameText) = (id(bound.Row), name(bound.Row));
                if (!bound.Row.IsRefused && idText.Length > 0 && DisplayNames.Add(names, idText, nameText) is { } reason)
                    bound.Row.Refuse(ExpressionCompiler.PlaceOf(rule.Name), reason);
            }
            if (bound.Row.IsRefused) _rejects.Add(row.Place, bound.Row.FaultColumn!, bound.Row.FaultReason!);
        }));
    }

    private BoundRule Bind(RowRule rule) => new(
        rule, ColumnsOf, bind => new ExpressionCompiler(bind, _mapping.Numbers, _keys, _keyedColumns, _uses, _faults));

    private NeededColumns ColumnsOf(string source)
    {
        if (!_columns.TryGetValue(source, out var columns)) _columns.Add(source, columns = new NeededColumns(source));
        return columns;
    }

    private void FindFiles(string folder)
    {
        foreach (var rule in _rules) ColumnsOf(rule.Bound.Source);
        foreach (var (name, columns) in _columns)
        {
            try
            {
                var source = new SourceRows(_mapping.SourceNamed(name), folder);
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
        foreach (var join in _rules.SelectMany(rule => rule.Bound.Joins))
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
        foreach (var row in Rows(join.Join.Source)) rows.Add(row, _rejects, names);
        return rows;
    }

    private void ReadSources()
    {
        foreach (var source in _rules.Select(rule => rule.Bound.Source).Distinct().Order(StringComparer.Ordinal).ToArray())
        {
            var rules = _rules.Where(rule => rule.Bound.Source == source).ToArray();
            foreach (var row in Rows(source))
                foreach (var (bound, take) in rules)
                    take(bound.Take(row.Cells), row);
        }
    }

    private IEnumerable<SourceRow> Rows(string source)
    {
        var rows = _sources[source];
        _progress?.Begin(source, rows.Bytes);
        var count = 0L;
        foreach (var row in rows.Read(_columns[source], _rejects, read => _progress?.Advance(read)))
        {
            count++;
            yield return row;
        }
        _rowsRead[source] = count;
    }
}
