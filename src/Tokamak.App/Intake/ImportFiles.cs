using System.Text;
using Tokamak.App.Brands;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Intake;

/// <summary>Where an import reads and writes.</summary>
public sealed record ImportPaths(string Mapping, string Data, string Out, string Rejects, string? Names, string? KeyFile);

/// <summary>Import from files to files: all outputs are written beside their places and put there together, or not at all.</summary>
public static class ImportFiles
{
    private const int FactsPerStep = 10_000;

    /// <exception cref="WrongInputException">The mapping, the key or the paths are wrong.</exception>
    public static Mapping ReadMapping(string path)
    {
        var faults = new List<Fault>();
        return MappingReader.Read(File.ReadAllBytes(path), faults) ?? throw new WrongInputException(faults);
    }

    /// <summary>The key for keyed ids from a file or the environment; null where none is given.</summary>
    public static KeyedIds? ReadKey(string? keyFile)
    {
        var key = keyFile is not null ? File.ReadAllBytes(keyFile) : Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable(KeyedIds.KeyVariable) ?? "");
        if (keyFile is null && key.Length == 0) return null;
        var end = key.Length;
        while (end > 0 && key[end - 1] is (byte)'\n' or (byte)'\r') end--;
        if (end < KeyedIds.MinKeyBytes)
            throw new WrongInputException(new Fault($"the key has {end} bytes and needs at least {KeyedIds.MinKeyBytes}; make one with: openssl rand -hex 32", Path: keyFile ?? KeyedIds.KeyVariable));
        return new KeyedIds(key[..end]);
    }

    /// <summary>Refuses paths that would write over an input or over each other.</summary>
    public static void CheckPaths(ImportPaths paths, Mapping mapping)
    {
        if (!Directory.Exists(paths.Data)) throw new WrongInputException(new Fault("there is no such folder; give the folder that holds the brand's files", Path: "--data " + paths.Data));
        var taken = Import.FilesOf(mapping.Sources, paths.Data).Append(Path.GetFullPath(paths.Mapping)).ToHashSet(StringComparer.Ordinal);
        if (paths.KeyFile is not null) taken.Add(Path.GetFullPath(paths.KeyFile));
        foreach (var (option, path) in ((string, string?)[])[("--out", paths.Out), ("--rejects", paths.Rejects), ("--names", paths.Names)])
        {
            if (path is null) continue;
            if (!taken.Add(Path.GetFullPath(path))) throw new WrongInputException(new Fault("would write over an input or another output; give it another name", Path: $"{option} {path}"));
            if (Directory.Exists(path)) throw new WrongInputException(new Fault("is a folder; name a file", Path: $"{option} {path}"));
            if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path)))) throw new WrongInputException(new Fault("stands in a folder that does not exist; create it first", Path: $"{option} {path}"));
        }
    }

    /// <summary>Writes facts, rejects and, if asked for, names.</summary>
    public static void Write(ImportResult result, Mapping mapping, ImportPaths paths, IImportProgress? progress)
    {
        var outputs = new List<(string Path, Action<Stream> Write)>
        {
            (paths.Out, stream => WriteFacts(result.Facts, mapping.Zone, stream, progress)),
            (paths.Rejects, result.Rejects.Write),
        };
        if (paths.Names is not null) outputs.Add((paths.Names, stream => result.Names.Write(stream, mapping.Brand, mapping.Scale)));

        var written = new List<string>();
        try
        {
            foreach (var (path, write) in outputs)
            {
                written.Add(path + ".writing");
                using var stream = new FileStream(path + ".writing", FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
                write(stream);
            }
            foreach (var (path, _) in outputs) File.Move(path + ".writing", path, overwrite: true);
        }
        finally
        {
            foreach (var path in written) File.Delete(path);
        }
    }

    private static void WriteFacts(IReadOnlyList<Fact> facts, Zone zone, Stream stream, IImportProgress? progress)
    {
        progress?.Begin("writing", facts.Count);
        using var writer = new FactWriter(stream, zone);
        for (var i = 0; i < facts.Count; i++)
        {
            writer.Write(facts[i]);
            if ((i + 1) % FactsPerStep == 0) progress?.Advance(FactsPerStep);
        }
    }
}
