using System.Globalization;
using Tokamak.App.Data;

namespace Tokamak.App.Tests.Data;

/// <summary>A writer that never rests: each commit adds the same number to two tables, so that a copy of half a commit shows.</summary>
internal sealed class WriteLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _enough = new();
    private readonly BrandDatabase _brand;
    private Task _writing = Task.CompletedTask;
    private int _committed;

    private WriteLoad(BrandDatabase brand) => _brand = brand;

    /// <summary>Commits that were acknowledged.</summary>
    public int Committed => Volatile.Read(ref _committed);

    public static async Task<WriteLoad> StartAsync(BrandDatabase brand)
    {
        await brand.WriteAsync("create table left_side (n integer, filler text)", "create table right_side (n integer, filler text)");
        var load = new WriteLoad(brand);
        load._writing = Task.Run(load.WriteAsync);
        await load.ReachAsync(50);
        return load;
    }

    /// <summary>Waits until so many more commits are acknowledged.</summary>
    public async Task ReachAsync(int more)
    {
        var goal = Committed + more;
        while (Committed < goal && !_writing.IsCompleted) await Task.Delay(5);
        if (_writing.IsCompleted) await _writing;
    }

    /// <summary>How many commits a brand holds, none of them by halves and none missing before the last.</summary>
    public static async Task<int> CountAsync(BrandDatabase brand)
    {
        await using var turn = await brand.BeginReadAsync(TestContext.Current.CancellationToken);
        var lefts = await turn.ReadAsync("select n from left_side order by n");
        Assert.Equal(lefts, await turn.ReadAsync("select n from right_side order by n"));
        Assert.Equal(lefts, Enumerable.Range(1, lefts.Count).Select(n => n.ToString(CultureInfo.InvariantCulture)));
        return lefts.Count;
    }

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await _writing;
        _enough.Dispose();
    }

    private async Task WriteAsync()
    {
        var filler = new string('x', 1000);
        while (!_enough.IsCancellationRequested)
        {
            await using (var turn = await _brand.BeginWriteAsync(CancellationToken.None))
            {
                foreach (var table in new[] { "left_side", "right_side" })
                {
                    await using var insert = turn.Command($"insert into {table} (n, filler) values (@n, @filler)", ("n", _committed + 1), ("filler", filler));
                    await insert.ExecuteNonQueryAsync();
                }
                await turn.CommitAsync(CancellationToken.None);
            }
            Interlocked.Increment(ref _committed);
        }
    }
}
