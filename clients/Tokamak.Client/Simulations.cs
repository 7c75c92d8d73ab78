using System.Net.Http.Headers;
using System.Text.Json;

namespace Tokamak.Client;

/// <summary>What to try on which months: a stored draft by its id, or one version of a policy.</summary>
/// <param name="From">The first month of sales, such as 2026-01.</param>
/// <param name="To">The last.</param>
public sealed record SimulationQuestion(string From, string To)
{
    /// <summary>Id of a stored draft; null where a policy is sent.</summary>
    public string? Draft { get; init; }

    /// <summary>One version of a policy; null where a stored draft is named.</summary>
    public JsonElement? Policy { get; init; }

    /// <summary>What people call it.</summary>
    public string? Name { get; init; }

    /// <summary>What commission may come to.</summary>
    public long? Budget { get; init; }

    /// <summary>Who loses more than this is listed, 0 to 100; 10 unless said.</summary>
    public int? LosersBeyondPercent { get; init; }

    /// <summary>A number of the draft to vary, such as <c>linkDays</c>; only with <see cref="Values"/>.</summary>
    public string? Vary { get; init; }

    /// <summary>What it is tried with.</summary>
    public IReadOnlyList<long>? Values { get; init; }
}

/// <summary>How a simulation stands.</summary>
public enum SimulationStatus
{
    /// <summary>Others run before it.</summary>
    Waiting,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It is over, and has a result.</summary>
    Done,

    /// <summary>It cannot be done.</summary>
    Failed,

    /// <summary>Somebody stopped it.</summary>
    Stopped,
}

/// <summary>A draft of the policy tried on months that have been.</summary>
/// <param name="Id">Of the simulation.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Status">How it stands.</param>
/// <param name="From">The first month of sales.</param>
/// <param name="To">The last.</param>
/// <param name="AskedAt">When it was asked for.</param>
/// <param name="Fault">Why it failed.</param>
/// <param name="Result">What came of it, once it is done, as docs/openapi.json describes it; never in a list.</param>
public sealed record Simulation(string Id, string Name, SimulationStatus Status, string From, string To, DateTimeOffset AskedAt, string? Fault = null, JsonElement? Result = null)
{
    /// <summary>Whether nothing more will become of it.</summary>
    public bool IsOver => Status is SimulationStatus.Done or SimulationStatus.Failed or SimulationStatus.Stopped;
}

/// <summary>An appeal of a clerk, without what people wrote.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Staff">Who appealed.</param>
/// <param name="Store">Where they worked then.</param>
/// <param name="Sale">The sale, as the clerk wrote it.</param>
/// <param name="Complaint">What they say is wrong, such as <c>anotherClerk</c>.</param>
/// <param name="State">How it stands: <c>open</c>, <c>late</c>, <c>upheld</c>, <c>partly</c>, <c>rejected</c> or <c>withdrawn</c>.</param>
/// <param name="OpenedAt">When it was sent.</param>
/// <param name="DueOn">The day by which it is to be ruled on.</param>
/// <param name="Rules">The rules that they dispute.</param>
/// <param name="Facts">Ids of the facts that put it right.</param>
/// <param name="SettledAt">When it was ruled on or withdrawn.</param>
/// <param name="Corrected">The sale that took the place of the disputed one.</param>
public sealed record Appeal(
    long Number, string Staff, string Store, string Sale, string Complaint, string State, DateTimeOffset OpenedAt, DateOnly DueOn, IReadOnlyList<string> Rules, IReadOnlyList<string> Facts,
    DateTimeOffset? SettledAt = null, string? Corrected = null);

public sealed partial class TokamakClient
{
    /// <summary>Has a draft tried on the past; ask for it again until it is over. Nothing of the books changes.</summary>
    /// <param name="question">What to try.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="TokamakException">It cannot be tried, or there is no such draft.</exception>
    public Task<Simulation> BeginSimulationAsync(SimulationQuestion question, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        return PostAsync("simulations", JsonSerializer.SerializeToUtf8Bytes(question, Json.Options), stop);
    }

    /// <summary>Simulations, the latest first, without their results.</summary>
    /// <param name="stop">Gives up.</param>
    public IAsyncEnumerable<Simulation> SimulationsAsync(CancellationToken stop = default) => ListAsync<Simulation>("simulations", "", "simulations", stop);

    /// <summary>How a simulation stands; null if there is none.</summary>
    /// <param name="id">Of the simulation.</param>
    /// <param name="stop">Gives up.</param>
    public Task<Simulation?> SimulationAsync(string id, CancellationToken stop = default) => FindAsync<Simulation>($"simulations/{Uri.EscapeDataString(id)}", null, stop);

    /// <summary>Stops a simulation; one that is over stays as it is.</summary>
    /// <param name="id">Of the simulation.</param>
    /// <param name="stop">Gives up.</param>
    public Task<Simulation> StopSimulationAsync(string id, CancellationToken stop = default) => PostAsync($"simulations/{Uri.EscapeDataString(id)}/stop", "{}"u8.ToArray(), stop);

    /// <summary>What clerks dispute and what came of it, the newest first.</summary>
    /// <param name="state">Only appeals of this state; null: all.</param>
    /// <param name="stop">Gives up.</param>
    public IAsyncEnumerable<Appeal> AppealsAsync(string? state = null, CancellationToken stop = default) => ListAsync<Appeal>("appeals", Query(("state", state)), "appeals", stop);

    private async Task<Simulation> PostAsync(string path, byte[] body, CancellationToken stop)
    {
        // One key for all tries: whatever was not answered is begun once.
        var key = Guid.NewGuid().ToString();
        using var answer = await AskAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, Root + path) { Content = new ByteArrayContent(body) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                request.Headers.Add("Idempotency-Key", key);
                return request;
            },
            stop);
        return (await JsonSerializer.DeserializeAsync<Simulation>(await answer.Content.ReadAsStreamAsync(stop), Json.Options, stop))!;
    }
}
