using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Tokamak.App.Referral.Live;

namespace Tokamak.App.Integrations.Api;

/// <summary>
/// Gives parts to whoever writes the brand's books: this node, or another, to which the whole request goes as it came, key and
/// all. While the writer changes, it waits for the next one; to send the same again is safe.
/// </summary>
public sealed class OtherNodes(Writers writers, TimeProvider time) : IDisposable
{
    private const string Forwarded = "Tokamak-Forwarded";

    /// <summary>Longer than a take-over takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8), BetweenTries = TimeSpan.FromMilliseconds(200), LongestWait = TimeSpan.FromSeconds(30), LongestAnswer = TimeSpan.FromSeconds(60);

    private static readonly string[] Carried = ["Authorization", "Content-Type", Answers.KeyHeader];

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(1), PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30) }) { Timeout = LongestAnswer };

    /// <returns>One result for each part; null: the request was answered by another node, or cannot be now and was told so.</returns>
    internal async Task<IReadOnlyList<WriteResult>?> DecideAsync(HttpContext request, string brand, byte[] body, IReadOnlyList<Part> parts)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var writer = await writers.OfAsync(brand, request.RequestAborted);
            WriteResult[] results;
            try
            {
                results = await Task.WhenAll(parts.Select(writer.SubmitAsync)).WaitAsync(LongestWait, time, request.RequestAborted);
            }
            catch (TimeoutException)
            {
                // A long import has the books. What was taken up is done all the same, and not twice.
                await Answers.BusyAsync(request);
                return null;
            }
            if (results.All(result => result.Outcome is not (WriteOutcome.Elsewhere or WriteOutcome.Busy))) return results;
            if (results.Any(result => result.Outcome == WriteOutcome.Busy) && writer.Writes)
            {
                await Answers.BusyAsync(request);
                return null;
            }
            var holder = results.Select(result => result.Holder).FirstOrDefault(at => at is not null);
            // One that was sent on is not sent on again: the sender tries anew.
            var mayForward = holder is not null && !request.Request.Headers.ContainsKey(Forwarded);
            if (mayForward && await ForwardAsync(request, writer, holder!, body)) return null;
            if (!mayForward && holder is not null || time.GetElapsedTime(began) > Patience)
            {
                await Answers.BusyAsync(request);
                return null;
            }
            await Task.Delay(BetweenTries, time, request.RequestAborted);
        }
    }

    /// <returns>False: the other node was not to be reached, or is not the writer any more.</returns>
    private async Task<bool> ForwardAsync(HttpContext request, BrandWriter writer, Uri holder, byte[] body)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Request.Method), AddressAt(holder, request)) { Content = new ByteArrayContent(body) };
        foreach (var name in Carried)
            if (request.Request.Headers.TryGetValue(name, out var values) && !message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values)) message.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        message.Headers.TryAddWithoutValidation(Forwarded, writers.Node.Id);
        HttpResponseMessage answer;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(request.RequestAborted);
        try
        {
            var sending = _client.SendAsync(message, HttpCompletionOption.ResponseContentRead, stop.Token);
            // One that stands still never answers: when another writes, that one is asked instead.
            while (await Task.WhenAny(sending, Task.Delay(BetweenTries, time, CancellationToken.None)) != sending)
                if (writer.Holder != holder) await stop.CancelAsync();
            answer = await sending;
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !request.RequestAborted.IsCancellationRequested))
        {
            return false;
        }
        using (answer)
        {
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable) return false;
            request.Response.StatusCode = (int)answer.StatusCode;
            request.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            if (answer.Headers.Location is { } location) request.Response.Headers.Location = location.ToString();
            await answer.Content.CopyToAsync(request.Response.Body, request.RequestAborted);
            return true;
        }
    }

    /// <summary>The same address there, with ids escaped as they came; never another host, whatever the address says.</summary>
    private static Uri AddressAt(Uri holder, HttpContext request)
    {
        var asked = request.Features.Get<IHttpRequestFeature>()!.RawTarget;
        return new Uri(holder.GetLeftPart(UriPartial.Authority) + (asked.StartsWith('/') ? asked : request.Request.Path + request.Request.QueryString));
    }

    public void Dispose() => _client.Dispose();
}
