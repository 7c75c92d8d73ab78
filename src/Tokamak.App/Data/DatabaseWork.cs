using System.Data.Common;
using Tokamak.App.Cli;

namespace Tokamak.App.Data;

/// <summary>How verbs meet a database: opened for the work, closed after it, and whatever is wrong with it is a sentence and exit code 2.</summary>
public static class DatabaseWork
{
    /// <summary>Runs a verb's work over the database that <c>--db</c> or TOKAMAK_DB names.</summary>
    /// <param name="db">The value of <see cref="Options.Database"/>.</param>
    /// <param name="mayMake">Whether the verb starts a catalogue where there is none; a verb that only reads does not.</param>
    public static Task<int> RunAsync(string? db, bool mayMake, Func<Databases, Task<int>> work, CancellationToken stop) => GuardedAsync(async () =>
    {
        var address = Address(db);
        if (!mayMake && address.Provider == Provider.Sqlite && !File.Exists(address.Text))
            throw new WrongDatabaseException($"There is no database {address.Shown}: name another with --db, or make it with 'tokamak brand add NAME' or 'tokamak import'.");
        await using var databases = await Databases.OpenAsync(address, stop);
        return await work(databases);
    });

    internal static async Task<int> GuardedAsync(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (WrongDatabaseException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
        }
        catch (DbException e)
        {
            await Console.Error.WriteLineAsync($"The database did not do it ({e.Message.TrimEnd('.')}). What was not finished is undone.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"{e.Message} Check the path and whether you may read or write there.");
        }
        return ExitCodes.WrongInput;
    }

    internal static DatabaseAddress Address(string? db)
    {
        if (db is null) throw new WrongDatabaseException($"No database is named: add --db with the path of a SQLite file or a PostgreSQL connection string, or set {Options.DatabaseVariable}.");
        return DatabaseAddress.Parse(db, out var fault) ?? throw new WrongDatabaseException(fault!);
    }
}
