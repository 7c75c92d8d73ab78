namespace Tokamak.App.Intake;

/// <summary>The row a rule looks at, with its joined rows beside it, and the first thing found wrong with it.</summary>
public sealed class RuleRow(int tables)
{
    private readonly string[][] _tables = new string[tables][];

    public string? FaultColumn { get; private set; }
    public string? FaultReason { get; private set; }
    public bool IsRefused => FaultReason is not null;

    public void Begin(string[] cells)
    {
        _tables[0] = cells;
        FaultColumn = FaultReason = null;
    }

    public void SetJoined(int table, string[] cells) => _tables[table] = cells;

    public string Cell(int table, int slot) => _tables[table][slot];

    /// <summary>Looks at the row as if nothing were wrong with it so far; what is wrong stays as it was.</summary>
    public string? WithoutFault(Func<string?> look)
    {
        var (column, reason) = (FaultColumn, FaultReason);
        FaultColumn = FaultReason = null;
        var seen = look();
        if (IsRefused) seen = null;
        (FaultColumn, FaultReason) = (column, reason);
        return seen;
    }

    /// <summary>Takes the reason away: what was wrong is left out, and the rest of the row may come in.</summary>
    public (string Column, string Reason) Forgive()
    {
        var fault = (FaultColumn!, FaultReason!);
        FaultColumn = FaultReason = null;
        return fault;
    }

    /// <summary>Keeps the first reason; returns an empty text for the caller to pass on.</summary>
    public string Refuse(string column, string reason)
    {
        if (FaultReason is null) (FaultColumn, FaultReason) = (column, reason);
        return "";
    }
}

/// <summary>A column as found: which table of the row, which slot, and its name as the mapping writes it.</summary>
public readonly record struct BoundColumn(int Table, int Slot, string Name)
{
    public string Of(RuleRow row) => row.Cell(Table, Slot);
}
