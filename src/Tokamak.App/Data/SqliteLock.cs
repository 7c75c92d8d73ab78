using System.Globalization;

namespace Tokamak.App.Data;

/// <summary>
/// Keeps a second process away from a SQLite catalogue and its brands: a lock of the operating system on a file beside the catalogue,
/// held as long as the process lives and let go by the system when it ends, however it ends. The file itself stays.
/// </summary>
internal sealed class SqliteLock : IDisposable
{
    private readonly FileStream _held;

    private SqliteLock(FileStream held) => _held = held;

    public static SqliteLock Take(string catalogue)
    {
        var path = catalogue + ".lock";
        if (Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder)) throw new WrongDatabaseException($"There is no folder {folder}: make it, or name another file with --db.");
        FileStream held;
        try
        {
            held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException e) when (e is not PathTooLongException)
        {
            throw new WrongDatabaseException(
                $"{catalogue} is in use by another tokamak{Holder(path)}: stop that one first. SQLite serves one process at a time; PostgreSQL serves several (docs/operations.md).", e);
        }
        held.SetLength(0);
        held.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        held.Flush();
        return new SqliteLock(held);
    }

    public void Dispose() => _held.Dispose();

    private static string Holder(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            return int.TryParse(reader.ReadToEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var process) ? $" (process {process})" : "";
        }
        catch (IOException)
        {
            // Where the lock also keeps readers away, the number stays unknown.
            return "";
        }
    }
}
