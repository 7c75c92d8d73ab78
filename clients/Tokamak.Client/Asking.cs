using System.Net;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tokamak.Client;

/// <summary>How patient a client is.</summary>
public sealed record TokamakClientOptions
{
    /// <summary>How often something is tried in all.</summary>
    public int Tries { get; init; } = 8;

    /// <summary>How long it waits after the first try; after each further one twice as long.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest that it waits before the next try, unless the server asks for longer.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Facts in one request: 1 to <see cref="TokamakClient.MostFactsPerRequest"/>.</summary>
    public int FactsPerRequest { get; init; } = TokamakClient.MostFactsPerRequest;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

public sealed partial class TokamakClient
{
    private const string Root = "/api/v1/";

    private readonly string _key;

    /// <summary>Asks, and asks again while that may help.</summary>
    private async Task<HttpResponseMessage> AskAsync(Func<HttpRequestMessage> ask, CancellationToken stop)
    {
        for (var tried = 1; ; tried++)
        {
            TimeSpan? asked = null;
            try
            {
                using var request = ask();
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _key);
                var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, stop);
                if (answer.IsSuccessStatusCode) return answer;
                using (answer)
                {
                    if (!MayHelp(answer.StatusCode) || tried >= _options.Tries) throw await ProblemAsync(answer, stop);
                    asked = answer.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - _options.Time.GetUtcNow() : null;
                }
            }
            // Whether it was done is not known; to ask the same again is safe.
            catch (Exception e) when (tried < _options.Tries && (e is HttpRequestException or IOException || (e is OperationCanceledException && !stop.IsCancellationRequested)))
            {
            }
            await Task.Delay(PauseAfter(tried, asked), _options.Time, stop);
        }
    }

    private static bool MayHelp(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError;

    /// <summary>What the server asks for, or twice as long each time, a little more or less so that many do not come back at once.</summary>
    private TimeSpan PauseAfter(int tried, TimeSpan? asked)
    {
        var pause = TimeSpan.FromTicks(Math.Min(_options.LongestPause.Ticks, _options.FirstPause.Ticks << Math.Min(tried - 1, 20)));
        if (asked > pause) pause = asked.Value;
        return pause + TimeSpan.FromTicks(Random.Shared.NextInt64((pause.Ticks / 4) + 1));
    }

    private static async Task<TokamakException> ProblemAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        var text = await answer.Content.ReadAsStringAsync(stop);
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return new TokamakException(answer.StatusCode, "", "This is no answer of a Tokamak server; check the address.");
        var problem = JsonElement.Parse(text);
        return new TokamakException(answer.StatusCode, problem.GetProperty("type").GetString()!.Split('/')[^1], problem.GetProperty("detail").GetString()!);
    }
}

/// <summary>How the API writes JSON.</summary>
internal static class Json
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
