using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Tokamak.App.Cli;

namespace Tokamak.App.Data;

/// <summary>
/// A copy of a SQLite catalogue and all its brands, taken while another process writes: it only reads, and each file is copied within one
/// read transaction. A backup is a folder with <c>tokamak.db</c>, <c>tokamak.NAME.db</c> for each brand, and their checksums; it is there whole or not at all.
/// </summary>
internal static class SqliteBackup
{
    public const string Catalogue = "tokamak.db", Sums = "SHA256SUMS";

    /// <returns>The brands in the backup.</returns>
    public static IReadOnlyList<string> Take(string catalogue, string folder)
    {
        catalogue = SqliteFile.Real(catalogue);
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            throw new WrongDatabaseException($"{folder} is there already: name a new folder with --out, so that no earlier backup is lost.");
        if (!File.Exists(catalogue)) throw new WrongDatabaseException($"There is no database {catalogue}: name another with --db.");
        SqliteRestore.RefuseUnfinished(catalogue);

        var partial = $"{folder}.{Guid.NewGuid():N}.partial";
        // Books hold pay and, beside them, personal data: for nobody else's eyes.
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(partial);
        else Directory.CreateDirectory(partial, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            var brands = CopyAll(catalogue, partial);
            if (Directory.Exists(folder)) Directory.Delete(folder);
            Directory.Move(partial, folder);
            return brands;
        }
        catch (SqliteException e)
        {
            throw new WrongDatabaseException($"{catalogue} could not be copied ({e.Message.TrimEnd('.')}): nothing was backed up.", e);
        }
        finally
        {
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        }
    }

    /// <summary>The brands whose books were made, as a catalogue file says that nobody writes to.</summary>
    public static List<string> BrandsIn(string catalogue)
    {
        using var connection = SqliteFile.Connect(catalogue, SqliteOpenMode.ReadOnly);
        using var select = connection.CreateCommand();
        select.CommandText = "select name from brand where made = 1 order by name";
        using var rows = select.ExecuteReader();
        var names = new List<string>();
        while (rows.Read()) names.Add(rows.GetString(0));
        return names;
    }

    public static string Sha256(string file)
    {
        using var bytes = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    private static List<string> CopyAll(string catalogue, string folder)
    {
        var copy = Path.Combine(folder, Catalogue);
        var sums = new List<string> { Steps.Run("Copying the catalogue", () => Copy(catalogue, copy, SqliteFile.Catalogue)) };
        var brands = BrandsIn(copy);
        foreach (var brand in brands)
            sums.Add(Steps.Run($"Copying brand {brand}", () => Copy(SqliteFile.OfBrand(catalogue, brand), SqliteFile.OfBrand(copy, brand), SqliteFile.Brand)));
        File.WriteAllLines(Path.Combine(folder, Sums), sums);
        return brands;
    }

    /// <returns>The line of the checksum, as <c>sha256sum</c> writes and checks it.</returns>
    private static string Copy(string from, string to, int kind)
    {
        if (!File.Exists(from)) throw new WrongDatabaseException($"{from} is missing, and the catalogue says it was there: nothing was backed up.");
        SqliteFile.RefuseOther(from, kind);
        using (var source = SqliteFile.Connect(from, SqliteOpenMode.ReadOnly))
        using (var target = SqliteFile.Connect(to, SqliteOpenMode.ReadWriteCreate))
        {
            source.BackupDatabase(target);
            // One file without a log beside it, that can be read without a trace.
            if (SqliteFile.Read(target, "journal_mode = delete") != "delete" || SqliteFile.Read(target, "quick_check(1)") is var found && found != "ok")
                throw new WrongDatabaseException($"{from} is damaged, and so is its copy: nothing was backed up. See docs/operations.md.");
        }
        using (var written = new FileStream(to, FileMode.Open, FileAccess.ReadWrite)) written.Flush(flushToDisk: true);
        return $"{Sha256(to)}  {Path.GetFileName(to)}";
    }
}
