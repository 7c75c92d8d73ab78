using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Tokamak.Client;

/// <summary>
/// Calls the API of a Tokamak server with a key. What is asked is asked again after a lost connection, a full queue or too many
/// requests; facts carry a key of their own for each request, so nothing is done twice. One for the life of a program; safe for many callers.
/// </summary>
public sealed partial class TokamakClient : IDisposable
{
    /// <summary>The most facts that a request may have.</summary>
    public const int MostFactsPerRequest = 10_000;

    /// <summary>The most bytes that a request may have.</summary>
    public const int MostBytesPerRequest = 16 << 20;

    private readonly HttpClient _http;
    private readonly bool _owns;
    private readonly TokamakClientOptions _options;

    /// <summary>A client over a connection of its own.</summary>
    /// <param name="server">Such as <c>https://pay.example.com</c>.</param>
    /// <param name="key">What <c>tokamak apikey create</c> printed.</param>
    /// <param name="options">How patient it is.</param>
    public TokamakClient(Uri server, string key, TokamakClientOptions? options = null) : this(new HttpClient { BaseAddress = server }, key, options) => _owns = true;

    /// <summary>A client over a connection that is given, with the server as its base address.</summary>
    /// <param name="http">Not disposed with the client.</param>
    /// <param name="key">What <c>tokamak apikey create</c> printed.</param>
    /// <param name="options">How patient it is.</param>
    public TokamakClient(HttpClient http, string key, TokamakClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        (_http, _key, _options) = (http, key, options ?? new TokamakClientOptions());
    }

    /// <summary>
    /// Sends facts in any order, in requests as large as may be, and answers each as its request is answered: in the order in which
    /// they were given.
    /// </summary>
    /// <param name="facts">However many.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="TokamakException">The server takes no facts from this key, or has no policy yet.</exception>
    /// <exception cref="HttpRequestException">The server was not to be reached, as often as it was tried.</exception>
    public async IAsyncEnumerable<FactAnswer> SendAsync(IAsyncEnumerable<Fact> facts, [EnumeratorCancellation] CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var (some, body) = (new List<Fact>(), new MemoryStream());
        await foreach (var fact in facts.WithCancellation(stop))
        {
            var line = JsonSerializer.SerializeToUtf8Bytes(fact, Json.Options);
            if (some.Count == Math.Min(_options.FactsPerRequest, MostFactsPerRequest) || (some.Count > 0 && body.Length + line.Length + 1 > MostBytesPerRequest))
            {
                foreach (var answer in await SendAsync(some, body.ToArray(), stop)) yield return answer;
                some.Clear();
                body.SetLength(0);
            }
            some.Add(fact);
            body.Write(line);
            body.WriteByte((byte)'\n');
        }
        if (some.Count == 0) yield break;
        foreach (var answer in await SendAsync(some, body.ToArray(), stop)) yield return answer;
    }

    /// <inheritdoc cref="SendAsync(IAsyncEnumerable{Fact}, CancellationToken)"/>
    public IAsyncEnumerable<FactAnswer> SendAsync(IEnumerable<Fact> facts, CancellationToken stop = default) => SendAsync(facts.ToAsyncEnumerable(), stop);

    /// <summary>Sends one fact.</summary>
    /// <param name="fact">It.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<FactAnswer> SendAsync(Fact fact, CancellationToken stop = default) => await SendAsync([fact], stop).SingleAsync(stop);

    /// <summary>Sales, the newest first.</summary>
    /// <param name="query">Which; null: all.</param>
    /// <param name="stop">Gives up.</param>
    public IAsyncEnumerable<SaleItem> SalesAsync(SaleQuery? query = null, CancellationToken stop = default) => ListAsync<SaleItem>("sales", Query(
        ("since", Moment(query?.Since)), ("until", Moment(query?.Until)), ("store", query?.Store), ("staff", query?.Staff), ("member", query?.Member)), "sales", stop);

    /// <summary>A sale as it stands; null if it is not in the books.</summary>
    /// <param name="id">Of the sale.</param>
    /// <param name="stop">Gives up.</param>
    public Task<Sale?> SaleAsync(string id, CancellationToken stop = default) => FindAsync<Sale>($"sales/{Uri.EscapeDataString(id)}", null, stop);

    /// <summary>Why the credit and pay of a sale went where they went; null if it is not in the books.</summary>
    /// <param name="id">Of the sale.</param>
    /// <param name="language">zh-TW or en.</param>
    /// <param name="stop">Gives up.</param>
    public Task<Trace?> TraceAsync(string id, string language = "zh-TW", CancellationToken stop = default) => FindAsync<Trace>($"sales/{Uri.EscapeDataString(id)}/trace", language, stop);

    /// <summary>The staff, by their ids.</summary>
    /// <param name="stop">Gives up.</param>
    public IAsyncEnumerable<StaffMember> StaffAsync(CancellationToken stop = default) => ListAsync<StaffMember>("staff", "", "staff", stop);

    /// <summary>The stores, by their ids.</summary>
    /// <param name="stop">Gives up.</param>
    public IAsyncEnumerable<Store> StoresAsync(CancellationToken stop = default) => ListAsync<Store>("stores", "", "stores", stop);

