using System.Globalization;
using System.Text;
using Tokamak.App.Referral;
using Xunit;

namespace Tokamak.App.Tests.Referral;

/// <summary>A worked case: facts, policy, perhaps a day to look from (<c>as-of.txt</c>), and the four files that come out.</summary>
internal sealed class CaseFolder(string path)
{
    private static readonly string[] Outputs = ["credits.csv", "commission.csv", "earnings.csv", "statements.csv"];

    public static string OurOwn => Repository.Path("tests", "cases", "referral");

    /// <summary>The shared cases lie beside the shared data; neither is part of the repository.</summary>
    public static string Shared => Path.Combine(
        Path.GetDirectoryName(Environment.GetEnvironmentVariable("TOKAMAK_DATA")) ?? Repository.Path("..", "shared"), "cases", "referral");

    public string Facts => Path.Combine(path, "facts.jsonl");

    public string Policy => Path.Combine(path, "policy.json");

    public DateOnly? AsOf => File.Exists(Path.Combine(path, "as-of.txt"))
        ? DateOnly.ParseExact(File.ReadAllText(Path.Combine(path, "as-of.txt")).Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture)
        : null;

    public static IEnumerable<string> NamesIn(string folder) =>
        Directory.Exists(folder) ? Directory.GetDirectories(folder).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal) : [];

    public void ComesOutByteForByte()
    {
        var output = Directory.CreateTempSubdirectory("case").FullName;
        try
        {
            Assert.Empty(ReplayFiles.Run(Facts, Policy, output, AsOf));
            foreach (var name in Outputs)
            {
                var expected = File.ReadAllBytes(Path.Combine(path, name));
                var actual = File.ReadAllBytes(Path.Combine(output, name));
                if (!actual.AsSpan().SequenceEqual(expected))
                    Assert.Fail($"{name} differs (- expected, + actual)\n{Difference(expected, actual)}");
            }
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }

    private static string Difference(byte[] expected, byte[] actual)
    {
        var (before, after) = (Lines(expected), Lines(actual));
        return string.Join('\n', before.Except(after, StringComparer.Ordinal).Select(l => $"- {l}").Concat(after.Except(before, StringComparer.Ordinal).Select(l => $"+ {l}")));

        static string[] Lines(byte[] text) => Encoding.UTF8.GetString(text).Split('\n');
    }
}
