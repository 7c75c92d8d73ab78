using System.Text.RegularExpressions;

namespace Tokamak.App.Tests.Data;

/// <summary>A page of docs whose commands are run as they stand there.</summary>
internal static class Guide
{
    public static Task<string> ReadAsync(string page) => File.ReadAllTextAsync(Repository.Path("docs", page), TestContext.Current.CancellationToken);

    /// <summary>The fenced blocks of a kind.</summary>
    public static List<string> BlocksOf(string text, string kind) =>
        [.. Regex.Matches(text, $"^```{kind}\n(?<block>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)).Select(match => match.Groups["block"].Value)];

    /// <summary>Runs lines of bash in a folder, with the verbs of the build under test; the first that fails ends it. What they printed.</summary>
    public static async Task<string> RunAsync(string folder, IEnumerable<string> lines)
    {
        var script = Path.Combine(folder, "guide.sh");
        await File.WriteAllTextAsync(script, string.Join('\n', ["set -euo pipefail", $"export PATH='{AppContext.BaseDirectory}':$PATH", $"cd '{folder}'", .. lines]), TestContext.Current.CancellationToken);
        var (code, output, errors) = await Programs.RunAsync("bash", script);
        Assert.True(code == 0, $"{output}\n{errors}");
        return output;
    }
}
