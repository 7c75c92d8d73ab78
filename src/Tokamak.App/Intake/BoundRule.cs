namespace Tokamak.App.Intake;

internal enum RowOutcome : byte { Taken, Skipped, Refused }

internal sealed record BoundJoin(BoundColumn[] Left, int[] RightSlots, Join Join, NeededColumns Needed)
{
    /// <summary>Loaded before the rule sees its first row; shared with other rules that look up by the same columns.</summary>
    public JoinedSource? Rows { get; set; }
}

/// <summary>A rule's source, joins and conditions, with their columns found: decides of each row whether the rule takes it.</summary>
internal sealed class BoundRule
{
    private readonly BoundJoin[] _joins;
    private readonly Func<RuleRow, bool>[] _before, _after;
    private readonly Func<string, string, string> _show;

    public BoundRule(RowRule rule, Func<string, NeededColumns> columnsOf, Func<Func<string, string, BoundColumn>, ExpressionCompiler> compile)
    {
        Source = rule.Source;
        Row = new RuleRow(rule.Joins.Count + 1);
        var bound = new List<BoundJoin>();
        Compiler = compile(Bind);
        foreach (var join in rule.Joins)
        {
            var needed = columnsOf(join.Source);
            bound.Add(new BoundJoin(
                [.. join.On.Select(key => Bind(key.Left, join.Path + ".on"))],
                [.. join.On.Select(key => needed.SlotOf(key.Right, join.Path + ".on"))], join, needed));
        }
        _joins = [.. bound];
        // Conditions on the row's own columns come first: a row they leave out need not find its partners.
        var ofOwnRow = rule.Where.ToLookup(condition => Bind(condition.Column, condition.Path).Table == 0);
        _before = [.. ofOwnRow[true].Select(Compiler.Holds)];
        _after = [.. ofOwnRow[false].Select(Compiler.Holds)];
        _show = Compiler.Show;

        BoundColumn Bind(string column, string path)
        {
            var dot = column.IndexOf('.', StringComparison.Ordinal);
            for (var i = 0; dot > 0 && i < rule.Joins.Count; i++)
                if (rule.Joins[i].As == column[..dot])
                    return new BoundColumn(i + 1, columnsOf(rule.Joins[i].Source).SlotOf(column[(dot + 1)..], path), column);
            return new BoundColumn(0, columnsOf(rule.Source).SlotOf(column, path), column);
        }
    }

    public string Source { get; }
    public RuleRow Row { get; }
    public ExpressionCompiler Compiler { get; }
    public IReadOnlyList<BoundJoin> Joins => _joins;

    /// <summary>Refused leaves the reason in <see cref="Row"/>.</summary>
    public RowOutcome Take(string[] cells)
    {
        Row.Begin(cells);
        foreach (var holds in _before)
            if (!holds(Row) && !Row.IsRefused) return RowOutcome.Skipped;
        for (var i = 0; i < _joins.Length; i++)
        {
            var join = _joins[i];
            var key = JoinedSource.KeyOf(join.Left, Row);
            var found = key is null ? null : join.Rows!.Find(key);
            if (found is null && join.Join.Missing == WhenMissing.Skip) return RowOutcome.Skipped;
            if (found is null && join.Join.Missing == WhenMissing.Reject) RefuseUnmatched(join, "no row");
            if (found is not null && JoinedSource.IsAmbiguous(found))
            {
                RefuseUnmatched(join, "more than one row");
                found = null;
            }
            Row.SetJoined(i + 1, found ?? NoCells(join.Needed.Names.Count));
        }
        if (Row.IsRefused) return RowOutcome.Refused;
        foreach (var holds in _after)
            if (!holds(Row) && !Row.IsRefused) return RowOutcome.Skipped;
        return Row.IsRefused ? RowOutcome.Refused : RowOutcome.Taken;
    }

    private void RefuseUnmatched(BoundJoin join, string howMany)
    {
        var values = join.Left.Select((left, i) => $"{join.Join.On[i].Right} {_show(left.Name, left.Of(Row))}");
        Row.Refuse(join.Left[0].Name, $"{howMany} of the source \"{join.Join.Source}\" has {string.Join(" and ", values)}");
    }

    private static string[] NoCells(int count)
    {
        var cells = new string[count];
        Array.Fill(cells, "");
        return cells;
    }
}
