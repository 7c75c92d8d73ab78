namespace Tokamak.App.Web;

/// <summary>
/// One line or one colour of bars: as many values as the chart has categories, null where there is none.
/// <c>NameIsData</c>: the name comes from the data and stays as it is in every language.
/// </summary>
public sealed record ChartSeries(string Name, IReadOnlyList<Int128?> Values, bool NameIsData = false);

/// <summary>How a chart is drawn.</summary>
public enum ChartKind
{
    /// <summary>Upright bars side by side, for a few categories such as months.</summary>
    Bar,

    /// <summary>Upright bars on one another: only for parts that make up a whole.</summary>
    Stacked,

    /// <summary>Lines over time.</summary>
    Line,

    /// <summary>Lying bars, one a row, for names that need room: stores, clerks. The caller sorts.</summary>
    Ranking,
}

/// <summary>What the values are.</summary>
public enum ChartUnit
{
    /// <summary>Whole units of the brand's currency.</summary>
    Money,
    Count,

    /// <summary>Basis points, shown as per cent.</summary>
    Rate,
}
