using Tokamak.App.Data;

namespace Tokamak.App.Access;

/// <summary>
/// The accounts of all brands, read and written in turns of the control catalogue. Writers follow one another on both databases, so
/// what a write checks still holds when it commits.
/// </summary>
public sealed class StaffCatalogue(Databases databases)
{
    public async Task<T> ReadAsync<T>(Func<AccountsContext, Task<T>> read, CancellationToken stop)
    {
        await using var turn = await databases.BeginCatalogueReadAsync(stop);
        await using var context = AccountsContext.Over(turn);
        return await read(context);
    }

    /// <summary>Saves and commits what the work changed, all of it or nothing.</summary>
    public async Task<T> WriteAsync<T>(Func<AccountsContext, Task<T>> write, CancellationToken stop)
    {
        await using var turn = await databases.BeginCatalogueWriteAsync(stop);
        await using var context = AccountsContext.Over(turn);
        var result = await write(context);
        await context.SaveChangesAsync(stop);
        await turn.CommitAsync(stop);
        return result;
    }

    /// <summary>Like <see cref="WriteAsync"/> where the work may refuse: with a reason, nothing is kept.</summary>
    public async Task<T?> TryWriteAsync<T>(Func<AccountsContext, Task<T?>> write, CancellationToken stop)
        where T : struct
    {
        await using var turn = await databases.BeginCatalogueWriteAsync(stop);
        await using var context = AccountsContext.Over(turn);
        if (await write(context) is { } refusal) return refusal;
        await context.SaveChangesAsync(stop);
        await turn.CommitAsync(stop);
        return null;
    }
}
