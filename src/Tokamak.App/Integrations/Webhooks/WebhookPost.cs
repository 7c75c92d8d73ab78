using Tokamak.App.Data;
using Tokamak.App.Web.Outgoing;

namespace Tokamak.App.Integrations.Webhooks;

/// <summary>How webhooks are sent here.</summary>
/// <param name="AllowsPrivate">Whether http and addresses inside the network are allowed; for development.</param>
public sealed record WebhookRules(bool AllowsPrivate = false)
{
    /// <summary>How often it is looked for what waits, where nothing says so sooner.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>So long a receiver may take to answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>Posts one message to a receiver, signed with its secrets.</summary>
public sealed class WebhookPost(WebhookRules rules, TimeProvider time) : IDisposable
{
    private readonly SignedPost _post = new(rules.Patience, rules.AllowsPrivate, time);

    public Task<PostOutcome> SendAsync(WebhookRow to, string id, ReadOnlyMemory<byte> body, CancellationToken stop) =>
        _post.SendAsync(to.Url, id, [.. SecretsOf(to, time.GetUtcNow())], body, stop);

    public void Dispose() => _post.Dispose();

    /// <summary>After a change both hold for a while, so that the receiver need not change at the same moment.</summary>
    private static IEnumerable<string> SecretsOf(WebhookRow to, DateTimeOffset now)
    {
        yield return to.Secret;
        if (to.OldSecret is { } old && now.UtcTicks < to.OldUntilTicks) yield return old;
    }
}
