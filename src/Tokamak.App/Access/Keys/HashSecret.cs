using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Tokamak.App.Access.Keys;

/// <summary>
/// What hashes are keyed with: one secret of the catalogue, made by whoever needs it first, and one of each brand and use that follows
/// from it. Hashes in a brand's database say nothing to who has that database alone.
/// </summary>
public sealed class HashSecret(StaffCatalogue catalogue)
{
    private const int Bytes = 32;

    private byte[]? _value;

    public async ValueTask<byte[]> ValueAsync(CancellationToken stop)
    {
        if (_value is { } known) return known;
        var value = await catalogue.ReadAsync(context => context.HashKeys.AsNoTracking().Select(key => key.Value).SingleOrDefaultAsync(stop), stop)
            ?? await catalogue.WriteAsync(async context =>
            {
                if (await context.HashKeys.SingleOrDefaultAsync(stop) is { } made) return made.Value;
                return context.HashKeys.Add(new HashKey { Value = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes)) }).Entity.Value;
            }, stop);
        return _value = Convert.FromHexString(value);
    }

    public async ValueTask<byte[]> OfBrandAsync(string brand, string use, CancellationToken stop) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, await ValueAsync(stop), Bytes, info: Encoding.UTF8.GetBytes($"{use}\n{brand}"));
}
