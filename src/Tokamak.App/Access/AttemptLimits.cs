using System.Collections.Concurrent;

namespace Tokamak.App.Access;

/// <summary>How many times something may be tried in a window.</summary>
public sealed record AttemptLimit(int Most, TimeSpan Window);

/// <summary>
/// Counts what was tried to sign in, by name and by network address, in fixed windows of this process. What succeeds is not counted: a
/// whole shop signs in from behind one address in the morning.
/// </summary>
public sealed class AttemptLimits(TimeProvider time)
{
    public static readonly AttemptLimit PerName = new(10, TimeSpan.FromMinutes(5));
    public static readonly AttemptLimit PerAddress = new(50, TimeSpan.FromMinutes(5));

    /// <summary>Above this many names and addresses the ended windows are swept out.</summary>
    private const int ManyKept = 10_000;

    private readonly ConcurrentDictionary<string, (long Window, int Tried)> _tried = new(StringComparer.Ordinal);

    /// <summary>Counts an attempt; returns how long to wait where there were too many, which counts no further.</summary>
    public TimeSpan? Take(string key, AttemptLimit limit)
    {
        if (_tried.Count > ManyKept) Sweep();
        var now = time.GetUtcNow().UtcTicks;
        var window = now - (now % limit.Window.Ticks);
        var (_, tried) = _tried.AddOrUpdate(key, (window, 1), (_, before) => before.Window == window ? (window, Math.Min(before.Tried + 1, limit.Most + 1)) : (window, 1));
        return tried > limit.Most ? TimeSpan.FromTicks(window + limit.Window.Ticks - now) : null;
    }

    /// <summary>Takes an attempt back that turned out well.</summary>
    public void Forgive(string key)
    {
        if (_tried.TryGetValue(key, out var before)) _tried.TryUpdate(key, (before.Window, Math.Max(0, before.Tried - 1)), before);
    }

    private void Sweep()
    {
        var longest = Math.Max(PerName.Window.Ticks, PerAddress.Window.Ticks);
        var ended = time.GetUtcNow().UtcTicks - longest;
        foreach (var (key, kept) in _tried)
            if (kept.Window < ended) _tried.TryRemove(key, out _);
    }
}
