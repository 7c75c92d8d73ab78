using Microsoft.Data.Sqlite;

namespace Tokamak.App.Data;

/// <summary>
/// Puts a backup in the place of a SQLite catalogue and its brands: copies beside them first, checks the copies, then changes names. A
/// restore that is cut off while it changes names leaves a mark, and until it is run again to its end nothing opens.
/// </summary>
internal static class SqliteRestore
{
    private const string Staged = ".staged", Mark = ".restoring";

    /// <exception cref="WrongDatabaseException">An earlier restore was cut off.</exception>
    public static void RefuseUnfinished(string catalogue)
    {
        if (File.Exists(catalogue + Mark))
            throw new WrongDatabaseException($"A restore of {catalogue} was cut off, so its files do not belong together: run the restore again, with --overwrite.");
    }

    /// <returns>Files of brands that lie there and were not in the backup; they stay.</returns>
    public static IReadOnlyList<string> Run(string catalogue, string folder, bool overwrite)
    {
        catalogue = SqliteFile.Real(catalogue);
        var sums = ReadSums(folder);
        using var held = SqliteLock.Take(catalogue);
        var targets = sums.ToDictionary(file => file.Key, file => Target(catalogue, folder, file.Key));
        var there = targets.Values.FirstOrDefault(File.Exists);
        if (there is not null && !overwrite)
            throw new WrongDatabaseException($"{there} is there already. Name another file with --db, or add --overwrite to lose what is in it.");
        try
        {
            foreach (var (name, sha256) in sums) Stage(Path.Combine(folder, name), targets[name], sha256);
            File.WriteAllText(catalogue + Mark, folder);
            foreach (var target in targets.Values)
            {
                // What the old file had not yet taken in from its log must not get into the new one.
                File.Delete(target + "-wal");
                File.Delete(target + "-shm");
                File.Move(target + Staged, target, overwrite: true);
            }
            File.Delete(catalogue + Mark);
        }
        finally
        {
            foreach (var target in targets.Values) File.Delete(target + Staged);
        }
        var ours = targets.Values.ToHashSet();
        return [.. Directory.EnumerateFiles(Path.GetDirectoryName(catalogue)!, Path.GetFileName(SqliteFile.OfBrand(catalogue, "*"))).Where(file => !ours.Contains(file)).Order(StringComparer.Ordinal)];
    }

    private static SortedDictionary<string, string> ReadSums(string folder)
    {
        var path = Path.Combine(folder, SqliteBackup.Sums);
        if (!File.Exists(path)) throw new WrongDatabaseException($"{folder} is not a backup: it has no file {SqliteBackup.Sums}. Name the folder that tokamak backup wrote.");
        var sums = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(path))
            if (line.Split("  ") is [var sha256, var name] && Path.GetFileName(name) == name) sums[name] = sha256;
            else throw new WrongDatabaseException($"{path} is not as tokamak backup writes it: take another backup.");

        foreach (var (name, sha256) in sums)
            if (Path.Combine(folder, name) is var file && (!File.Exists(file) || SqliteBackup.Sha256(file) != sha256)) throw Damaged(file);
        if (!sums.ContainsKey(SqliteBackup.Catalogue)) throw Damaged(Path.Combine(folder, SqliteBackup.Catalogue));
        foreach (var brand in SqliteBackup.BrandsIn(Path.Combine(folder, SqliteBackup.Catalogue)))
            if (SqliteFile.OfBrand(Path.Combine(folder, SqliteBackup.Catalogue), brand) is var file && !sums.ContainsKey(Path.GetFileName(file))) throw Damaged(file);
        return sums;
    }

    private static string Target(string catalogue, string folder, string name)
    {
        if (name == SqliteBackup.Catalogue) return catalogue;
        var brand = name.Split('.') is [_, var middle, _] ? BrandName.Checked(middle) : throw Damaged(Path.Combine(folder, name));
        return SqliteFile.OfBrand(catalogue, brand);
    }

    private static void Stage(string from, string target, string sha256)
    {
        var staged = target + Staged;
        File.Copy(from, staged, overwrite: true);
        using (var written = new FileStream(staged, FileMode.Open, FileAccess.ReadWrite)) written.Flush(flushToDisk: true);
        if (SqliteBackup.Sha256(staged) != sha256) throw new IOException($"{staged} did not come out as it was written.");
    }

    private static WrongDatabaseException Damaged(string file) =>
        new($"{file} is missing or not as tokamak backup wrote it: nothing was restored. Take another backup; one that was opened as a database is no longer one.");
}
