using System.Globalization;

namespace Tokamak.App.Data;

/// <summary>
/// Keeps a second process away from a SQLite catalogue and its brands: a lock of the operating system on a file beside the catalogue,
/// held as long as the process lives and let go by the system when it ends, however it ends. The file itself stays. Another beside it
/// says which process holds the lock, since a locked file cannot be read everywhere.
/// </summary>
internal sealed class SqliteLock : IDisposable
{
    private readonly FileStream _held;
    private readonly string _holder;

    private SqliteLock(FileStream held, string holder) => (_held, _holder) = (held, holder);

    public static SqliteLock Take(string catalogue)
    {
        var path = catalogue + ".lock";
        if (Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder)) throw new WrongDatabaseException($"There is no folder {folder}: make it, or name another file with --db.");
        FileStream held;
        try
        {
            held = Lock(path);
        }
        catch (IOException e) when (e is not PathTooLongException)
        {
            throw new WrongDatabaseException(
                $"{catalogue} is in use by another tokamak{Holder(path)}: stop that one first. SQLite serves one process at a time; PostgreSQL serves several (docs/operations.md).", e);
        }
        if (!Holds(path))
        {
            held.Dispose();
            throw new WrongDatabaseException($"Files beside {catalogue} cannot be locked, so a second process could damage the database: put it on a local disk, or use PostgreSQL.");
        }
        var holder = HolderFile(path);
        File.WriteAllText(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new SqliteLock(held, holder);
    }

    public void Dispose()
    {
        File.Delete(_holder);
        _held.Dispose();
    }

    private static string HolderFile(string path) => path + ".pid";

    private static FileStream Lock(string path) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);

    // Some network disks, and a setting of .NET, grant every lock to everyone.
    private static bool Holds(string path)
    {
        try
        {
            Lock(path).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static string Holder(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(HolderFile(path)), NumberStyles.None, CultureInfo.InvariantCulture, out var process) ? $" (process {process})" : "";
        }
        catch (IOException)
        {
            // It is only just starting or ending.
            return "";
        }
    }
}
