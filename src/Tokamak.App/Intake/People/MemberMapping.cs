using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Intake.People;

/// <summary>A brand's mapping of members, its form checked (docs/import.md). What it says of columns is checked when files are at hand.</summary>
/// <param name="Zone">On whose clocks times without offset are.</param>
/// <param name="Region">The country of phone numbers that do not say theirs; null: the brand's own.</param>
/// <param name="IsStrict">Whether one value that cannot be read keeps its whole row out.</param>
/// <param name="Sources">The tables.</param>
/// <param name="Rules">How rows become members.</param>
public sealed record MemberMapping(Zone Zone, string? Region, bool IsStrict, IReadOnlyList<Source> Sources, IReadOnlyList<MemberRule> Rules);

/// <summary>Says of members what the rows of a source say; rows and rules of one id complete each other.</summary>
/// <param name="Id">The member's id; null: they are found by their first foreign key, and get an id if they are new.</param>
/// <param name="Fields">What is known of them, by the names of <see cref="MemberShape"/>.</param>
public sealed record MemberRule(
    string Path, string Source, IReadOnlyList<Join> Joins, IReadOnlyList<Condition> Where, Expression? Id, IReadOnlyDictionary<string, Expression> Fields,
    IReadOnlyList<KeyRule> Keys, IReadOnlyList<ConsentRule> Consents, OwnerRule? Owner)
    : RowRule(Path, Source, Joins, Where);

/// <summary>Something they are recognised by.</summary>
/// <param name="System">Of a foreign key: whose id it is.</param>
/// <param name="Value">It.</param>
/// <param name="Proved">Whether the source has seen that it is theirs; null: it has not.</param>
/// <param name="Region">Of a phone number that does not say its country; null: the mapping's.</param>
public sealed record KeyRule(string Path, KeyKind Kind, string? System, Expression Value, Expression? Proved, Expression? Region);

/// <summary>What they have agreed to or refused, and when.</summary>
public sealed record ConsentRule(string Path, string Purpose, Expression Given, Expression Wording, Expression At);

/// <summary>Whose member they are, since when: a service of this kind.</summary>
public sealed record OwnerRule(string Path, string Kind, Expression Store, Expression? Staff, Expression At);
