using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Tokamak.App.Data;

public enum SimulationState : short { Runs, Done, Failed, Stopped }

/// <summary>A draft tried on the past (Sql/*/brand/0012 and 0015 say what each means).</summary>
[Table("simulation"), PrimaryKey(nameof(SimulationRow.Id))]
public sealed record SimulationRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string? Draft { get; init; }
    public required string Body { get; init; }
    public required string FirstMonth { get; init; }
    public required string LastMonth { get; init; }
    public long? Budget { get; init; }
    public required int LosersPercent { get; init; }
    public string? Vary { get; init; }
    public string? VaryValues { get; init; }
    public required string AskedBy { get; init; }
    public required long AskedAtTicks { get; init; }
    public SimulationState State { get; init; }
    public long? Facts { get; init; }
    public int? PolicyVersion { get; init; }
    public string? Result { get; init; }
    public string? Fault { get; init; }
    public long? DoneAtTicks { get; init; }
    public long? AliveAtTicks { get; init; }
    public int BegunAnew { get; init; }
}
