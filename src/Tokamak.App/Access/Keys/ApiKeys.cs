using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Tokamak.App.Access.Keys;

/// <summary>
/// The keys of all brands. A key is <c>tok_ID_SECRET</c>: the id finds it, the keyed hash of the whole proves it. What the catalogue
/// said is believed for a second, so a key that was revoked anywhere ends within that.
/// </summary>
public sealed class ApiKeys(StaffCatalogue catalogue, TimeProvider time) : IDisposable
{
    public const int DefaultPerSecond = 200, MostPerSecond = 100_000, MostLettersOfName = 100;

    private const string Prefix = "tok_";
    private const int IdBytes = 8, SecretBytes = 32, MostLettersOfKey = 200;
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, DateTime> _used = new();
    private readonly SemaphoreSlim _reading = new(1, 1);
    private (FrozenDictionary<string, ApiKey> Keys, long At)? _known;
    private readonly HashSecret _secret = new(catalogue);
    private byte[]? _hashKey;

    /// <summary>Makes a key. The text is given once and kept nowhere.</summary>
    public async Task<(ApiKey Key, string Text)> CreateAsync(string brand, string name, IReadOnlyCollection<ApiScope> scopes, int perSecond, CancellationToken stop)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        var text = $"{Prefix}{id}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes))}";
        var hashKey = await HashKeyAsync(stop);
        var key = new ApiKey
        {
            Id = id, Brand = brand, Name = name, SecretHash = HashOf(hashKey, text), Scopes = string.Join(' ', scopes.Distinct().Order().Select(ApiKey.NameOf)),
            PerSecond = perSecond, CreatedAtUtc = time.GetUtcNow().UtcDateTime,
        };
        await catalogue.WriteAsync(context => Task.FromResult(context.ApiKeys.Add(key)), stop);
        _known = null;
        return (key, text);
    }

    public Task<List<ApiKey>> ListAsync(string brand, CancellationToken stop) => catalogue.ReadAsync(
        context => context.ApiKeys.AsNoTracking().Where(key => key.Brand == brand).OrderBy(key => key.CreatedAtUtc).ThenBy(key => key.Id).ToListAsync(stop), stop);

    /// <returns>False: there is no such key of the brand that still holds.</returns>
    public async Task<bool> RevokeAsync(string brand, string id, CancellationToken stop)
    {
        var revoked = await catalogue.WriteAsync(async context =>
        {
            if (await context.ApiKeys.SingleOrDefaultAsync(key => key.Brand == brand && key.Id == id && key.RevokedAtUtc == null, stop) is not { } key) return false;
            key.RevokedAtUtc = time.GetUtcNow().UtcDateTime;
            return true;
        }, stop);
        _known = null;
        return revoked;
    }

    /// <summary>The key that a request came with; null for one that does not hold.</summary>
    public async ValueTask<ApiKey?> FindAsync(string text, CancellationToken stop)
    {
        if (text.Length > MostLettersOfKey || !text.StartsWith(Prefix, StringComparison.Ordinal) || text.Split('_') is not [_, var id, _]) return null;
        var keys = _known is var (known, at) && time.GetElapsedTime(at) < Believed ? known : await ReadAsync(stop);
        if (!keys.TryGetValue(id, out var key)) return null;
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(key.SecretHash), Encoding.ASCII.GetBytes(HashOf(_hashKey!, text)))) return null;
        _used[id] = time.GetUtcNow().UtcDateTime;
        return key;
    }

    /// <summary>Keyed hash of an input, in hexadecimal: the input cannot be guessed from it without the catalogue.</summary>
    public string HashOf(params ReadOnlySpan<byte[]> input)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _hashKey!);
        foreach (var part in input)
        {
            hash.AppendData(BitConverter.GetBytes(part.Length));
            hash.AppendData(part);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Writes down when keys were last used.</summary>
    public async Task NoteUsesAsync(CancellationToken stop)
    {
        var used = _used.ToArray();
        if (used.Length == 0) return;
        var ids = used.Select(use => use.Key).ToList();
        await catalogue.WriteAsync(async context =>
        {
            foreach (var key in await context.ApiKeys.Where(key => ids.Contains(key.Id)).ToListAsync(stop)) key.LastUsedAtUtc = _used[key.Id];
            return true;
        }, stop);
        foreach (var use in used) _used.TryRemove(use);
    }

    public void Dispose() => _reading.Dispose();

    private async Task<FrozenDictionary<string, ApiKey>> ReadAsync(CancellationToken stop)
    {
        await _reading.WaitAsync(stop);
        try
        {
            if (_known is var (known, at) && time.GetElapsedTime(at) < Believed) return known;
            var asked = time.GetTimestamp();
            await HashKeyAsync(stop);
            var keys = await catalogue.ReadAsync(context => context.ApiKeys.AsNoTracking().Where(key => key.RevokedAtUtc == null).ToListAsync(stop), stop);
            var found = keys.ToFrozenDictionary(key => key.Id, StringComparer.Ordinal);
            _known = (found, asked);
            return found;
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task<byte[]> HashKeyAsync(CancellationToken stop) => _hashKey ??= await _secret.ValueAsync(stop);

    private static string HashOf(byte[] key, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
}
