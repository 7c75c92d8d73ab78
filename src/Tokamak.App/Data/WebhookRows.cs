using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Tokamak.App.Data;

public enum WebhookState : short
{
    Active,

    /// <summary>It failed for too long; it goes on when somebody asks.</summary>
    Paused,

    /// <summary>The receiver said that it is gone (410).</summary>
    Disabled,
}

/// <summary>An address that postings are sent to, and how far that has come (Sql/*/brand/0005-webhooks.sql says what each means).</summary>
[Table("webhook"), PrimaryKey(nameof(WebhookRow.Id))]
public sealed record WebhookRow
{
    public required string Id { get; init; }
    public required string Url { get; init; }
    public required string Types { get; init; }
    public required bool Pay { get; init; }
    public required string MadeBy { get; init; }
    public required long CreatedAtTicks { get; init; }
    public required string Secret { get; init; }
    public string? OldSecret { get; init; }
    public long? OldUntilTicks { get; init; }
    public WebhookState State { get; init; }
    public long Round { get; init; }
    public required long CursorSeq { get; init; }
    public long? SendingSeq { get; init; }
    public long? BegunAtTicks { get; init; }
    public int Attempts { get; init; }
    public long? FailingSinceTicks { get; init; }
    public long NextTryTicks { get; init; }
    public long? LastTryTicks { get; init; }
    public int? LastStatus { get; init; }
    public string? LastFault { get; init; }
    public long? ArrivedAtTicks { get; init; }

    // A record shows all it has: the secret and the address, which may hold another, belong into no log.
    public override string ToString() => $"webhook {Id}";
}
