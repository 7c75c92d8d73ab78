using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Data;

/// <summary>A code that was sent, by keyed hashes only (Sql/*/brand/0007-verification.sql says what each means).</summary>
[Table("verification"), PrimaryKey(nameof(VerificationRow.Id))]
public sealed record VerificationRow
{
    private const int MostDeleted = 10_000;

    public required string Id { get; init; }
    public required string KeyHash { get; init; }
    public required string SourceHash { get; init; }
    public required string CodeHash { get; init; }
    public required long SentAtTicks { get; init; }
    public int Tries { get; init; }
    public ChallengeEnd Ended { get; init; }

    /// <summary>Forgets what no longer counts.</summary>
    /// <returns>Whether there is more to forget.</returns>
    public static async Task<bool> ForgetAsync(Turn turn, Instant now, CancellationToken stop) =>
        await turn.ExecuteAsync(
            "delete from verification where id in (select id from verification where sent_at_ticks < @before order by sent_at_ticks limit @most)",
            stop, ("before", now.Ticks - VerificationRules.CountedForTicks), ("most", MostDeleted)) == MostDeleted;

    public override string ToString() => $"verification {Id}";
}
