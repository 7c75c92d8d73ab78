using System.Diagnostics;
using System.Text;

namespace Tokamak.App.Tests.Tidy;

/// <summary>A place that breaks a rule, and what to do about it. Line 0: the file as a whole.</summary>
public sealed record Finding(string Path, int Line, string WhatToDo)
{
    public override string ToString() => Line > 0 ? $"{Path}:{Line}: {WhatToDo}" : $"{Path}: {WhatToDo}";
}

/// <summary>A file by its path from the root of the repository, with forward slashes.</summary>
public sealed record SourceFile(string Path, string Text)
{
    public IEnumerable<(int Number, string Line)> Lines => Text.Split('\n').Select((line, i) => (i + 1, line));

    /// <summary>The folders and the name.</summary>
    public string[] Parts => Path.Split('/');

    public bool Is(params string[] endings) => Array.Exists(endings, ending => Path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}

/// <summary>What git knows of this repository, and what it would take in; from an archive without git, what lies there.</summary>
public static class SourceTree
{
    private static readonly string[] NotOurs = [".git", "bin", "obj", "node_modules", "TestResults", "artifacts", "lib"];

    public static readonly string Root = FindRoot();

    /// <summary>Files that are or would be committed, ignored ones not.</summary>
    public static readonly IReadOnlyList<string> Paths =
        Git("ls-files", "-z", "--cached", "--others", "--exclude-standard") ?? Walk();

    /// <summary>Files that are committed or staged; empty without git.</summary>
    public static readonly IReadOnlyList<string> Tracked = Git("ls-files", "-z", "--cached") ?? [];

    /// <summary>Every text file. A file with a NUL byte is not one.</summary>
    public static readonly IReadOnlyList<SourceFile> Texts = [.. Paths.Select(Read).OfType<SourceFile>()];

    public static IEnumerable<SourceFile> Sources => Texts.Where(file => file.Is(".cs", ".razor"));

    public static bool Exists(string path) => Path.Exists(On(path));

    public static string On(string path) => Path.Combine(Root, path.Replace('/', Path.DirectorySeparatorChar));

    private static SourceFile? Read(string path)
    {
        var bytes = File.ReadAllBytes(On(path));
        return Array.IndexOf(bytes, (byte)0) >= 0 ? null : new SourceFile(path, Encoding.UTF8.GetString(bytes));
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Tokamak.slnx"))) return folder.FullName;
        throw new DirectoryNotFoundException("Tokamak.slnx is in no folder above the tests: build them inside the repository.");
    }

    private static string[]? Git(params string[] arguments)
    {
        if (!Path.Exists(Path.Combine(Root, ".git"))) return null;
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = Root, UseShellExecute = false, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 })!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        if (git.ExitCode != 0) throw new InvalidOperationException($"git {string.Join(' ', arguments)} failed with {git.ExitCode}.");
        // A file deleted but not yet committed is no longer ours to judge.
        return [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(path => File.Exists(On(path))).Distinct().Order(StringComparer.Ordinal)];
    }

    private static string[] Walk() =>
    [
        .. Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Intersect(NotOurs).Any())
            .Order(StringComparer.Ordinal),
    ];
}
