using Microsoft.EntityFrameworkCore;
using Tokamak.App.Access;

namespace Tokamak.App.Referral.Live;

/// <summary>Who sends facts and lets them go, by name: keys of the API and people of the office.</summary>
internal sealed class KeySenders
{
    private const string OfKey = "key ";

    private readonly Dictionary<string, string> _keys;
    private readonly Dictionary<Guid, string> _people;

    private KeySenders(Dictionary<string, string> keys, Dictionary<Guid, string> people) => (_keys, _people) = (keys, people);

    public static Task<KeySenders> ReadAsync(StaffCatalogue catalogue, string brand, CancellationToken stop) => catalogue.ReadAsync(async context => new KeySenders(
        await context.ApiKeys.AsNoTracking().Where(key => key.Brand == brand).ToDictionaryAsync(key => key.Id, key => key.Name, stop),
        await context.Accounts.AsNoTracking().Where(account => account.Brand == brand).ToDictionaryAsync(account => account.Id, account => account.DisplayName, stop)), stop);

    /// <summary>Null for the office.</summary>
    public string? NameOfKey(string? sender) => sender is null ? null : _keys.GetValueOrDefault(sender, sender);

    /// <summary>Of an account, or of <c>key ID</c>.</summary>
    public string NameOfPerson(string? by) =>
        by is null ? ""
        : by.StartsWith(OfKey, StringComparison.Ordinal) ? _keys.GetValueOrDefault(by[OfKey.Length..], by)
        : Guid.TryParse(by, out var account) && _people.GetValueOrDefault(account) is { Length: > 0 } name ? name : by[^Math.Min(4, by.Length)..];
}
