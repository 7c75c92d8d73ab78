using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Tokamak.App.Web;

namespace Tokamak.App.Access.Keys;

/// <summary>Lets requests with a key through: one that holds, has the scope, and does not come too often.</summary>
public sealed class KeyGate(ApiKeys keys) : IDisposable
{
    private const string Scheme = "Bearer ";

    /// <summary>Seconds' worth of requests that may come at once.</summary>
    private const int Burst = 2;

    private readonly ConcurrentDictionary<string, TokenBucketRateLimiter> _limits = new();

    public async Task AdmitAsync(HttpContext request, RouteRule rule, RequestDelegate next)
    {
        var header = request.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || await keys.FindAsync(header[Scheme.Length..].Trim(), request.RequestAborted) is not { } key)
        {
            request.Response.Headers.WWWAuthenticate = "Bearer";
            await Problem.WriteAsync(request, StatusCodes.Status401Unauthorized, "no-key", "Send a key that holds as 'Authorization: Bearer KEY'; 'tokamak apikey create' makes one.");
            return;
        }
        if (rule.Scope is not { } scope || !key.May(scope))
        {
            await Problem.WriteAsync(request, StatusCodes.Status403Forbidden, "no-scope", $"The key '{key.Name}' may {key.Scopes}, and this needs {(rule.Scope is { } needed ? ApiKey.NameOf(needed) : "more")}; make a key with that scope.");
            return;
        }
        using var lease = LimitOf(key).AttemptAcquire();
        if (!lease.IsAcquired)
        {
            request.Response.Headers.RetryAfter = "1";
            await Problem.WriteAsync(request, StatusCodes.Status429TooManyRequests, "too-often", $"The key '{key.Name}' may make {key.PerSecond} requests a second; send more facts in each, or ask for a key with a higher limit.");
            return;
        }
        var visit = Visit.Of(request);
        (visit.Brand, visit.Key, visit.Viewer) = (key.Brand, key, null);
        await next(request);
    }

    public void Dispose()
    {
        foreach (var limit in _limits.Values) limit.Dispose();
    }

    private TokenBucketRateLimiter LimitOf(ApiKey key) => _limits.GetOrAdd(key.Id, static (_, key) => new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
    {
        TokenLimit = key.PerSecond * Burst, TokensPerPeriod = Math.Max(1, key.PerSecond / 10), ReplenishmentPeriod = TimeSpan.FromSeconds(Math.Max(0.1, 1.0 / key.PerSecond)), QueueLimit = 0,
    }), key);
}

/// <summary>Writes down every minute which keys were used.</summary>
public sealed class KeyUses(ApiKeys keys, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await NoteAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task NoteAsync(CancellationToken stop)
    {
        try
        {
            await keys.NoteUsesAsync(stop);
        }
        catch (Exception e) when (DatabaseTrouble.Is(e))
        {
            // Noted a minute later.
        }
    }
}
