namespace Tokamak.App.Data;

/// <summary>The books of one brand: a schema or a file of their own, migrated.</summary>
public sealed class BrandDatabase
{
    internal BrandDatabase(string name, Place place) => (Name, Place) = (name, place);

    public string Name { get; }

    public Provider Provider => Place.Provider;

    internal Place Place { get; }

    /// <summary>Whether whoever opened it has closed it: nothing can be read or written any more.</summary>
    public bool IsClosed => Place.IsClosed;

    /// <summary>A read-only transaction that sees the one moment in which it began.</summary>
    public Task<Turn> BeginReadAsync(CancellationToken stop) => Place.BeginReadAsync(stop);

    /// <summary>The same for whoever takes other turns before this one ends, as a page does for its form. Nobody holds two of these.</summary>
    public Task<Turn> BeginHeldReadAsync(CancellationToken stop) => Place.BeginHeldReadAsync(stop);

    /// <summary>The transaction of the brand's one writer, over all processes; waits its turn.</summary>
    /// <param name="stop">Gives up.</param>
    /// <param name="mostIdle">If nothing is asked of a server within it for so long, the server ends it; null: it waits.</param>
    public async Task<Turn> BeginWriteAsync(CancellationToken stop, TimeSpan? mostIdle = null)
    {
        var turn = await Place.BeginWriteAsync(stop, mostIdle);
        turn.TimeoutSeconds = 0;
        return turn;
    }

    /// <summary>Sees that what was deleted is not still in a log beside the books, as far as that is this program's to do (docs/operations.md).</summary>
    /// <returns>False: somebody still reads from the log; to be tried again.</returns>
    public Task<bool> ForgetLogAsync(CancellationToken stop) => Place.ForgetLogAsync(stop);
}

/// <summary>A brand as the catalogue knows it.</summary>
public sealed record CataloguedBrand(string Name, IReadOnlyList<string> Hosts);
