using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Tokamak.App.Data;

public enum DraftState : short { Open, Activated }

/// <summary>A draft of the referral policy (Sql/*/brand/0011-policy-drafts.sql says what each means).</summary>
[Table("policy_draft"), PrimaryKey(nameof(PolicyDraftRow.Id))]
public sealed record PolicyDraftRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Body { get; init; }
    public required string AnnouncementZh { get; init; }
    public required string AnnouncementEn { get; init; }
    public required int Revision { get; init; }
    public required string MadeBy { get; init; }
    public required long MadeAtTicks { get; init; }
    public required string ChangedBy { get; init; }
    public required long ChangedAtTicks { get; init; }
    public string? AskedBy { get; init; }
    public long? AskedAtTicks { get; init; }
    public string? AskedSha256 { get; init; }
    public DraftState State { get; init; }
    public int? Version { get; init; }
    public string? ConfirmedBy { get; init; }
}
