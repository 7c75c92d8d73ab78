using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Tokamak.App.Tests.Referral;

/// <summary>The list of tests/mutate stays true while the code under it moves; the script itself takes minutes.</summary>
public sealed partial class MutationListTests
{
    private static readonly Mutation[] List = JsonSerializer.Deserialize<Mutation[]>(
        File.ReadAllText(Repository.Path("tests", "mutations", "mutations.json")), JsonSerializerOptions.Web)!;

    [Fact]
    public void What_a_mutation_replaces_stands_in_its_file_exactly_once() => Assert.All(List, mutation =>
    {
        var text = File.ReadAllText(Repository.Path(mutation.File));
        Assert.Equal(2, text.Split(mutation.Find).Length);
        Assert.NotEqual(mutation.Find, mutation.Replace);
    });

    [Fact]
    public void The_test_that_is_to_notice_exists()
    {
        var tests = Directory.GetFiles(Repository.Path("tests"), "*Tests.cs", SearchOption.AllDirectories)
            .SelectMany(file => TestName().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value)).ToHashSet();
        Assert.All(List, mutation =>
        {
            Assert.Contains(mutation.FailingTest.Split('(')[0], tests);
            if (mutation.FailingTest.Contains('(', StringComparison.Ordinal))
                Assert.Contains(mutation.FailingTest.Split('"')[1], CaseFolder.NamesIn(CaseFolder.OurOwn));
        });
    }

    [Fact]
    public void Every_rule_is_broken_in_two_ways_or_more() =>
        Assert.All(Enumerable.Range(1, 16), rule => Assert.True(List.Count(mutation => mutation.Rule == $"R{rule}") >= 2, $"R{rule}"));

    private sealed record Mutation(string Rule, string File, string Find, string Replace, string FailingTest);

    [GeneratedRegex(@"public \S+ (?<name>\w+_\w+)\(", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex TestName();
}
