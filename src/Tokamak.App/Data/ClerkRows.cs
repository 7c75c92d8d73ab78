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
    public string? Address { get; init; }
}

public enum HandingNoticeState : short { Waits, Told, NotReached, NotNeeded }

[Table("handing_notice"), PrimaryKey(nameof(HandingNoticeRow.Handing), nameof(HandingNoticeRow.Member))]
public sealed record HandingNoticeRow
{
    public required string Handing { get; init; }
    public required string Member { get; init; }
    public required HandingNoticeState State { get; init; }
    public int Tries { get; init; }
    public long NextTryTicks { get; init; }
    public long? ToldAtTicks { get; init; }
}

[Table("handing_member"), PrimaryKey(nameof(HandingMemberRow.Handing), nameof(HandingMemberRow.Member))]
public sealed record HandingMemberRow
{
    public required string Handing { get; init; }
    public required string Member { get; init; }
    public required string Successor { get; init; }
    public required HandingOutcome State { get; init; }
}

/// <summary>What a clerk says is wrong.</summary>
public enum Complaint : short { MissingService, AnotherClerk, AnotherMember, Handover, Other }

public enum AppealState : short { Open, Late, Upheld, Partly, Rejected, Withdrawn }

[Table("appeal"), PrimaryKey(nameof(AppealRow.Number))]
public sealed record AppealRow
{
    public required long Number { get; init; }
    public required string Staff { get; init; }
    public required string Store { get; init; }
    public required string Sale { get; init; }
    public required Complaint Complaint { get; init; }
    public short? Role { get; init; }
    public required string Rules { get; init; }
    public required string Story { get; init; }
    public required string Evidence { get; init; }
    public required long OpenedAtTicks { get; init; }
    public required string OpenedBy { get; init; }
    public required DateOnly DueOn { get; init; }
    public required AppealState State { get; init; }
    public long? SettledAtTicks { get; init; }
    public string? SettledBy { get; init; }
    public string? Ruling { get; init; }
    public string Facts { get; init; } = "";
    public string? Corrected { get; init; }
    public string? Member { get; init; }
    public long? SeenAtTicks { get; init; }
    public DateOnly? TextsGoneOn { get; init; }
}

public enum CommentKind : short { Clerk, Manager, Office }

[Table("appeal_comment"), PrimaryKey(nameof(AppealCommentRow.Appeal), nameof(AppealCommentRow.Number))]
public sealed record AppealCommentRow
{
    public required long Appeal { get; init; }
    public required long Number { get; init; }
    public required CommentKind Kind { get; init; }
    public required long AtTicks { get; init; }
    public required string SaidBy { get; init; }
    public required string Text { get; init; }
}

[Table("shift"), PrimaryKey(nameof(ShiftRow.Store), nameof(ShiftRow.Day), nameof(ShiftRow.Staff))]
public sealed record ShiftRow
{
    public required string Store { get; init; }
    public required string Staff { get; init; }
    public required DateOnly Day { get; init; }
    public required int Minutes { get; init; }
}

public enum PoolWay : short { Equal, Hours, ByHand }

[Table("pool_division"), PrimaryKey(nameof(PoolDivisionRow.Period), nameof(PoolDivisionRow.Store), nameof(PoolDivisionRow.Number))]
public sealed record PoolDivisionRow
{
    public required string Period { get; init; }
    public required string Store { get; init; }
    public required int Number { get; init; }
    public required long Pool { get; init; }
    public required PoolWay Way { get; init; }
    public required string DecidedBy { get; init; }
    public required long DecidedAtTicks { get; init; }
    public string? Reason { get; init; }
}

[Table("pool_share"), PrimaryKey(nameof(PoolShareRow.Period), nameof(PoolShareRow.Store), nameof(PoolShareRow.Number), nameof(PoolShareRow.Staff))]
public sealed record PoolShareRow
{
    public required string Period { get; init; }
    public required string Store { get; init; }
    public required int Number { get; init; }
    public required string Staff { get; init; }
    public required long Amount { get; init; }
    public long? Minutes { get; init; }
}
