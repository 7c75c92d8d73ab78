using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Tokamak.App.Access;

/// <summary>How many times something may be tried in a window.</summary>
public sealed record AttemptLimit(int Most);

/// <summary>
/// Counts what was tried to sign in, by name and by network address, in fixed windows of this process. What succeeds is not counted: a
/// whole shop signs in from behind one address in the morning. A window forgets all that the one before counted, so nothing is ever
/// searched for what may go; keys are kept as hashes, so that a long one takes no more room.
/// </summary>
public sealed class AttemptLimits(TimeProvider time)
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    public static readonly AttemptLimit PerName = new(10);
    public static readonly AttemptLimit PerAddress = new(50);

    /// <summary>
    /// As many names and addresses as a window counts, some 10 MB. Whoever comes from so many addresses is not stopped by counting them; the
    /// accounts go on locking themselves, and who is counted already stays so.
    /// </summary>
    public const int MostKept = 100_000;

    private Counted _counted = new(0, []);

    private sealed record Counted(long Start, ConcurrentDictionary<UInt128, int> Tried);

    /// <summary>What an attempt to sign in counts against: the address, and the name if one is given.</summary>
    public static string[] KeysOf(HttpContext request, string? normalizedName = null)
    {
        var address = KeyOf(request.Connection.RemoteIpAddress);
        return normalizedName is null ? [address] : [address, $"name {Visit.Of(request).Brand} {normalizedName}"];
    }

    /// <summary>Where a request comes from. Whoever has one address of IPv6 has the 2⁶⁴ of its network: they count as one.</summary>
    public static string KeyOf(IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: true }) address = address.MapToIPv4();
        return address is { AddressFamily: AddressFamily.InterNetworkV6 } ? $"network {Convert.ToHexStringLower(address.GetAddressBytes()[..8])}" : $"address {address}";
    }

    /// <summary>Counts an attempt against its <see cref="KeysOf"/>. The address is asked first: one that is stopped uses up no name's attempts.</summary>
    public TimeSpan? Take(string[] keys) => Take(keys[0], PerAddress) ?? (keys.Length > 1 ? Take(keys[1], PerName) : null);

    /// <summary>Counts an attempt; returns how long to wait where there were too many, which counts no further.</summary>
    public TimeSpan? Take(string key, AttemptLimit limit)
    {
        var now = time.GetUtcNow().UtcTicks;
        var counted = At(now);
        var hash = HashOf(key);
        if (counted.Tried.Count >= MostKept && !counted.Tried.ContainsKey(hash)) return null;
        var tried = counted.Tried.AddOrUpdate(hash, 1, (_, before) => Math.Min(before + 1, limit.Most + 1));
        return tried > limit.Most ? TimeSpan.FromTicks(counted.Start + Window.Ticks - now) : null;
    }

    public void Forgive(string[] keys)
    {
        foreach (var key in keys) Forgive(key);
    }

    /// <summary>Takes an attempt back that turned out well.</summary>
    public void Forgive(string key)
    {
        var (tried, hash) = (At(time.GetUtcNow().UtcTicks).Tried, HashOf(key));
        if (tried.TryGetValue(hash, out var before)) tried.TryUpdate(hash, Math.Max(0, before - 1), before);
    }

    private Counted At(long now)
    {
        var (counted, start) = (_counted, now - (now % Window.Ticks));
        if (counted.Start == start) return counted;
        var begun = new Counted(start, []);
        // Of several who begin a window at once, one has begun it for all.
        var first = Interlocked.CompareExchange(ref _counted, begun, counted);
        return ReferenceEquals(first, counted) ? begun : first;
    }

    private static UInt128 HashOf(string key) => BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
