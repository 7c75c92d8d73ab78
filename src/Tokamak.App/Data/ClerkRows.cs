using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Tokamak.App.Data;

// What stores and clerks work with (Sql/*/brand/0009-targets.sql says what each means).

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
