using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Members;

namespace Tokamak.App.Members;

/// <summary>Who has asked to be erased, and who is.</summary>
public static class Erasures
{
    /// <summary>Days between asking and erasing, in which it can be taken back, unless the brand says otherwise.</summary>
    public const int UsualDays = 7;

    public const int MostDays = 30;

    private const string Days = "erasure-days";

    public static async Task<int> CoolingOffDaysAsync(Turn turn, CancellationToken stop)
    {
        await using var books = turn.Books();
        var set = await books.Settings.Where(setting => setting.Name == Days).Select(setting => setting.Value).SingleOrDefaultAsync(stop);
        return set is null ? UsualDays : int.Parse(set, CultureInfo.InvariantCulture);
    }

    /// <summary>Whoever has asked already keeps their day.</summary>
    /// <param name="turn">A write turn.</param>
    /// <param name="days">0 to <see cref="MostDays"/>: the law leaves a brand so much time.</param>
    /// <param name="stop">Gives up.</param>
    public static Task SetCoolingOffDaysAsync(Turn turn, int days, CancellationToken stop)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(days);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, MostDays);
        return turn.UpsertAsync<SettingRow>([new SettingRow { Name = Days, Value = days.ToString(CultureInfo.InvariantCulture) }], stop);
    }

    /// <summary>How it stands with a person: erased, or else the earliest day that any of their ids has asked for; null for neither.</summary>
    /// <param name="turn">Reads.</param>
    /// <param name="family">All their ids, their own first.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<ErasureRow?> OfAsync(Turn turn, IReadOnlyList<MemberId> family, CancellationToken stop)
    {
        await using var books = turn.Books();
        var ids = family.Select(id => id.Value).ToList();
        var rows = await books.Erasures.Where(row => ids.Contains(row.Member)).ToListAsync(stop);
        return rows.Find(row => row.Member == ids[0] && row.ErasedOn is not null) ?? rows.Where(row => row.ErasedOn is null).OrderBy(row => row.DueOn).FirstOrDefault();
    }

    /// <summary>Whether any of these was erased.</summary>
    public static async Task<bool> AnyGoneAsync(Turn turn, IReadOnlyCollection<MemberId> members, CancellationToken stop)
    {
        await using var books = turn.Books();
        var ids = members.Select(id => id.Value).ToList();
        return await books.Erasures.AnyAsync(row => ids.Contains(row.Member) && row.ErasedOn != null, stop);
    }
}
