using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;

namespace Tokamak.App.Clerks.Targets;

/// <summary>Whether clerks are shown how they stand beside their store, too. Unless the head office says so, each is compared only with the own past.</summary>
public static class ComparisonSetting
{
    private const string Name = "store-comparison", On = "on", Off = "off";

    public static async Task<bool> IsOnAsync(Turn turn, CancellationToken stop)
    {
        await using var books = turn.Books();
        return await books.Settings.AnyAsync(setting => setting.Name == Name && setting.Value == On, stop);
    }

    /// <param name="turn">A write turn; to be committed.</param>
    /// <param name="on">Whether they are.</param>
    /// <param name="stop">Gives up.</param>
    public static Task SetAsync(Turn turn, bool on, CancellationToken stop) => turn.UpsertAsync<SettingRow>([new SettingRow { Name = Name, Value = on ? On : Off }], stop);
}
