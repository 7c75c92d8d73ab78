namespace Tokamak.Core.Kernel;

/// <summary>
/// Why an input is refused: where it stands and a sentence that says what to do. One of <paramref name="Line"/>
/// (1-based line of a JSON Lines file) and <paramref name="Path"/> (JSON path) says where.
/// </summary>
public sealed record Fault(string Message, int? Line = null, string? Path = null)
{
    /// <summary>What kind of fault it is, for whoever says it in words of their own, as a form does.</summary>
    public FaultKind Kind { get; init; }

    /// <summary>The least that may stand there, where <see cref="FaultKind.Number"/> says that it is a number.</summary>
    public long Least { get; init; }

    /// <inheritdoc cref="Least"/>
    public long Most { get; init; }

    /// <summary>The input is well formed, and facts that are not known yet could make it fit; false: it can never be.</summary>
    public bool MayFitLater { get; init; }

    public override string ToString() => (Line, Path) switch
    {
        ({ } line, _) => $"line {line}: {Message}",
        (_, { } path) => $"{path}: {Message}",
        _ => Message,
    };
}

/// <summary>Why something a person wrote cannot be.</summary>
public enum FaultKind
{
    /// <summary>Only the message says it.</summary>
    Other,

    /// <summary>A whole number between two bounds is asked for.</summary>
    Number,

    /// <summary>One of a few words is asked for.</summary>
    Word,
    Date,

    /// <summary>An id is asked for.</summary>
    Id,

    /// <summary>It stands there already.</summary>
    Twice,

    /// <summary>A list rises from step to step, and this does not.</summary>
    NotRising,

    /// <summary>Parts come to more than the whole.</summary>
    TooMuch,

    /// <summary>An earlier entry hides it.</summary>
    Hidden,

    /// <summary>It belongs elsewhere, or nowhere.</summary>
    Misplaced,

    /// <summary>A list that may not be empty is.</summary>
    Empty,

    /// <summary>It begins before what is fixed already.</summary>
    TooEarly,

    /// <summary>It begins so far ahead that nothing else could begin before it.</summary>
    TooLate,
}
