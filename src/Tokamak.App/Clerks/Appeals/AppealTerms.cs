using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.Appeals;

/// <summary>The brand's time limits of appeals.</summary>
/// <param name="AppealDays">Days after the sale, or after a period was closed that shows it, in which a clerk can appeal.</param>
/// <param name="RulingDays">Days after an appeal in which it is to be ruled on.</param>
public sealed record AppealTerms(int AppealDays, int RulingDays)
{
    public const int Most = 365;

    public static readonly AppealTerms Usual = new(30, 14);

    private const string OfAppeal = "appeal-days", OfRuling = "ruling-days";

    public static async Task<AppealTerms> OfAsync(Turn turn, CancellationToken stop)
    {
        await using var books = turn.Books();
        var set = await books.Settings.Where(setting => setting.Name == OfAppeal || setting.Name == OfRuling).ToDictionaryAsync(setting => setting.Name, setting => setting.Value, stop);
        return new AppealTerms(DaysOf(OfAppeal, Usual.AppealDays), DaysOf(OfRuling, Usual.RulingDays));

        int DaysOf(string name, int usual) => set.TryGetValue(name, out var days) ? int.Parse(days, CultureInfo.InvariantCulture) : usual;
    }

    /// <summary>Appeals that were opened keep the day they have.</summary>
    /// <param name="turn">A write turn.</param>
    /// <param name="terms">Each 1 to <see cref="Most"/>.</param>
    /// <param name="stop">Gives up.</param>
    public static Task SetAsync(Turn turn, AppealTerms terms, CancellationToken stop)
    {
        foreach (var days in (int[])[terms.AppealDays, terms.RulingDays])
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(days);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(days, Most);
        }
        return turn.UpsertAsync<SettingRow>(
            [
                new SettingRow { Name = OfAppeal, Value = terms.AppealDays.ToString(CultureInfo.InvariantCulture) },
                new SettingRow { Name = OfRuling, Value = terms.RulingDays.ToString(CultureInfo.InvariantCulture) },
            ], stop);
    }

    /// <summary>The last day on which a sale can be appealed; null for a sale that nobody knows.</summary>
    public async Task<DateOnly?> LastDayAsync(Turn turn, Zone zone, FactId sale, CancellationToken stop)
    {
        await using var books = turn.Books();
        if (await books.Sales.Where(row => row.Id == sale.Value).Select(row => (DateOnly?)row.Day).SingleOrDefaultAsync(stop) is not { } begins) return null;
        var posted = await turn.ReadAsync(
            "select day from credit where sale = @sale union select day from commission where sale = @sale", row => row.GetFieldValue<DateOnly>(0), stop, ("sale", sale.Value));
        var months = posted.Select(day => Month.Of(day).ToString()).Distinct().ToList();
        // Whoever first sees it on a statement has the days from then.
        if (await books.Periods.Where(period => months.Contains(period.Month)).MaxAsync(period => (long?)period.ClosedAtTicks, stop) is { } closed && zone.DayOf(new Instant(closed)) is var shown && shown > begins) begins = shown;
        return begins.AddDays(AppealDays);
    }
}
