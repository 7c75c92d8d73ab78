namespace Tokamak.Core.Kernel;

/// <summary>
/// Why an input is refused: where it stands and a sentence that says what to do. One of <paramref name="Line"/>
/// (1-based line of a JSON Lines file) and <paramref name="Path"/> (JSON path) says where.
/// </summary>
public sealed record Fault(string Message, int? Line = null, string? Path = null)
{
    public override string ToString() => (Line, Path) switch
    {
        ({ } line, _) => $"line {line}: {Message}",
        (_, { } path) => $"{path}: {Message}",
        _ => Message,
    };
}
