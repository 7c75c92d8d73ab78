using System.Collections.Concurrent;
using System.Data.Common;
using Npgsql;
using Tokamak.App.Web;

namespace Tokamak.App.Data;

/// <summary>
/// The catalogue of brands and the way to each brand's books. On PostgreSQL the catalogue is schema <c>tokamak</c> and a brand is schema
/// <c>brand_NAME</c>; on SQLite the catalogue is the file that <c>--db</c> names and a brand the file <c>x.NAME.db</c> beside <c>x.db</c>.
/// One for the life of the process, safe for many callers. Whatever it opens, it first migrates.
/// </summary>
public sealed class Databases : IAsyncDisposable
{
    private const string CatalogueSchema = "tokamak";

    private readonly DatabaseAddress _address;
    private readonly SqliteLock? _lock;
    private readonly NpgsqlDataSource? _pool;
    private readonly SemaphoreSlim? _held;
    private readonly Place _catalogue;
    private readonly Migrations _ofBrands;
    private readonly ConcurrentDictionary<string, BrandDatabase> _open = new();
    private readonly SemaphoreSlim _opening = new(1, 1);
    private bool _disposed;

    private Databases(DatabaseAddress address, SqliteLock? held, NpgsqlDataSource? pool, SemaphoreSlim? heldTurns, Place catalogue)
    {
        (_address, _lock, _pool, _held, _catalogue) = (address, held, pool, heldTurns, catalogue);
        _ofBrands = Migrations.Embedded(address.Provider, "brand");
    }

    public Provider Provider => _address.Provider;

    /// <summary>What it is, for people: without the password.</summary>
    public string Shown => _address.Shown;

    /// <summary>Opens the catalogue, makes it if it is not there, and migrates it.</summary>
    /// <exception cref="WrongDatabaseException">It cannot be reached, is in use, is something else, or would not keep what it acknowledged.</exception>
    public static async Task<Databases> OpenAsync(DatabaseAddress address, CancellationToken stop)
    {
        SqliteLock? held = null;
        NpgsqlDataSource? pool = null;
        SemaphoreSlim? heldTurns = null;
        Place? catalogue = null;
        try
        {
            if (address.Provider == Provider.Sqlite)
            {
                address = address with { Text = SqliteFile.Real(address.Text) };
                held = SqliteLock.Take(address.Text);
                SqliteRestore.RefuseUnfinished(address.Text);
                catalogue = SqliteFile.Open(address.Text, SqliteFile.Catalogue, mayMake: true);
            }
            else
            {
                pool = await PostgresPool.OpenAsync(address, stop);
                heldTurns = new SemaphoreSlim(PostgresPool.MostHeld(pool));
                catalogue = new PostgresSchema(pool, heldTurns, CatalogueSchema, address.Shown);
            }
            await Migrations.Embedded(address.Provider, "catalogue").ApplyAsync(catalogue, mayBeEmpty: true, stop);
            return new Databases(address, held, pool, heldTurns, catalogue);
        }
        catch
        {
            if (catalogue is not null) await catalogue.DisposeAsync();
            if (pool is not null) await pool.DisposeAsync();
            held?.Dispose();
            throw;
        }
    }

    /// <summary>Adds a brand and makes its books.</summary>
    /// <exception cref="WrongDatabaseException">There is a brand of this name, the host belongs to another, or books of this name lie there already.</exception>
    public Task<BrandDatabase> AddBrandAsync(string name, string? host, CancellationToken stop) => AddBrandAsync(name, host, mayBeThere: false, stop);

    private async Task<BrandDatabase> AddBrandAsync(string name, string? host, bool mayBeThere, CancellationToken stop)
    {
        BrandName.Checked(name);
        if (host is not null) host = HostName.Checked(host);
        await using (var turn = await _catalogue.BeginWriteAsync(stop))
        {
            var isThere = await Catalogue.IsMadeAsync(turn, name, stop) is not null;
            if (isThere && !mayBeThere) throw new WrongDatabaseException($"There is a brand {name} already.");
            if (!isThere)
            {
                if (await LeftOverAsync(turn, name, stop) is { } leftOver)
                    throw new WrongDatabaseException($"{leftOver} is there already, but the catalogue knows no brand {name}: move it away, or choose another name.");
                await Catalogue.AddAsync(turn, name, stop);
                if (host is not null) await AddHostAsync(turn, name, host, stop);
                await turn.CommitAsync(stop);
            }
        }
        // If the program ends here, the next to open the brand makes its books.
        return await OpenAsync(name, stop);
    }

    /// <summary>Leads one more host name to a brand.</summary>
    public async Task AddHostAsync(string name, string host, CancellationToken stop)
    {
        host = HostName.Checked(host);
        await using var turn = await _catalogue.BeginWriteAsync(stop);
        if (await Catalogue.IsMadeAsync(turn, name, stop) is null) throw Unknown(name, await Catalogue.BrandsAsync(turn, stop));
        await AddHostAsync(turn, name, host, stop);
        await turn.CommitAsync(stop);
    }

