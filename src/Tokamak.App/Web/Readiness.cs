using Microsoft.AspNetCore.Http.HttpResults;

namespace Tokamak.App.Web;

/// <summary>
/// Something the pages cannot do without, such as a database: registered with the services, <c>/health</c> asks it. The question is
/// answered within <see cref="Patience"/> or counts as no.
/// </summary>
public sealed record Readiness(Func<CancellationToken, Task<bool>> IsReadyAsync)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary><c>GET /health</c>: 200 "ok" when everything needed answers, else 503.</summary>
    public static async Task<ContentHttpResult> AnswerAsync(IServiceProvider services, CancellationToken stop)
    {
        foreach (var needed in services.GetServices<Readiness>())
            if (!await needed.AskAsync(stop)) return TypedResults.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable);
        return TypedResults.Text("ok");
    }

    private async Task<bool> AskAsync(CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            return await IsReadyAsync(patience.Token).WaitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }
}
