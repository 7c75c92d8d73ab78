using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;

namespace Tokamak.App.Members;

/// <summary>The country of phone numbers that do not say theirs: the brand's own.</summary>
internal static class Regions
{
    public const string Setting = "region", Usual = "TW";

    public static async Task<string> OfAsync(Turn turn, CancellationToken stop)
    {
        await using var books = turn.Books();
        return await books.Settings.Where(setting => setting.Name == Setting).Select(setting => setting.Value).SingleOrDefaultAsync(stop) ?? Usual;
    }
}
