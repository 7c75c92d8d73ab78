using Tokamak.Core.Kernel;

namespace Tokamak.App.Intake;

/// <summary>A brand's import mapping, its form checked (docs/import.md). What it says of columns is checked when files are at hand.</summary>
public sealed record Mapping(
    string Brand, Zone Zone, NumberStyle Numbers, long Scale, IReadOnlyList<Source> Sources, IReadOnlyList<FactRule> Facts,
    NameRule? StoreNames, NameRule? StaffNames);

/// <summary>How decimal numbers are written in the brand's files.</summary>
public readonly record struct NumberStyle(char DecimalMark, char? GroupMark);

public enum SourceFormat : byte { Csv, JsonLines }

/// <summary>One table of the brand: a file (or several of one form, named with *), or rows written in the mapping itself.</summary>
public sealed record Source(
    string Name, string Path, string File, SourceFormat Format, string Encoding, char Delimiter, IReadOnlyList<string>? Columns, string? Each,
    IReadOnlyList<IReadOnlyDictionary<string, string>>? Rows);

/// <summary>What a row lacking its partner in the joined source means.</summary>
public enum WhenMissing : byte { Reject, Skip, Empty }

/// <summary>Looks up one row of another source; its columns are then called <c>As.column</c>.</summary>
public sealed record Join(string Path, string Source, string As, IReadOnlyList<JoinKey> On, WhenMissing Missing);

public readonly record struct JoinKey(string Left, string Right);

public enum Test : byte { In, NotIn, Empty, NotEmpty, Above, Below }

/// <summary>A row counts only where this holds.</summary>
public sealed record Condition(string Path, string Column, Test Test, IReadOnlyList<string> Values, ExactDecimal Bound);

/// <summary>Produces facts of one type from the rows of a source; rows of the same id become one fact with several lines.</summary>
public sealed record FactRule(
    string Path, FactType Type, string Source, IReadOnlyList<Join> Joins, IReadOnlyList<Condition> Where,
    IReadOnlyDictionary<string, Expression> Fields, IReadOnlyDictionary<string, Expression> LineFields)
    : RowRule(Path, Source, Joins, Where);

/// <summary>Where display names come from.</summary>
public sealed record NameRule(
    string Path, string Source, IReadOnlyList<Join> Joins, IReadOnlyList<Condition> Where, Expression Id, Expression Name)
    : RowRule(Path, Source, Joins, Where);

/// <summary>The rows that a rule looks at.</summary>
public abstract record RowRule(string Path, string Source, IReadOnlyList<Join> Joins, IReadOnlyList<Condition> Where);

/// <summary>How a field gets its text from a row. An empty text means that the field is absent.</summary>
public abstract record Expression(string Path);

public sealed record ColumnValue(string Path, string Column) : Expression(Path);

public sealed record ConstantValue(string Path, string Text) : Expression(Path);

/// <summary>Texts and columns in turn: <c>Texts[0] Columns[0] Texts[1] …</c>. Empty where one of the columns is.</summary>
public sealed record TemplateValue(string Path, IReadOnlyList<string> Texts, IReadOnlyList<string> Columns) : Expression(Path);

/// <summary>Another value through a table; without <paramref name="Otherwise"/> a value that is not in it rejects the row.</summary>
public sealed record MappedValue(string Path, Expression Value, IReadOnlyDictionary<string, string> Map, Expression? Otherwise) : Expression(Path);

/// <summary>A keyed id in place of a personal value (HMAC-SHA-256 of its canonical form).</summary>
public sealed record KeyedValue(string Path, string Column, PersonalKind As, string CallingCode, string Prefix) : Expression(Path);

/// <summary>A whole number, with its sign turned where <paramref name="Negate"/> says so.</summary>
public sealed record NumberValue(string Path, Expression Value, bool Negate) : Expression(Path);

public enum Rounding : byte { Refuse, HalfAwayFromZero, HalfEven, Down }

/// <summary>(value · times + Σ plus − Σ minus), in smallest units of the currency.</summary>
public sealed record MoneyValue(
    string Path, Expression Value, Expression? Times, IReadOnlyList<Expression> Plus, IReadOnlyList<Expression> Minus, bool Negate, Rounding Rounding)
    : Expression(Path);

/// <summary>A date and time by the first format that fits, read on the clocks of a zone where it names no offset.</summary>
public sealed record MomentValue(string Path, Expression Value, IReadOnlyList<string> Formats, Zone Zone, int AddDays) : Expression(Path);
