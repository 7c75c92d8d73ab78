using System.Text.RegularExpressions;
using Xunit;

namespace Tokamak.App.Tests.Tidy;

/// <summary>The style rules (CONTRIBUTING.md) held against every file of the repository.</summary>
public sealed partial class TidyTests
{
    private const string ExpectedSkips = "tests/expected-skips.txt";

    [Fact]
    public void Features_name_only_features_to_their_left_and_Core_never_names_App() => Tidy(SourceTree.Sources, FolderOrder.Check);

    [Fact]
    public void A_namespace_says_its_folder() => Tidy(SourceTree.Sources, FolderOrder.CheckNamespace);

    [Fact]
    public void Core_references_nothing_but_the_BCL() => Tidy(SourceTree.Texts, FolderOrder.CheckCoreProject);

    [Fact]
    public void Files_are_short() => Tidy(SourceTree.Sources, CodeShape.CheckLength);

    [Fact]
    public void Functions_fit_a_screen() => Tidy(SourceTree.Sources, CodeShape.CheckFunctions);

    [Fact]
    public void Names_say_what_a_thing_is() => Tidy(SourceTree.Sources, CodeShape.CheckNames);

    [Fact]
    public void Core_has_no_floating_point_outside_Insight() => Tidy(SourceTree.Sources, CodeShape.CheckNumbers);

    [Fact]
    public void Nothing_is_left_unfinished_or_skipped() => Tidy(SourceTree.Texts, Wording.CheckFinished);

    [Fact]
    public void No_file_names_a_path_of_one_machine() => Tidy(SourceTree.Texts, Wording.CheckMachinePaths);

    [Fact]
    public void No_file_names_the_host_of_a_package_registry() => Tidy(SourceTree.Texts, Wording.CheckRegistryHosts);

    [Fact]
    public void Package_versions_are_exact_and_central() => Tidy(SourceTree.Texts, PackageVersions.Check);

    [Fact]
    public void Tests_stand_in_the_folder_that_mirrors_their_subject() =>
        Tidy(SourceTree.Sources, file => Layout.CheckMirror(file, SourceTree.Exists));

    [Fact]
    public void Links_of_the_pages_lead_somewhere() => Tidy(SourceTree.Texts, file => Layout.CheckLinks(file, SourceTree.Exists));

    [Fact]
    public void Nothing_large_built_or_littered_is_in_git() =>
        Tidy(SourceTree.Tracked, path => Layout.CheckTracked(path, new FileInfo(SourceTree.On(path)).Length));

    [Fact]
    public void Tests_that_may_be_skipped_exist()
    {
        var tests = SourceTree.Sources.Where(file => file.Parts[0] == "tests")
            .SelectMany(file => TestName().Matches(file.Text)).Select(match => match.Groups["name"].Value).ToHashSet();
        Assert.Contains(nameof(Tests_that_may_be_skipped_exist), tests);
        Tidy(SourceTree.Texts.Where(file => file.Path == ExpectedSkips), file => Layout.CheckExpectedSkips(file, tests.Contains));
    }

    [Fact]
    public void The_rules_see_the_whole_repository()
    {
        Assert.Contains(SourceTree.Texts, file => file.Path == "src/Tokamak.Core/Referral/Facts.cs");
        Assert.Contains(SourceTree.Texts, file => file.Path == "tests/Tokamak.App.Tests/Tidy/TidyTests.cs");
        Assert.DoesNotContain(SourceTree.Paths, path => path.Contains("/obj/", StringComparison.Ordinal));
    }

    private static void Tidy<T>(IEnumerable<T> subjects, Func<T, IEnumerable<Finding>> rule)
    {
        var findings = subjects.SelectMany(rule).Select(finding => finding.ToString()).ToList();
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    [GeneratedRegex(@"^\s+public (async )?(Task|ValueTask|void) (?<name>\w+)\(", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex TestName();
}
