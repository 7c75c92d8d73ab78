using System.Globalization;

namespace Tokamak.App.Data;

/// <summary>Where turns are taken: a SQLite file, or a schema of a PostgreSQL server. The catalogue is one, and each brand.</summary>
internal abstract class Place : IAsyncDisposable
{
    /// <summary>Writers of this process queue here, so that at most one of them waits in the database.</summary>
    protected SemaphoreSlim Writer { get; } = new(1, 1);

    public abstract Provider Provider { get; }

    /// <summary>What to call it in a sentence.</summary>
    public abstract string Shown { get; }

    /// <summary>Whether this program has closed it. That alone says so: a line that breaks can also look like something disposed of.</summary>
    public abstract bool IsClosed { get; }

    /// <summary>A read-only transaction that sees one moment: the one in which it began.</summary>
    public abstract Task<Turn> BeginReadAsync(CancellationToken stop);

    /// <summary>A read turn that is held while others are taken beside it: waits until there is room for those, too.</summary>
    public virtual Task<Turn> BeginHeldReadAsync(CancellationToken stop) => BeginReadAsync(stop);

    /// <summary>The transaction of the one writer; waits for the one before.</summary>
    /// <param name="stop">Gives up.</param>
    /// <param name="mostIdle">If nothing is asked of a server within it for so long, the server ends it; null: it waits.</param>
    public async Task<Turn> BeginWriteAsync(CancellationToken stop, TimeSpan? mostIdle = null)
    {
        await Writer.WaitAsync(stop);
        try
        {
            return await BeginWriteAsync(() => Writer.Release(), mostIdle, stop);
        }
        catch
        {
            Writer.Release();
            throw;
        }
    }

    /// <summary>The tables of this place, migrated or not.</summary>
    public async Task<bool> HasTableAsync(Turn turn, string? name, CancellationToken stop)
    {
        await using var count = turn.Command(TableCount + (name is null ? "" : " and name = @name"), name is null ? [] : [("name", name)]);
        return Convert.ToInt64(await count.ExecuteScalarAsync(stop), CultureInfo.InvariantCulture) > 0;
    }

    /// <summary>Makes the room for tables, if need be, in the turn that migrates.</summary>
    public abstract Task MakeAsync(Turn turn, CancellationToken stop);

    /// <summary>Sees that no log of this program still holds what was deleted.</summary>
    /// <returns>False: somebody still reads from it; to be tried again.</returns>
    public virtual Task<bool> ForgetLogAsync(CancellationToken stop) => Task.FromResult(true);

    public abstract ValueTask DisposeAsync();

    /// <summary>Counts tables; ends in a where clause over a column <c>name</c>.</summary>
    protected abstract string TableCount { get; }

    protected abstract Task<Turn> BeginWriteAsync(Action next, TimeSpan? mostIdle, CancellationToken stop);
}
