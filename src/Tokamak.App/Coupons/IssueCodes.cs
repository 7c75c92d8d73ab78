using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Coupons;

/// <summary>
/// Many random codes of a series. They are made in parts, each its own commit, as they are taken away: so a million of them take no more memory than a part, live traffic gets
/// its turn in between, and what was broken off goes on where it stopped.
/// </summary>
public static class IssueCodes
{
    /// <summary>At once, for as many as the whole island has people there are several batches.</summary>
    public const long MostOfBatch = 1_000_000;

    public const int CodesOfPart = 20_000;

    /// <summary>Asks for codes; <see cref="CodesAsync"/> makes them.</summary>
    /// <returns>The number of the batch; null: there is no such series with random codes, or it is stopped.</returns>
    public static async Task<int?> AskAsync(Turn turn, string series, long count, string by, Instant now, CancellationToken stop)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostOfBatch);
        await using var books = turn.Books();
        if (!await books.CouponSeries.AnyAsync(row => row.Id == series && row.Kind == (short)CouponKind.RandomCodes && row.StoppedAtTicks == null, stop)) return null;
        var number = (await books.CouponBatches.Where(row => row.Series == series).MaxAsync(row => (int?)row.Number, stop) ?? 0) + 1;
        await turn.InsertAsync<CouponBatchRow>([new CouponBatchRow { Series = series, Number = number, Asked = count, AskedBy = by, AskedAtTicks = now.Ticks }], stop);
        return number;
    }

    /// <summary>The latest first.</summary>
    public static async Task<IReadOnlyList<CouponBatchRow>> BatchesAsync(Turn turn, string series, CancellationToken stop)
    {
        await using var books = turn.Books();
        return await books.CouponBatches.Where(row => row.Series == series).OrderByDescending(row => row.Number).ToListAsync(stop);
    }

    /// <summary>Somebody takes a batch away, which happens once.</summary>
    /// <returns>Null: there is no such batch, or somebody has taken it.</returns>
    public static async Task<CouponBatchRow?> TakeAsync(Turn turn, string series, int number, string by, Instant now, CancellationToken stop)
    {
        if (await turn.ExecuteAsync(
            "update coupon_batch set taken_by = @by, taken_at_ticks = @now where series = @series and number = @number and taken_at_ticks is null", stop,
            ("by", by), ("now", now.Ticks), ("series", series), ("number", number)) == 0) return null;
        await using var books = turn.Books();
        return await books.CouponBatches.SingleAsync(row => row.Series == series && row.Number == number, stop);
    }

    /// <summary>It broke off on the way: it may be taken again.</summary>
    public static Task<int> PutBackAsync(Turn turn, CouponBatchRow batch, CancellationToken stop) => turn.ExecuteAsync(
        "update coupon_batch set taken_by = null, taken_at_ticks = null where series = @series and number = @number", stop, ("series", batch.Series), ("number", batch.Number));

    /// <summary>All codes of a batch in parts, always in the same order; what is not there yet is made.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<CouponCode>> CodesAsync(BrandDatabase database, CouponBatchRow batch, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var at = 0L; at < batch.Asked; at += CodesOfPart)
        {
            var part = at < batch.Issued ? await ReadAsync(database, batch, at, stop) : await MakeAsync(database, batch, at, stop);
            yield return part;
        }
    }

    /// <summary>A code that nobody has.</summary>
    public static CouponCode Fresh()
    {
        Span<byte> random = stackalloc byte[CouponCode.RandomBytes];
        RandomNumberGenerator.Fill(random);
        return CouponCode.Of(random);
    }

    private static async Task<IReadOnlyList<CouponCode>> ReadAsync(BrandDatabase database, CouponBatchRow batch, long at, CancellationToken stop)
    {
        await using var turn = await database.BeginReadAsync(stop);
        return await turn.ReadAsync(
            "select code from coupon where series = @series and batch = @batch and place >= @from and place < @until order by place",
            row => CouponCode.TryParse(row.GetString(0), out var code) ? code : throw new InvalidOperationException("a stored code does not read as one"), stop,
            ("series", batch.Series), ("batch", batch.Number), ("from", at), ("until", at + CodesOfPart));
    }

    private static async Task<IReadOnlyList<CouponCode>> MakeAsync(BrandDatabase database, CouponBatchRow batch, long at, CancellationToken stop)
    {
        var count = (int)Math.Min(CodesOfPart, batch.Asked - at);
        var codes = CodesOf(count);
        await using var turn = await database.BeginWriteAsync(stop);
        // Two that go on with a batch at once would make the same places twice: the second changes nothing and fails.
        if (await turn.ExecuteAsync(
            "update coupon_batch set issued = @until where series = @series and number = @batch and issued = @from", stop,
            ("until", at + count), ("series", batch.Series), ("batch", batch.Number), ("from", at)) == 0)
            throw new InvalidOperationException($"batch {batch.Number} of {batch.Series} is being made elsewhere");
        await turn.InsertAsync([.. codes.Select((code, place) => new CouponRow { Code = code.Value, Series = batch.Series, Batch = batch.Number, Place = at + place })], stop);
        await turn.ExecuteAsync("update coupon_series set issued = issued + @count where id = @series", stop, ("count", (long)count), ("series", batch.Series));
        await turn.CommitAsync(stop);
        return codes;
    }

    private static CouponCode[] CodesOf(int count)
    {
        var random = new byte[count * CouponCode.RandomBytes];
        RandomNumberGenerator.Fill(random);
        var codes = new CouponCode[count];
        for (var place = 0; place < count; place++) codes[place] = CouponCode.Of(random.AsSpan(place * CouponCode.RandomBytes, CouponCode.RandomBytes));
        return codes;
    }
}
