using System.Text.RegularExpressions;

namespace Tokamak.App.Tests.Tidy;

/// <summary>What must not stand in a committed file. Patterns are put together, so that none matches itself.</summary>
public static class Wording
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly Regex Unfinished = new(
        @"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK|NotImple" + @"mentedException)\b|\bSk" + @"ip\s*=\s*[""$@]", RegexOptions.ExplicitCapture, Patience);

    private static readonly Regex MachinePath = new(
        @"(?<![\w.~*])/(wo" + @"rk|ro" + @"ot|fa" + @"rm|ho" + @"me/\w+)/|/tm" + @"p/bash_|[A-Z]:\\Use" + @"rs\\|fa" + @"rm-(studio|bench)", RegexOptions.ExplicitCapture, Patience);

    private static readonly Regex RegistryHost = new(
        @"api\.nu" + @"get\.org|registry\.np" + @"mjs\.org|registry\.yar" + @"npkg\.com|deb\.deb" + @"ian\.org|files\.python" + @"hosted\.org|proxy\.gol" + @"ang\.org",
        RegexOptions.IgnoreCase, Patience);

    public static IEnumerable<Finding> CheckFinished(SourceFile file) =>
        file.Is(".cs", ".razor", ".js", ".mjs", ".css", ".sql", ".sh")
            ? Where(file, Unfinished, "finish it, or say in the issue tracker what is left; a test is skipped at run time and only if tests/expected-skips.txt lists it.")
            : [];

    public static IEnumerable<Finding> CheckMachinePaths(SourceFile file) =>
        Where(file, MachinePath, "this path is of one machine: write it relative to the repository, or take it as an argument.");

    public static IEnumerable<Finding> CheckRegistryHosts(SourceFile file) =>
        Where(file, RegistryHost, "do not name a registry's host, everyone has their own: leave it to the client's settings (npm: omit-lockfile-registry-resolved).");

    private static IEnumerable<Finding> Where(SourceFile file, Regex pattern, string whatToDo)
    {
        foreach (var (number, line) in file.Lines)
            if (pattern.Match(line) is { Success: true } match)
                yield return new Finding(file.Path, number, $"'{match.Value}': {whatToDo}");
    }
}
