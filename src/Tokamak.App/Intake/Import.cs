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
    private readonly Rejects _rejects = new();
    private readonly DisplayNames _names = new();
    private readonly RuleReading _reading;
    private readonly Dictionary<BoundRule, Action<RowOutcome, SourceRow>> _takers = [];
    private readonly FactDrafts _drafts;

    private Import(Mapping mapping, KeyedIds? keys, IImportProgress? progress)
    {
        _mapping = mapping;
        _reading = new RuleReading(mapping.Sources, mapping.Numbers, keys, _rejects, progress);
        _drafts = new FactDrafts(mapping.Zone, _rejects);
    }

    /// <exception cref="WrongInputException">The mapping does not fit the files, or would take personal data as ids.</exception>
    public static ImportResult Run(Mapping mapping, string folder, KeyedIds? keys, IImportProgress? progress)
    {
        var import = new Import(mapping, keys, progress);
        import.BindRules();
        import._reading.Open(folder);
        foreach (var (rule, outcome, row) in import._reading.Read()) import._takers[rule](outcome, row);
        import._reading.ThrowIfPersonal();
        progress?.Begin("checking", 0);
        return new ImportResult(import._drafts.Complete(), import._rejects, import._names, import._reading.RowsRead);
    }

    /// <summary>The files that a mapping's sources are read from, in full; those that are missing are left out.</summary>
    public static IEnumerable<string> FilesOf(IReadOnlyList<Source> sources, string folder)
    {
        foreach (var source in sources.Where(source => source.Rows is null))
        {
            IEnumerable<string> paths;
            try { paths = new SourceRows(source, folder).FullPaths; }
            catch (WrongInputException) { continue; }
            foreach (var path in paths) yield return path;
        }
    }

    private void BindRules()
    {
        foreach (var rule in _mapping.Facts)
        {
            var bound = _reading.Bind(rule);
            var builder = new FactBuilder(rule, bound.Compiler, _mapping.Scale);
            _takers.Add(bound, (outcome, row) =>
            {
                if (outcome == RowOutcome.Taken) _drafts.Take(rule, builder, bound.Row, row.Place);
                else if (outcome == RowOutcome.Refused) _drafts.Spoil(rule, IdDespiteFault(builder, bound.Row), bound.Row, row.Place);
            });
        }
        BindNames(_mapping.StoreNames, _names.Stores);
        BindNames(_mapping.StaffNames, _names.Staff);
    }

    private static string? IdDespiteFault(FactBuilder builder, RuleRow row) => row.WithoutFault(() => builder.IdOf(row));

    private void BindNames(NameRule? rule, SortedDictionary<string, string> names)
    {
        if (rule is null) return;
        var bound = _reading.Bind(rule);
        var id = bound.Compiler.Id(rule.Id, "id", ofPerson: false);
        var name = bound.Compiler.Text(rule.Name);
        _takers.Add(bound, (outcome, row) =>
        {
            if (outcome == RowOutcome.Skipped) return;
            if (outcome == RowOutcome.Taken)
            {
                var (idText, nameText) = (id(bound.Row), name(bound.Row));
                if (!bound.Row.IsRefused && idText.Length > 0 && DisplayNames.Add(names, idText, nameText) is { } reason)
                    bound.Row.Refuse(ExpressionCompiler.PlaceOf(rule.Name), reason);
            }
            if (bound.Row.IsRefused) _rejects.Add(row.Place, bound.Row.FaultColumn!, bound.Row.FaultReason!);
        });
    }
}
