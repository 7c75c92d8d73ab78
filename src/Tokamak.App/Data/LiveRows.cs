using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Tokamak.App.Data;

// Rows of the tables that the live writer keeps beside the books (Sql/*/brand/0003-live.sql says what they mean).

[Table("lease"), PrimaryKey(nameof(LeaseRow.One))]
public sealed class LeaseRow
{
    public short One { get; init; } = 1;
    public required long Epoch { get; init; }
    public required string Node { get; init; }
    public required string Address { get; init; }
    public required long UntilTicks { get; init; }
}

[Table("parked"), PrimaryKey(nameof(ParkedRow.Id))]
public sealed class ParkedRow
{
    public required string Id { get; init; }
    public required string Body { get; init; }
    public required string WaitsFor { get; init; }
    public required string Reason { get; init; }
    public required long Facts { get; init; }
    public required long SinceTicks { get; init; }
    public string? Sender { get; init; }
    public long? DismissedAtTicks { get; init; }
    public string? DismissedBy { get; init; }
    public string? DismissedBecause { get; init; }
}

public enum NoticeKind : short { Parked, Accepted, Refused, Dismissed }

[Table("notice"), PrimaryKey(nameof(NoticeRow.Seq))]
public sealed class NoticeRow
{
    public required long Seq { get; init; }
    public required NoticeKind Kind { get; init; }
    public required string Fact { get; init; }
    public required long AtTicks { get; init; }
    public string? Reason { get; init; }
    public string? Sender { get; init; }
}

[Table("answer"), PrimaryKey(nameof(AnswerRow.Sender), nameof(AnswerRow.Request), nameof(AnswerRow.Part))]
public sealed class AnswerRow
{
    public required string Sender { get; init; }
    public required string Request { get; init; }
    public required int Part { get; init; }
    public required string InputHash { get; init; }
    public required string Body { get; init; }
    public required long AtTicks { get; init; }
}
