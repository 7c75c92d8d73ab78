using System.Text.RegularExpressions;

namespace Tokamak.App.Tests.Tidy;

/// <summary>What lies where: tests beside what they test, nothing built or large in git, links that lead somewhere.</summary>
public static partial class Layout
{
    public const int MostBytes = 600_000;

    private static readonly string[] Built = ["bin", "obj", "node_modules", "TestResults", "artifacts"];
    private static readonly string[] Litter = [".db", ".sqlite", ".log", ".orig", ".rej", ".bak", ".user", ".suo", ".nupkg"];

    // Tests that look at the whole: the three faces in a browser, and this folder.
    private static readonly string[] OfTheWhole = ["tests/Tokamak.App.Tests/Browser", "tests/Tokamak.App.Tests/Tidy"];

    /// <summary>A test stands in the folder of the same name as what it tests.</summary>
    public static IEnumerable<Finding> CheckMirror(SourceFile file, Func<string, bool> exists)
    {
        if (file.Parts is not ["tests", var project, ..] || !project.EndsWith(".Tests", StringComparison.Ordinal) || !file.Is(".cs") || !Test().IsMatch(file.Text)) yield break;
        var folder = string.Join('/', file.Parts[..^1]);
        var mirrored = string.Join('/', ["src", project[..^".Tests".Length], .. file.Parts[2..^1]]);
        if (Array.Exists(OfTheWhole, whole => folder == whole || folder.StartsWith(whole + "/", StringComparison.Ordinal))) yield break;
        if (file.Parts.Length == 3 || !exists(mirrored))
            yield return new Finding(file.Path, 0, $"there is no {mirrored} that it would test: put it into the folder that mirrors its subject.");
    }

    public static IEnumerable<Finding> CheckTracked(string path, long bytes)
    {
        if (bytes > MostBytes) yield return new Finding(path, 0, $"{bytes:N0} bytes are more than {MostBytes:N0}: generate it, or keep a smaller part.");
        if (path.Split('/')[..^1].Intersect(Built).Any()) yield return new Finding(path, 0, "built or fetched: take it out of git and name it in .gitignore.");
        if (Array.Exists(Litter, ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))) yield return new Finding(path, 0, "litter of a tool: take it out of git.");
    }

    /// <summary>Relative links of a page; what stands in code is no link.</summary>
    public static IEnumerable<Finding> CheckLinks(SourceFile file, Func<string, bool> exists)
    {
        if (!file.Is(".md")) yield break;
        var fenced = false;
        foreach (var (number, line) in file.Lines)
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal)) fenced = !fenced;
            if (fenced) continue;
            foreach (Match link in Link().Matches(InlineCode().Replace(line, "")))
            {
                var target = Uri.UnescapeDataString(link.Groups["target"].Value.Split('#')[0]);
                if (target.Length == 0 || Elsewhere().IsMatch(target)) continue;
                var folder = string.Join('/', file.Parts[..^1]);
                if (!exists(Resolve(target.StartsWith('/') ? target[1..] : folder + "/" + target)))
                    yield return new Finding(file.Path, number, $"{target} does not exist: mend the link or write the page.");
            }
        }
    }

    /// <summary>The list of tests that may be skipped names tests that exist; one a line, # begins a comment.</summary>
    public static IEnumerable<Finding> CheckExpectedSkips(SourceFile list, Func<string, bool> isTest)
    {
        foreach (var (number, line) in list.Lines)
        {
            var name = line.Split('#')[0].Trim();
            if (name.Length > 0 && !isTest(name.Split('(')[0].Split('.')[^1]))
                yield return new Finding(list.Path, number, $"there is no test {name}: take it off the list.");
        }
    }

    private static string Resolve(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0) parts.RemoveAt(parts.Count - 1);
            else if (part != ".") parts.Add(part);
        }
        return string.Join('/', parts);
    }

    [GeneratedRegex(@"^\s*\[(Fact|Theory)\b", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Test();

    [GeneratedRegex(@"\]\(\s*<?(?<target>[^)\s>]+)>?(\s+""[^""]*"")?\s*\)|^\s*\[[^\]]+\]:\s*(?<target>\S+)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`", RegexOptions.None, 5000)]
    private static partial Regex InlineCode();

    [GeneratedRegex("^([a-z][a-z0-9+.-]*:|//)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Elsewhere();
}