    /// <param name="name">Null: the only brand there is.</param>
    /// <exception cref="WrongDatabaseException">There is no such brand, or the name is needed.</exception>
    public async Task<BrandDatabase> BrandAsync(string? name, CancellationToken stop)
    {
        if (name is not null && _open.TryGetValue(name, out var open)) return open;
        var brands = await BrandsAsync(stop);
        if (brands.Count == 0) throw new WrongDatabaseException($"There is no brand in {Shown} yet: add one with 'tokamak brand add NAME', or bring data in with 'tokamak import'.");
        if (name is null && brands.Count > 1) throw new WrongDatabaseException($"There are several brands in {Shown}: say with --brand which one ({Names(brands)}).");
        name ??= brands[0].Name;
        return brands.Any(brand => brand.Name == name) ? await OpenAsync(name, stop) : throw Unknown(name, brands);
    }

    /// <summary>For verbs that bring data in: makes the named brand if there is none of that name, and without a name the brand "main" in an empty catalogue.</summary>
    public async Task<BrandDatabase> BrandOrNewAsync(string? name, CancellationToken stop)
    {
        if (name is null && await BrandsAsync(stop) is not []) return await BrandAsync(null, stop);
        return await AddBrandAsync(name ?? BrandName.OfTheFirst, host: null, mayBeThere: true, stop);
    }

    /// <returns>Null: no brand has this host name.</returns>
    public async Task<BrandDatabase?> ByHostAsync(string host, CancellationToken stop)
    {
        if (HostName.Normal(host) is not { } normal) return null;
        string? name;
        await using (var turn = await _catalogue.BeginReadAsync(stop)) name = await Catalogue.BrandOfHostAsync(turn, normal, stop);
        return name is null ? null : await OpenAsync(name, stop);
    }

    /// <summary>All brands by name, with their hosts.</summary>
    public async Task<IReadOnlyList<CataloguedBrand>> BrandsAsync(CancellationToken stop)
    {
        await using var turn = await _catalogue.BeginReadAsync(stop);
        return await Catalogue.BrandsAsync(turn, stop);
    }

    public Task<Turn> BeginCatalogueReadAsync(CancellationToken stop) => _catalogue.BeginReadAsync(stop);

    public Task<Turn> BeginCatalogueWriteAsync(CancellationToken stop) => _catalogue.BeginWriteAsync(stop);

    /// <summary>Whether the database answers now; for <c>/health</c>.</summary>
    public async Task<bool> AnswersAsync(CancellationToken stop)
    {
        try
        {
            await using var turn = await _catalogue.BeginReadAsync(stop);
            return true;
        }
        catch (Exception e) when (DatabaseTrouble.Is(e))
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true)) return;
        foreach (var brand in _open.Values) await brand.Place.DisposeAsync();
        await _catalogue.DisposeAsync();
        if (_pool is not null) await _pool.DisposeAsync();
        _lock?.Dispose();
        _opening.Dispose();
    }

    private async Task<BrandDatabase> OpenAsync(string name, CancellationToken stop)
    {
        if (_open.TryGetValue(name, out var open)) return open;
        await _opening.WaitAsync(stop);
        try
        {
            if (_open.TryGetValue(name, out open)) return open;
            bool made;
            await using (var turn = await _catalogue.BeginReadAsync(stop)) made = await Catalogue.IsMadeAsync(turn, name, stop) == true;
            var place = PlaceOf(name, mayMake: !made);
            try
            {
                await _ofBrands.ApplyAsync(place, mayBeEmpty: !made, stop);
                if (!made) await NoteMadeAsync(name, stop);
            }
            catch
            {
                await place.DisposeAsync();
                throw;
            }
            return _open[name] = new BrandDatabase(name, place);
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task NoteMadeAsync(string name, CancellationToken stop)
    {
        await using var turn = await _catalogue.BeginWriteAsync(stop);
        await Catalogue.NoteMadeAsync(turn, name, stop);
        await turn.CommitAsync(stop);
    }

    private Place PlaceOf(string name, bool mayMake) =>
        _pool is null ? SqliteFile.Open(SqliteFile.OfBrand(_address.Text, name), SqliteFile.Brand, mayMake) : new PostgresSchema(_pool, _held!, SchemaOf(name), Shown);

    private static string SchemaOf(string name) => "brand_" + name;

    /// <summary>Books of a brand that the catalogue does not know, perhaps another's: never taken over in silence.</summary>
    private async Task<string?> LeftOverAsync(Turn turn, string name, CancellationToken stop)
    {
        if (_pool is null) return SqliteFile.OfBrand(_address.Text, name) is var path && File.Exists(path) ? path : null;
        await using var find = turn.Command("select tablename from pg_tables where schemaname = @schema limit 1", ("schema", SchemaOf(name)));
        return await find.ExecuteScalarAsync(stop) is null ? null : $"Schema {SchemaOf(name)} of {Shown}";
    }

    private static async Task AddHostAsync(Turn turn, string name, string host, CancellationToken stop)
    {
        if (await Catalogue.BrandOfHostAsync(turn, host, stop) is { } owner)
        {
            if (owner == name) return;
            throw new WrongDatabaseException($"The host {host} belongs to brand {owner}: a host leads to one brand.");
        }
        await Catalogue.AddHostAsync(turn, name, host, stop);
    }

    private WrongDatabaseException Unknown(string name, IReadOnlyList<CataloguedBrand> brands) =>
        new(brands.Count == 0
            ? $"There is no brand {name} in {Shown}, nor any other: add it with 'tokamak brand add {name}'."
            : $"There is no brand {name} in {Shown}; there is {Names(brands)}. Add one with 'tokamak brand add NAME'.");

    private static string Names(IEnumerable<CataloguedBrand> brands) => string.Join(", ", brands.Select(brand => brand.Name));
}
