using System.Globalization;
using System.Text;
using System.Text.Json;
using Tokamak.App.Access;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.App.Referral.Drafting;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Referral.Simulating;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral.Simulation;

namespace Tokamak.App.Integrations.Api;

/// <summary>Begins a simulation and stops one, as the page does; <see cref="ShowSimulations"/> tells what becomes of it.</summary>
public sealed class SimulationRoutes(SimulationRunner runner, ApiKeys keys, BodyRoom room, TimeProvider time)
{
    /// <summary>One runs at a time on a node: whoever would wait behind so many had better come back later.</summary>
    private const int MostBegun = 50;

    private const int MostLettersOfId = 100;

    public static void Map(RouteGroupBuilder reads)
    {
        var routes = ((IEndpointRouteBuilder)reads).ServiceProvider.GetRequiredService<SimulationRoutes>();
        reads.MapPost("/simulations", routes.BeginAsync);
        reads.MapPost("/simulations/{id}/stop", routes.StopAsync);
    }

    private Instant Now => new(time.GetUtcNow().UtcTicks);

    private async Task BeginAsync(HttpContext request)
    {
        if (!await Answers.IsJsonAsync(request) || await Answers.KeyAsync(request) is not (true, var sent)) return;
        if (await ApiJson.ReadAsync(request, room, "draft", "policy", "name", "from", "to", "budget", "losersBeyondPercent", "vary", "values") is not { } read) return;
        var (visit, stop, books) = (Visit.Of(request), request.RequestAborted, request.RequestServices.GetRequiredService<OpenBooks>());
        var key = sent is null ? null : new RequestKey(visit.Key!.Id, sent, 0, keys.HashOf(Encoding.UTF8.GetBytes(request.Request.Path), Encoding.UTF8.GetBytes(read.GetRawText())));
        // Looked for first: the draft of a request that is sent again may be gone.
        if (await IsAnsweredAsync(request, books.Turn, key) || await AskedAsync(request, books, read) is not { } asked) return;
        if (runner.Begun >= MostBegun)
        {
            await Answers.BusyAsync(request);
            return;
        }
        SimulationRow row;
        await using (var turn = await books.Database.BeginWriteAsync(stop))
        {
            if (await IsAnsweredAsync(request, turn, key)) return;
            var now = Now;
            var id = await Simulations.AskAsync(turn, asked, $"key {visit.Key!.Id}", now, stop);
            if (key is not null)
            {
                var answers = await StoredAnswers.LoadAsync(turn, [key], stop);
                answers.Add(key, [new FactAnswer(FactStatus.Accepted, id)], now);
                await answers.SaveAsync(turn, stop);
            }
            row = (await Simulations.FindAsync(turn, id, stop))!;
            await turn.CommitAsync(CancellationToken.None);
        }
        runner.Begin(books.Database.Name, row.Id);
        await AcceptedAsync(request, row);
    }

    private async Task StopAsync(HttpContext request)
    {
        var (id, stop, books) = (Links.IdOf(request, after: 1), request.RequestAborted, request.RequestServices.GetRequiredService<OpenBooks>());
        SimulationRow? row;
        await using (var turn = await books.Database.BeginWriteAsync(stop))
        {
            // One that is over stays what it is, and is answered as that.
            await Simulations.StopAsync(turn, id, Now, stop);
            row = await Simulations.FindAsync(turn, id, stop);
            await turn.CommitAsync(CancellationToken.None);
        }
        await (row is null ? ShowSimulations.NoSuch(id) : Reply.Fresh(request, ShowSimulations.Shown(row, runner.ProgressOf(id)))).ExecuteAsync(request);
    }

    /// <summary>Answers a request with a key that came before: the same again, or that it was another.</summary>
    private static async Task<bool> IsAnsweredAsync(HttpContext request, Turn turn, RequestKey? key)
    {
        if (key is null) return false;
        var answers = await StoredAnswers.LoadAsync(turn, [key], request.RequestAborted);
        if (answers.IsUsed(key))
        {
            await Answers.UndecidedAsync(request, WriteOutcome.KeyUsed);
            return true;
        }
        if (answers.Find(key) is not [{ Reason: { } id }] || await Simulations.FindAsync(turn, id, request.RequestAborted) is not { } row) return false;
        await AcceptedAsync(request, row);
        return true;
    }

    /// <summary>As it was when it was taken, whatever has become of it since: sent again, the same is answered.</summary>
    private static Task AcceptedAsync(HttpContext request, SimulationRow row)
    {
        request.Response.Headers.CacheControl = "no-store";
        var fresh = row with { State = SimulationState.Runs, Facts = null, PolicyVersion = null, Result = null, Fault = null, DoneAtTicks = null };
        return TypedResults.Accepted($"{ApiRoutes.Root}/simulations/{row.Id}", ShowSimulations.Shown(fresh, new SimulationProgress(Waits: true, 0, 0))).ExecuteAsync(request);
    }

