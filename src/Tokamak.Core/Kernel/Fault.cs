namespace Tokamak.Core.Kernel;

/// <summary>
/// Why an input is refused: where it stands and a sentence that says what to do. One of <paramref name="Line"/>
/// (1-based line of a JSON Lines file) and <paramref name="Path"/> (JSON path) says where.
/// </summary>
public sealed record Fault(string Message, int? Line = null, string? Path = null)
{
    /// <summary>The input is well formed, and facts that are not known yet could make it fit; false: it can never be.</summary>
    public bool MayFitLater { get; init; }

    public override string ToString() => (Line, Path) switch
    {
        ({ } line, _) => $"line {line}: {Message}",
        (_, { } path) => $"{path}: {Message}",
        _ => Message,
    };
}
