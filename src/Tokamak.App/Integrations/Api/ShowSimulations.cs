using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Referral.Simulating;

namespace Tokamak.App.Integrations.Api;

/// <summary>How a simulation stands.</summary>
public enum SimulationStatus
{
    /// <summary>Others run before it.</summary>
    Waiting,
    Running,
    Done,
    Failed,
    Stopped,
}

/// <summary>How far a simulation is.</summary>
/// <param name="Facts">So many were read into memory.</param>
/// <param name="DoneBps">Of the replaying, basis points.</param>
public sealed record SimulationProgressShown(long Facts, int DoneBps);

/// <summary>A draft of the policy tried on months that have been.</summary>
/// <param name="Id">Of the simulation.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Status">How it stands. One that is <c>running</c> for long without progress runs on another node, or was broken off: ask for it anew.</param>
/// <param name="From">The first month of sales, such as 2026-01.</param>
/// <param name="To">The last.</param>
/// <param name="LosersBeyondPercent">Who loses more than this is listed.</param>
/// <param name="AskedAt">When it was asked for, UTC.</param>
/// <param name="Draft">The stored draft; absent where a policy was sent.</param>
/// <param name="Budget">What commission may come to.</param>
/// <param name="Vary">The number of the draft that is varied.</param>
/// <param name="Values">Its values.</param>
/// <param name="Progress">While it runs on the node that answers.</param>
/// <param name="Facts">Of how many facts it was made.</param>
/// <param name="PolicyVersion">The last stored version of the policy then.</param>
/// <param name="Fault">Why it failed, where it is the draft's fault.</param>
/// <param name="DoneAt">When it ended, UTC.</param>
/// <param name="Result">What came of it, once it is done; never in a list.</param>
public sealed record SimulationShown(
    string Id, string Name, SimulationStatus Status, string From, string To, int LosersBeyondPercent, DateTime AskedAt, string? Draft = null, long? Budget = null, string? Vary = null,
    IReadOnlyList<long>? Values = null, SimulationProgressShown? Progress = null, long? Facts = null, int? PolicyVersion = null, string? Fault = null, DateTime? DoneAt = null, JsonElement? Result = null);

/// <summary>Some simulations, the latest first, without their results.</summary>
/// <param name="Simulations">At most as many as the limit.</param>
/// <param name="Next">What to send as <c>after</c> for the next part; absent at the end.</param>
public sealed record SimulationList(IReadOnlyList<SimulationShown> Simulations, string? Next = null);

/// <summary><c>GET /api/v1/simulations</c> and <c>GET /api/v1/simulations/{id}</c>: what a draft would have made of the past.</summary>
internal static class ShowSimulations
{
    public static async Task<IResult> ListAsync(HttpContext request, OpenBooks books, SimulationRunner runner, string? limit, string? after)
    {
        if (PageAsked.Of(limit, after, out var wrong) is not { } page) return wrong!;
        SimulationPlace? place = null;
        if (page.After is not null && (place = PlaceOf(page.After)) is null) return PageAsked.WrongCursor;
        var rows = await Simulations.BeforeAsync(books.Turn, place, page.Limit + 1, request.RequestAborted);
        var next = rows.Count > page.Limit ? Cursor.Of(string.Create(CultureInfo.InvariantCulture, $"{rows[page.Limit - 1].AskedAtTicks} {rows[page.Limit - 1].Id}")) : null;
        return Reply.Fresh(request, new SimulationList([.. rows.Take(page.Limit).Select(row => Shown(row, runner.ProgressOf(row.Id)))], next));
    }

    public static async Task<IResult> OneAsync(HttpContext request, OpenBooks books, SimulationRunner runner)
    {
        var id = Links.IdOf(request);
        return await Simulations.FindAsync(books.Turn, id, request.RequestAborted) is { } row ? Reply.Fresh(request, Shown(row, runner.ProgressOf(id))) : NoSuch(id);
    }

    public static Refusal NoSuch(string id) => Refusal.NotThere($"There is no simulation {id}.");

    public static SimulationShown Shown(SimulationRow row, SimulationProgress? progress)
    {
        var asked = Simulations.AskedOf(row);
        return new SimulationShown(
            row.Id, row.Name, StatusOf(row.State, progress), row.FirstMonth, row.LastMonth, row.LosersPercent, new DateTime(row.AskedAtTicks, DateTimeKind.Utc), row.Draft, row.Budget, row.Vary,
            row.Vary is null ? null : asked.Values, row.State == SimulationState.Runs && progress is { Waits: false } runs ? new SimulationProgressShown(runs.Facts, runs.DoneBps) : null,
            row.Facts, row.PolicyVersion, row.Fault, row.DoneAtTicks is { } at ? new DateTime(at, DateTimeKind.Utc) : null, row.Result is { } json ? WithoutNulls(json) : null);
    }

    private static SimulationStatus StatusOf(SimulationState state, SimulationProgress? progress) => state switch
    {
        SimulationState.Runs => progress is { Waits: true } ? SimulationStatus.Waiting : SimulationStatus.Running,
        SimulationState.Done => SimulationStatus.Done,
        SimulationState.Failed => SimulationStatus.Failed,
        SimulationState.Stopped => SimulationStatus.Stopped,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    private static SimulationPlace? PlaceOf(string cursor) =>
        cursor.Split(' ') is [var ticks, var id] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && id.All(char.IsAsciiLetterOrDigit) ? new SimulationPlace(at, id) : null;

    /// <summary>As it was stored and is downloaded from its page; what is absent is left out here as everywhere in the API.</summary>
    private static JsonElement WithoutNulls(string json)
    {
        var result = JsonNode.Parse(json)!;
        LeaveOut(result);
        return JsonSerializer.SerializeToElement(result);
    }

    private static void LeaveOut(JsonNode node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list.OfType<JsonNode>()) LeaveOut(item);
            return;
        }
        if (node is not JsonObject fields) return;
        foreach (var name in fields.Where(field => field.Value is null).Select(field => field.Key).ToList()) fields.Remove(name);
        foreach (var (_, value) in fields) LeaveOut(value!);
    }
}
