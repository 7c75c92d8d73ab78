using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Tokamak.Core.Referral.Simulation;

namespace Tokamak.App.Referral.Simulating;

/// <summary>What somebody wants to know of a draft.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Draft">The stored draft it is, if it is one.</param>
/// <param name="Body">One version as JSON, checked.</param>
/// <param name="Stretch">Sales of which months count.</param>
/// <param name="Questions">Losers and budget.</param>
/// <param name="Vary">A number of the draft to vary; null for none.</param>
/// <param name="Values">Its values.</param>
public sealed record SimulationAsked(string Name, string? Draft, string Body, Stretch Stretch, Questions Questions, string? Vary, IReadOnlyList<long> Values);

/// <summary>A place in the list of simulations.</summary>
public sealed record SimulationPlace(long AskedAtTicks, string Id);

/// <summary>Simulations of a brand: asked for, run in the background, kept with what they were made of.</summary>
public static class Simulations
{
    public const int MostValues = 100, MostShown = 100, MostLettersOfName = 100;

    /// <summary>One that was broken off so many times may be what ended the program.</summary>
    internal const int MostBegunAnew = 3;

    /// <returns>The id.</returns>
    public static async Task<string> AskAsync(Turn turn, SimulationAsked asked, string by, Instant now, CancellationToken stop)
    {
        var id = Guid.CreateVersion7().ToString("N");
        await turn.InsertAsync<SimulationRow>(
            [
                new SimulationRow
                {
                    Id = id, Name = asked.Name, Draft = asked.Draft, Body = asked.Body, FirstMonth = asked.Stretch.From.ToString(), LastMonth = asked.Stretch.To.ToString(),
                    Budget = asked.Questions.Budget is { } budget ? (long)budget : null, LosersPercent = asked.Questions.LosersBeyondPercent, Vary = asked.Vary,
                    VaryValues = asked.Vary is null ? null : string.Join(',', asked.Values), AskedBy = by, AskedAtTicks = now.Ticks,
                },
            ], stop);
        return id;
    }

    public static SimulationAsked AskedOf(SimulationRow row) => new(
        row.Name, row.Draft, row.Body, StretchOf(row), new Questions(row.LosersPercent, row.Budget), row.Vary,
        row.VaryValues is { Length: > 0 } values ? [.. values.Split(',').Select(value => long.Parse(value, System.Globalization.CultureInfo.InvariantCulture))] : []);

    public static Stretch StretchOf(SimulationRow row) => Month.TryParse(row.FirstMonth, out var first) && Month.TryParse(row.LastMonth, out var last)
        ? new Stretch(first, last) : throw new InvalidOperationException($"simulation {row.Id} names no months");

    /// <summary>Without their results, the latest first.</summary>
    public static Task<IReadOnlyList<SimulationRow>> ListAsync(Turn turn, CancellationToken stop) => BeforeAsync(turn, null, MostShown, stop);

    /// <summary>Without their results, the latest first, from a place on.</summary>
    /// <param name="turn">Reads.</param>
    /// <param name="place">The last one that was listed; null: from the latest.</param>
    /// <param name="most">How many.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<IReadOnlyList<SimulationRow>> BeforeAsync(Turn turn, SimulationPlace? place, int most, CancellationToken stop)
    {
        await using var books = turn.Books();
        var rows = place is null ? books.Simulations : books.Simulations.FromSql($"select * from simulation where (asked_at_ticks, id) < ({place.AskedAtTicks}, {place.Id})");
        return await rows.OrderByDescending(row => row.AskedAtTicks).ThenByDescending(row => row.Id).Take(most)
            .Select(row => new SimulationRow
            {
                Id = row.Id, Name = row.Name, Draft = row.Draft, Body = "", FirstMonth = row.FirstMonth, LastMonth = row.LastMonth, Budget = row.Budget, LosersPercent = row.LosersPercent, Vary = row.Vary,
                VaryValues = row.VaryValues, AskedBy = row.AskedBy, AskedAtTicks = row.AskedAtTicks, State = row.State, Facts = row.Facts, PolicyVersion = row.PolicyVersion, Fault = row.Fault, DoneAtTicks = row.DoneAtTicks,
            }).ToListAsync(stop);
    }

