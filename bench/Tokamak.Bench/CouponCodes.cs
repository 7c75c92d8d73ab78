using System.Diagnostics;
using System.Globalization;
using Tokamak.App.Coupons;
using Tokamak.App.Data;
using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;

namespace Tokamak.Bench;

/// <summary>A file of many codes as its download makes it, then holds and redeems of some of them, one call after the other; and how much memory that took.</summary>
internal static class CouponCodes
{
    private const int Uses = 1_000;

    public static async Task<int> MeasureAsync(string db, int codes)
    {
        var address = DatabaseAddress.Parse(db, out var fault) ?? throw new ArgumentException(fault);
        await using var databases = await Databases.OpenAsync(address, default);
        var brand = await databases.BrandOrNewAsync(null, default);
        var (now, id) = (new Instant(DateTime.UtcNow.Ticks), $"bench-{Guid.CreateVersion7():N}"[..30]);
        var series = new CouponSeries
        {
            Id = id, Name = new("量測", "Bench"), Kind = CouponKind.RandomCodes, Holding = CouponHolding.Transferable, TotalUses = codes, OnReturn = CouponOnReturn.GiveBack, Bearer = CouponBearer.Hq, Department = "",
        };
        await using (var turn = await brand.BeginWriteAsync(default))
        {
            await StoredSeries.MakeAsync(turn, series, "bench", now, default);
            await IssueCodes.AskAsync(turn, id, codes, "bench", now, default);
            await turn.CommitAsync(default);
        }
        CouponBatchRow batch;
        await using (var turn = await brand.BeginReadAsync(default)) batch = (await IssueCodes.BatchesAsync(turn, id, default))[0];
        GC.Collect();
        var (before, began) = (GC.GetTotalMemory(forceFullCollection: true), Stopwatch.GetTimestamp());
        await CouponFiles.WriteAsync(Stream.Null, brand, batch, default);
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{codes:N0} codes made, stored and written in {took:N1} s, {codes / took:N0} a second; heap {before >> 20} to {GC.GetTotalMemory(forceFullCollection: true) >> 20} MB, process {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB at most"));
        await UseAsync(brand, batch with { Issued = codes }, now);
        return 0;
    }

    private static async Task UseAsync(BrandDatabase brand, CouponBatchRow batch, Instant now)
    {
        IReadOnlyList<CouponCode> some = [];
        await foreach (var part in IssueCodes.CodesAsync(brand, batch, default))
        {
            some = part;
            break;
        }
        var (cart, until, count) = (new CouponCart("online", null, null), new Instant(now.Ticks + TimeSpan.TicksPerHour), Math.Min(Uses, some.Count));
        var took = new double[count * 2];
        for (var i = 0; i < count; i++)
        {
            var hold = $"{batch.Series}-{i}";
            var began = Stopwatch.GetTimestamp();
            await using (var turn = await brand.BeginWriteAsync(default))
            {
                await CouponUses.HoldAsync(turn, hold, [some[i].Shown], cart, until, now, default);
                await turn.CommitAsync(default);
            }
            took[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            began = Stopwatch.GetTimestamp();
            await using (var turn = await brand.BeginWriteAsync(default))
            {
                await CouponUses.RedeemAsync(turn, hold, hold, new Dictionary<string, long> { [batch.Series] = 100 }, now, default);
                await turn.CommitAsync(default);
            }
            took[count + i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }
        foreach (var (name, part) in new[] { ("hold", took[..count]), ("redeem", took[count..]) })
        {
            Array.Sort(part);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: p50 {part[count / 2]:N2} ms, p99 {part[count * 99 / 100]:N2} ms, each its own commit"));
        }
    }
}
