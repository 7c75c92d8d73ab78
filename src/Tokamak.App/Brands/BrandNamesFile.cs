namespace Tokamak.App.Brands;

/// <summary>Reads a file of names; no file is no names.</summary>
public static class BrandNamesFile
{
    private const long MaxBytes = 64 << 20;

    /// <exception cref="IOException">The file cannot be read.</exception>
    public static (BrandNames? Names, IReadOnlyList<FileFault> Wrong) Read(string? path)
    {
        if (path is null) return (BrandNames.None, []);
        if (new FileInfo(path).Length > MaxBytes) return (null, [new FileFault(path, new($"the file is larger than {MaxBytes:N0} bytes; is it a file of names?"))]);
        var (names, faults) = BrandNames.Parse(File.ReadAllBytes(path));
        return (names, [.. faults.Select(f => new FileFault(path, f))]);
    }
}