    public static async Task<SimulationRow?> FindAsync(Turn turn, string id, CancellationToken stop)
    {
        await using var books = turn.Books();
        return await books.Simulations.SingleOrDefaultAsync(row => row.Id == id, stop);
    }

    /// <summary>Somebody does not want to wait for it.</summary>
    /// <returns>False: it is over.</returns>
    public static async Task<bool> StopAsync(Turn turn, string id, Instant now, CancellationToken stop) => await turn.ExecuteAsync(
        "update simulation set state = @stopped, done_at_ticks = @now where id = @id and state = @runs", stop,
        ("stopped", (short)SimulationState.Stopped), ("now", now.Ticks), ("id", id), ("runs", (short)SimulationState.Runs)) > 0;

    /// <summary>Keeps what came of it, unless it was stopped.</summary>
    internal static Task<int> FinishAsync(Turn turn, string id, SimulationState state, long? facts, int? version, string? result, string? fault, Instant now, CancellationToken stop) => turn.ExecuteAsync(
        "update simulation set state = @state, facts = @facts, policy_version = @version, result = @result, fault = @fault, done_at_ticks = @now where id = @id and state = @runs", stop,
        ("state", (short)state), ("facts", facts), ("version", version), ("result", result), ("fault", fault), ("now", now.Ticks), ("id", id), ("runs", (short)SimulationState.Runs));

    /// <summary>Says of those that run or wait here that they do.</summary>
    internal static async Task KeepAsync(Turn turn, IReadOnlyCollection<string> ids, Instant now, CancellationToken stop)
    {
        foreach (var id in ids)
            await turn.ExecuteAsync("update simulation set alive_at_ticks = @now where id = @id and state = @runs", stop, ("now", now.Ticks), ("id", id), ("runs", (short)SimulationState.Runs));
    }

    /// <summary>Those that were to run and have not been heard of since a moment.</summary>
    internal static async Task<IReadOnlyList<string>> BrokenOffAsync(Turn turn, Instant since, IReadOnlyCollection<string> but, CancellationToken stop) =>
        [.. (await turn.ReadAsync(
            "select id from simulation where state = 0 and coalesce(alive_at_ticks, asked_at_ticks) < @since order by id", row => row.GetString(0), stop, ("since", since.Ticks))).Except(but)];

    /// <summary>Takes one that was broken off, for a node to begin it anew; one that was so too often has failed.</summary>
    /// <returns>False: another node took it, or it is over.</returns>
    internal static async Task<bool> TakeUpAsync(Turn turn, string id, Instant since, Instant now, CancellationToken stop)
    {
        (string, object?)[] values = [("id", id), ("since", since.Ticks), ("now", now.Ticks), ("most", MostBegunAnew), ("failed", (short)SimulationState.Failed)];
        const string Which = "where id = @id and state = 0 and coalesce(alive_at_ticks, asked_at_ticks) < @since and begun_anew";
        await turn.ExecuteAsync($"update simulation set state = @failed, done_at_ticks = @now {Which} >= @most", stop, values);
        return await turn.ExecuteAsync($"update simulation set alive_at_ticks = @now, begun_anew = begun_anew + 1 {Which} < @most", stop, values) > 0;
    }

    /// <summary>The draft in the place of what is in force, then with each value of the number that is varied.</summary>
    /// <returns>Null, with what is wrong.</returns>
    public static IReadOnlyList<Policy>? PoliciesOf(SimulationAsked asked, Policy stored, ICollection<Fault> faults)
    {
        var body = System.Text.Encoding.UTF8.GetBytes(asked.Body);
        List<Policy> policies = [];
        foreach (var json in (IEnumerable<byte[]?>)[body, .. asked.Values.Select(value => Draft.With(body, asked.Vary!, value, faults))])
        {
            var wrong = new List<Fault>();
            if (json is null || PolicyReader.Read(json, Brands.Zones.Find, wrong) is not { } read || Draft.Instead(stored, read, asked.Stretch, wrong) is not { } policy)
            {
                foreach (var fault in wrong) faults.Add(fault);
                return null;
            }
            policies.Add(policy);
        }
        return policies;
    }
}