    /// <returns>Null: something of it cannot be, and it was answered.</returns>
    private static async Task<SimulationAsked?> AskedAsync(HttpContext request, OpenBooks books, JsonElement read)
    {
        List<ProblemPlace> wrong = [];
        var (draft, policy) = (ApiJson.TextOf(read, "draft", MostLettersOfId), read.TryGetProperty("policy", out var given) && given.ValueKind == JsonValueKind.Object);
        if (read.TryGetProperty("draft", out _) == read.TryGetProperty("policy", out _)) wrong.Add(new("#", "Name a stored draft by 'draft', or send one version of a policy as 'policy'; one of the two."));
        else if (draft is null && !policy) wrong.Add(new(read.TryGetProperty("draft", out _) ? "#/draft" : "#/policy", "'draft' is the id of a stored draft, 'policy' one version of a policy as an object."));
        var (from, to) = (MonthOf(read, "from", wrong), MonthOf(read, "to", wrong));
        var (budget, losers) = (NumberOf(read, "budget", "a whole number of 0 or more", wrong), NumberOf(read, "losersBeyondPercent", "a whole number from 0 to 100", wrong) ?? new Questions().LosersBeyondPercent);
        var (vary, name, values) = (OptionalText(read, "vary", wrong), OptionalText(read, "name", wrong), ValuesOf(read, wrong));
        PolicyDraftRow? stored = null;
        if (wrong.Count == 0 && draft is not null && (stored = await Drafts.FindAsync(books.Turn, draft, request.RequestAborted)) is null)
        {
            await Refusal.NotThere($"There is no draft {draft}; the page of drafts shows their ids in its addresses.").ExecuteAsync(request);
            return null;
        }
        if (wrong.Count == 0)
        {
            var asked = new SimulationAsked(
                name ?? stored?.Name ?? Visit.Of(request).Key!.Name, stored?.Id, stored?.Body ?? given.GetRawText(), new Stretch(from, to), new Questions((int)Math.Clamp(losers, -1, CheckSimulation.MostPercent + 1), budget), vary, values);
            var faults = new List<Fault>();
            var parts = CheckSimulation.Of(asked, books.Policy, faults);
            if (parts.Count == 0) return asked;
            foreach (var part in parts) wrong.AddRange(PlacesOf(part, faults, stored is null ? "#/policy" : "#/draft"));
        }
        await Problem.WriteAsync(request, StatusCodes.Status422UnprocessableEntity, "wrong-simulation", $"This cannot be simulated: {wrong[0].Detail}", wrong);
        return null;
    }

    private static IEnumerable<ProblemPlace> PlacesOf(SimulationPart part, IEnumerable<Fault> faults, string policy) => part switch
    {
        SimulationPart.Months => [new("#/to", $"'to' is the month of 'from' or a later one, {CheckSimulation.MostMonths} months in all at most.")],
        SimulationPart.Budget => [new("#/budget", "'budget' is a whole number of 0 or more.")],
        SimulationPart.Losers => [new("#/losersBeyondPercent", "'losersBeyondPercent' is a whole number from 0 to 100.")],
        SimulationPart.Values => [new("#/values", $"'vary' names a number of the draft and 'values' lists 1 to {Simulations.MostValues} whole numbers for it; both or neither.")],
        // What stands in the request is pointed to; of a stored draft, the sentence says where.
        SimulationPart.Policy => faults.Select(fault => policy == "#/policy" ? new ProblemPlace(policy + JsonPointer.Of(fault.Path), fault.Message) : new ProblemPlace(policy, fault.ToString())),
        SimulationPart.Vary => faults.Select(fault => new ProblemPlace(fault.Path is null ? "#/vary" : "#/values", fault.ToString())),
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };

    private static Month MonthOf(JsonElement read, string field, List<ProblemPlace> wrong)
    {
        if (ApiJson.TextOf(read, field, 10) is { } text && Month.TryParse(text, out var month)) return month;
        wrong.Add(new($"#/{field}", $"'{field}' is a month such as 2026-01."));
        return default;
    }

    private static long? NumberOf(JsonElement read, string field, string what, List<ProblemPlace> wrong)
    {
        if (!read.TryGetProperty(field, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)) return number;
        wrong.Add(new($"#/{field}", $"'{field}' is {what}."));
        return null;
    }

    private static string? OptionalText(JsonElement read, string field, List<ProblemPlace> wrong)
    {
        if (!read.TryGetProperty(field, out _)) return null;
        var text = ApiJson.TextOf(read, field, Simulations.MostLettersOfName);
        if (text is null) wrong.Add(new($"#/{field}", $"'{field}' is a text of 1 to {Simulations.MostLettersOfName} characters on one line."));
        return text;
    }

    private static List<long> ValuesOf(JsonElement read, List<ProblemPlace> wrong)
    {
        List<long> values = [];
        if (!read.TryGetProperty("values", out var list)) return values;
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > Simulations.MostValues)
        {
            wrong.Add(new("#/values", $"'values' is a list of 1 to {Simulations.MostValues} whole numbers."));
            return values;
        }
        foreach (var (place, item) in list.EnumerateArray().Index())
        {
            if (item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out var value)) values.Add(value);
            else wrong.Add(new(string.Create(CultureInfo.InvariantCulture, $"#/values/{place}"), "It is no whole number."));
        }
        return values;
    }
}
