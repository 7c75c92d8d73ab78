using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Tokamak.App.Tests.Integrations.Webhooks;

/// <summary>A message as it reached the receiver.</summary>
internal sealed record Received(string Id, string Timestamp, string Signature, byte[] Body)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public IEnumerable<long> Numbers => Json.GetProperty("data").GetProperty("events").EnumerateArray().Select(posted => posted.GetProperty("seq").GetInt64());

    public IEnumerable<string> Types => Json.GetProperty("data").GetProperty("events").EnumerateArray().Select(posted => posted.GetProperty("type").GetString()!);
}

/// <summary>Somebody else's server on this machine, which keeps what it is sent and answers as it is told to.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(WebApplication app) => _app = app;

    public ConcurrentQueue<Received> Messages { get; } = new();

    /// <summary>Answers a message; the number of those before it is given.</summary>
    public Func<int, HttpResponse, Task> Answer { get; set; } = (_, answer) => Task.FromResult(answer.StatusCode = StatusCodes.Status204NoContent);

    public Uri Address => new(_app.Urls.Single());

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>Waits until so many messages have come.</summary>
    public async Task<IReadOnlyList<Received>> WaitAsync(int count)
    {
        while (Messages.Count < count) await Task.Delay(10, TestContext.Current.CancellationToken);
        return [.. Messages];
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext request)
    {
        using var body = new MemoryStream();
        await request.Request.Body.CopyToAsync(body);
        string Header(string name) => request.Request.Headers[name].ToString();
        var before = Messages.Count;
        Messages.Enqueue(new Received(Header("webhook-id"), Header("webhook-timestamp"), Header("webhook-signature"), body.ToArray()));
        await Answer(before, request.Response);
    }
}
