using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Tokamak.App.Data;

// People (Sql/*/brand/0006-members.sql and 0008-erasure.sql say what each means). No row writes itself out: a log is no place for a person.

/// <summary>Where somebody joined, or said something.</summary>
public enum MemberChannel : short { Store, Web, App, Clerk, Import, System }

[Table("person"), PrimaryKey(nameof(PersonRow.Member))]
public sealed record PersonRow
{
    public required string Member { get; init; }
    public required long JoinedAtTicks { get; init; }
    public required MemberChannel Channel { get; init; }
    public string? Store { get; init; }
    public string? Staff { get; init; }
    public string? Name { get; init; }
    public DateOnly? Birthday { get; init; }
    public string? Language { get; init; }

    public override string ToString() => $"person {Member}";
}

[Table("member_key"), PrimaryKey(nameof(MemberKeyRow.Kind), nameof(MemberKeyRow.Value), nameof(MemberKeyRow.Member))]
public sealed record MemberKeyRow
{
    public required short Kind { get; init; }
    public required string Value { get; init; }
    public required string Member { get; init; }
    public required long AddedAtTicks { get; init; }
    public long? ProvedAtTicks { get; init; }

    public override string ToString() => $"a key of {Member}";
}

[Table("consent"), PrimaryKey(nameof(ConsentRow.Member), nameof(ConsentRow.Purpose), nameof(ConsentRow.AtTicks))]
public sealed record ConsentRow
{
    public required string Member { get; init; }
    public required string Purpose { get; init; }
    public required long AtTicks { get; init; }
    public required bool Given { get; init; }
    public required string Wording { get; init; }
    public required MemberChannel Channel { get; init; }
    public string? SaidBy { get; init; }
}

[Table("two_people"), PrimaryKey(nameof(TwoPeopleRow.One), nameof(TwoPeopleRow.Other))]
public sealed record TwoPeopleRow
{
    public required string One { get; init; }
    public required string Other { get; init; }
    public required long AtTicks { get; init; }
    public required string DecidedBy { get; init; }
    public required string Reason { get; init; }
}

[Table("erasure"), PrimaryKey(nameof(ErasureRow.Member))]
public sealed record ErasureRow
{
    public required string Member { get; init; }
    public required long AskedAtTicks { get; init; }
    public string? AskedBy { get; init; }
    public required DateOnly DueOn { get; init; }
    public DateOnly? ErasedOn { get; init; }
}