    /// <summary>Gives a store a name, or another one.</summary>
    /// <param name="id">Of the store.</param>
    /// <param name="name">1 to 100 characters.</param>
    /// <param name="stop">Gives up.</param>
    public Task NameStoreAsync(string id, string name, CancellationToken stop = default) => NameAsync($"stores/{Uri.EscapeDataString(id)}", name, stop);

    /// <summary>Gives a clerk a name, or another one.</summary>
    /// <param name="id">Of the clerk.</param>
    /// <param name="name">1 to 100 characters.</param>
    /// <param name="stop">Gives up.</param>
    public Task NameStaffAsync(string id, string name, CancellationToken stop = default) => NameAsync($"staff/{Uri.EscapeDataString(id)}", name, stop);

    /// <summary>The statements of a period: clerks by their ids, then stores by theirs.</summary>
    /// <param name="period">A month such as 2026-01.</param>
    /// <param name="stop">Gives up.</param>
    public async IAsyncEnumerable<StatementItem> StatementsAsync(string period, [EnumeratorCancellation] CancellationToken stop = default)
    {
        await foreach (var (page, row) in PagesAsync<StatementItem>("statements", Query(("period", period)), "statements", stop))
            yield return row with { IsFrozen = page.GetProperty("status").GetString() == "frozen" };
    }

    /// <summary>Whom a member belongs to today; null for one of whom nothing is known.</summary>
    /// <param name="id">Of the member.</param>
    /// <param name="stop">Gives up.</param>
    public Task<Member?> MemberAsync(string id, CancellationToken stop = default) => FindAsync<Member>($"members/{Uri.EscapeDataString(id)}/binding", null, stop);

    /// <summary>
    /// What was posted after a cursor, in order and each once, up to now; ask again later with the cursor of the last event, and
    /// nothing is missed.
    /// </summary>
    /// <param name="after">Of the last event that was done; null: from the beginning.</param>
    /// <param name="stop">Gives up.</param>
    public async IAsyncEnumerable<PostedEvent> EventsAsync(string? after = null, [EnumeratorCancellation] CancellationToken stop = default)
    {
        while (true)
        {
            var page = await GetAsync("events", Query(("after", after), ("limit", "1000")), null, stop);
            after = page.TryGetProperty("next", out var next) ? next.GetString() : after;
            foreach (var posted in page.GetProperty("events").EnumerateArray())
                yield return new PostedEvent(posted.GetProperty("seq").GetInt64(), posted.GetProperty("type").GetString()!, after!, posted);
            if (!page.GetProperty("more").GetBoolean()) yield break;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_owns) _http.Dispose();
    }

    private async Task<IReadOnlyList<FactAnswer>> SendAsync(List<Fact> facts, byte[] body, CancellationToken stop)
    {
        // One key for all tries of this request: the server answers the same again, and does nothing twice.
        var key = Guid.NewGuid().ToString();
        using var answer = await AskAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, Root + "facts") { Content = new ByteArrayContent(body) };
                request.Content.Headers.ContentType = new("application/x-ndjson");
                request.Headers.Add("Idempotency-Key", key);
                return request;
            },
            stop);
        var lines = (await answer.Content.ReadAsStringAsync(stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length != facts.Count) throw new TokamakException($"{facts.Count} facts were sent, and {lines.Length} answered.");
        return [.. lines.Select(line => JsonSerializer.Deserialize<AnswerLine>(line, Json.Options)!).Zip(facts, (line, fact) => new FactAnswer(fact, line.Status, line.Reason))];
    }

    private async Task NameAsync(string path, string name, CancellationToken stop)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { name }, Json.Options);
        using var answer = await AskAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Put, Root + path) { Content = new ByteArrayContent(body) };
                request.Content.Headers.ContentType = new("application/json");
                return request;
            },
            stop);
    }

    private async IAsyncEnumerable<T> ListAsync<T>(string path, string query, string list, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var (_, row) in PagesAsync<T>(path, query, list, stop)) yield return row;
    }

    private async IAsyncEnumerable<(JsonElement Page, T Row)> PagesAsync<T>(string path, string query, string list, [EnumeratorCancellation] CancellationToken stop)
    {
        string? after = null;
        do
        {
            var page = await GetAsync(path, query + (query.Length == 0 ? "?" : "&") + Query(("limit", "1000"), ("after", after))[1..], null, stop);
            foreach (var row in page.GetProperty(list).EnumerateArray()) yield return (page, row.Deserialize<T>(Json.Options)!);
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (after is not null);
    }

    private async Task<T?> FindAsync<T>(string path, string? language, CancellationToken stop) where T : class
    {
        try
        {
            return (await GetAsync(path, "", language, stop)).Deserialize<T>(Json.Options);
        }
        catch (TokamakException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<JsonElement> GetAsync(string path, string query, string? language, CancellationToken stop)
    {
        using var answer = await AskAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, Root + path + query);
                if (language is not null) request.Headers.Add("Accept-Language", language);
                return request;
            },
            stop);
        return JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync(stop));
    }

    private static string? Moment(DateTimeOffset? moment) => moment?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static string Query(params ReadOnlySpan<(string Name, string? Value)> parts)
    {
        var given = new List<string>();
        foreach (var (name, value) in parts)
            if (value is not null) given.Add($"{name}={Uri.EscapeDataString(value)}");
        return given.Count == 0 ? "" : "?" + string.Join('&', given);
    }

    private sealed record AnswerLine(int Line, FactStatus Status, string? Reason = null);
}
