using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Tokamak.App.Data;

// What stores and clerks work with (Sql/*/brand/0009-targets.sql and later say what each means).

public enum TargetKind : short { Store, Staff }

[Table("target"), PrimaryKey(nameof(TargetRow.Month), nameof(TargetRow.Kind), nameof(TargetRow.Id))]
public sealed record TargetRow
{
    public required string Month { get; init; }
    public required TargetKind Kind { get; init; }
    public required string Id { get; init; }
    public required long Amount { get; init; }
    public required string SetBy { get; init; }
    public required long SetAtTicks { get; init; }
}

public enum HandingState : short { Waits, Done, TakenBack }

public enum HandingOutcome : short { Waits, Refused, HandedOn, Stayed }

[Table("handing"), PrimaryKey(nameof(HandingRow.Id))]
public sealed record HandingRow
{
    public required string Id { get; init; }
    public required string Staff { get; init; }
    public required string Store { get; init; }
    public required string Kind { get; init; }
    public required string AskedBy { get; init; }
    public required long AskedAtTicks { get; init; }
    public required DateOnly RefuseUntil { get; init; }
    public required HandingState State { get; init; }
}

[Table("handing_member"), PrimaryKey(nameof(HandingMemberRow.Handing), nameof(HandingMemberRow.Member))]
public sealed record HandingMemberRow
{
    public required string Handing { get; init; }
    public required string Member { get; init; }
    public required string Successor { get; init; }
    public required HandingOutcome State { get; init; }
}
