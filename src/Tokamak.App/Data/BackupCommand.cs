using System.CommandLine;
using Tokamak.App.Cli;

namespace Tokamak.App.Data;

/// <summary><c>tokamak backup</c> and <c>tokamak restore</c>: SQLite files as a folder; PostgreSQL has tools of its own.</summary>
public static class BackupCommand
{
    public static Command Create()
    {
        var output = new Option<DirectoryInfo>("--out") { Description = "New folder for the backup.", Required = true };
        var db = Options.Database();
        var command = new Command("backup", "Copy a SQLite catalogue and all its brands, also while they are in use.") { db, output };
        command.SetAction((parsed, _) => DatabaseWork.GuardedAsync(() =>
        {
            var brands = SqliteBackup.Take(File(parsed.GetValue(db), "pg_dump"), parsed.GetRequiredValue(output).FullName);
            Console.WriteLine($"{parsed.GetRequiredValue(output).FullName} holds the catalogue and {(brands.Count == 0 ? "no brand" : string.Join(", ", brands))}.");
            return Task.FromResult(ExitCodes.Done);
        }));
        return command;
    }

    public static Command CreateRestore()
    {
        var from = new Option<DirectoryInfo>("--from") { Description = "Folder that tokamak backup wrote.", Required = true };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace a database that is there; what is in it is lost." };
        var db = Options.Database();
        var command = new Command("restore", "Bring a SQLite catalogue and its brands back from a backup.") { db, from, overwrite };
        command.SetAction((parsed, _) => DatabaseWork.GuardedAsync(() =>
        {
            var path = File(parsed.GetValue(db), "pg_restore");
            foreach (var stays in SqliteRestore.Run(path, parsed.GetRequiredValue(from).FullName, parsed.GetValue(overwrite)))
                Console.WriteLine($"{stays} was not in the backup; it stays, and the catalogue does not know it.");
            Console.WriteLine($"{path} is as it was backed up.");
            return Task.FromResult(ExitCodes.Done);
        }));
        return command;
    }

    private static string File(string? db, string tool) => DatabaseWork.Address(db) is { Provider: Provider.Sqlite } address
        ? address.Text
        : throw new WrongDatabaseException($"PostgreSQL is backed up and restored with its own tools: use {tool}, as docs/operations.md shows for the whole database and for one brand.");
}
