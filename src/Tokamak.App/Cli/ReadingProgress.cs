using System.Globalization;

namespace Tokamak.App.Cli;

/// <summary>Shows on a terminal how much of a large file has been read; silent elsewhere and for small files.</summary>
public sealed class ReadingProgress(FileInfo file) : IDisposable
{
    private const long Large = 32 << 20;
    private readonly bool _shown = !Console.IsErrorRedirected && file.Exists && file.Length > Large;
    private int _percent = -1;

    public void Read(long bytes)
    {
        var percent = _shown ? (int)(bytes * 100 / file.Length) : -1;
        if (percent == _percent) return;
        _percent = percent;
        Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{file.Name}: {percent} % read"));
    }

    public void Dispose()
    {
        if (_percent >= 0) Console.Error.WriteLine();
    }
}
