using Xunit;

namespace Tokamak.App.Tests.Tidy;

/// <summary>Each rule finds what it is for, at the line where it stands, and lets the allowed neighbour pass.</summary>
public sealed class TidyRulesTests
{
    private const string CoreFile = "src/Tokamak.Core/Orders/X.cs";
    private const string AppFile = "src/Tokamak.App/Referral/X.cs";

    [Theory]
    [InlineData(CoreFile, "using Tokamak.Core.Referral;", 1)]
    [InlineData(CoreFile, "// why\nusing Tokamak.App.Orders;", 2)]
    [InlineData(CoreFile, "namespace A;\nvar x = Core.Insight.Chart.Of(1);", 2)]
    [InlineData(AppFile, "using Tokamak.App.Intake;", 1)]
    [InlineData("src/Tokamak.App/Orders/X.razor", "@using Tokamak.App.Demo", 1)]
    [InlineData("src/Tokamak.App/Attic/X.cs", "", 0)]
    [InlineData("src/Tokamak.App/X.cs", "", 0)]
    public void A_feature_that_names_one_to_its_right_is_found(string path, string text, int line) =>
        Found(FolderOrder.Check, path, text, line);

    [Theory]
    [InlineData(CoreFile, "using Tokamak.Core.Kernel;\nusing Tokamak.Core.Stock; // not Tokamak.Core.Referral")]
    [InlineData(AppFile, "using Tokamak.Core.Insight;\nusing Tokamak.App.Brands;\nusing Tokamak.App.Web;")]
    [InlineData("src/Tokamak.App/Cli/Verbs.cs", "using Tokamak.App.Demo;")]
    public void A_feature_may_name_those_to_its_left(string path, string text) => Clean(FolderOrder.Check, path, text);

    [Fact]
    public void A_namespace_that_is_not_its_folder_is_found()
    {
        Found(FolderOrder.CheckNamespace, AppFile, "using System;\nnamespace Tokamak.App.Demo;", 2);
        Clean(FolderOrder.CheckNamespace, AppFile, "namespace Tokamak.App.Referral;");
        Clean(FolderOrder.CheckNamespace, "tests/Tokamak.App.Tests/Tidy/X.cs", "namespace Tokamak.App.Tests.Tidy;");
    }

    [Fact]
    public void A_reference_of_Core_beyond_the_BCL_is_found()
    {
        const string project = "src/Tokamak.Core/Tokamak.Core.csproj";
        Found(FolderOrder.CheckCoreProject, project, """<Project><ItemGroup><PackageReference Include="NodaTime" /></ItemGroup></Project>""", 0);
        Found(FolderOrder.CheckCoreProject, CoreFile, "using System;\nusing NodaTime;", 2);
        Clean(FolderOrder.CheckCoreProject, project, """<Project><ItemGroup><PackageReference Include="An.Analyzer" PrivateAssets="all" /></ItemGroup></Project>""");
        Clean(FolderOrder.CheckCoreProject, CoreFile, "using System;\nusing Tokamak.Core.Kernel;");
    }

    [Fact]
    public void A_file_longer_than_the_limit_is_found()
    {
        Found(CodeShape.CheckLength, AppFile, Repeat("// line\n", CodeShape.MostLinesOfFile + 1), 0);
        Clean(CodeShape.CheckLength, AppFile, Repeat("// line\n", CodeShape.MostLinesOfFile));
    }

    [Fact]
    public void A_function_longer_than_a_screen_is_found_at_its_first_line()
    {
        Found(CodeShape.CheckFunctions, AppFile, Function(CodeShape.MostLinesOfFunction + 1), 3);
        Clean(CodeShape.CheckFunctions, AppFile, Function(CodeShape.MostLinesOfFunction));

        static string Function(int lines) => "class A\n{\n  void F()\n  {\n" + Repeat("    G();\n", lines - 3) + "  }\n}\n";
    }

    [Theory]
    [InlineData("class OrderManager;", 1)]
    [InlineData("namespace A;\npublic sealed record SaleDto(int Net);", 2)]
    [InlineData("static class DateUtils;", 1)]
    [InlineData("interface IOrderService;", 1)]
    public void A_type_name_that_says_nothing_is_found(string text, int line) => Found(CodeShape.CheckNames, AppFile, text, line);

    [Fact]
    public void A_folder_or_page_name_that_says_nothing_is_found()
    {
        Found(CodeShape.CheckNames, "src/Tokamak.App/Common/X.cs", "", 0);
        Found(CodeShape.CheckNames, "src/Tokamak.App/Web/PageBase.razor", "", 0);
        Clean(CodeShape.CheckNames, AppFile, "record ServiceFact; record ServiceTerms; class Database; enum Fulfil { Service }");
    }

    [Theory]
    [InlineData("long a = 1;\ndouble b = 2;", 2)]
    [InlineData("var net = 1.5m;", 1)]
    [InlineData("var net = System.Decimal.Parse(text);", 1)]
    public void Floating_point_in_Core_is_found(string text, int line) => Found(CodeShape.CheckNumbers, CoreFile, text, line);

    [Fact]
    public void Floating_point_may_stand_in_Insight_in_App_and_in_comments()
    {
        Clean(CodeShape.CheckNumbers, "src/Tokamak.Core/Insight/X.cs", "double mean = 1.5;");
        Clean(CodeShape.CheckNumbers, AppFile, "double seconds = 1.5;");
        Clean(CodeShape.CheckNumbers, CoreFile, "// no double here\nlong a = 1; // 1.5");
    }

    [Fact]
    public void Unfinished_work_and_skipped_tests_are_found()
    {
        Found(Wording.CheckFinished, AppFile, "\n// TO" + "DO: later", 2);
        Found(Wording.CheckFinished, AppFile, "throw new NotImple" + "mentedException();", 1);
        Found(Wording.CheckFinished, AppFile, "[Fact(Sk" + "ip = \"slow\")]", 1);
        Clean(Wording.CheckFinished, AppFile, "rows.Skip(1); // nothing to do");
    }

    [Fact]
    public void Paths_of_a_machine_and_hosts_of_registries_are_found()
    {
        Found(Wording.CheckMachinePaths, "README.md", "cd /wo" + "rk/main", 1);
        Found(Wording.CheckMachinePaths, "README.md", "\nC:\\Use" + "rs\\me", 2);
        Clean(Wording.CheckMachinePaths, "README.md", "cd src/wo" + "rk/main; open https://example.org/wo" + "rk/");
        Found(Wording.CheckRegistryHosts, "package-lock.json", "\"https://registry.np" + "mjs.org/x\"", 1);
        Clean(Wording.CheckRegistryHosts, "README.md", "npm install");
    }

    [Theory]
    [InlineData("src/A/A.csproj", """<Project><PackageReference Include="X" Version="1.0.0" /></Project>""", 1)]
    [InlineData("src/A/A.csproj", "<Project>\n<PackageReference Include=\"X\" VersionOverride=\"1.0.0\" /></Project>", 2)]
    [InlineData("Directory.Build.props", """<Project><PackageVersion Include="X" Version="1.0.0" /></Project>""", 1)]
    [InlineData("Directory.Packages.props", """<Project><PackageVersion Include="X" Version="1.*" /></Project>""", 1)]
    [InlineData("Directory.Packages.props", """<Project><PackageVersion Include="X" Version="[1.0.0,2.0.0)" /></Project>""", 1)]
    [InlineData("src/A/package.json", """{"dependencies":{"x":"^1.0.0"}}""", 0)]
    public void A_version_that_floats_or_stands_elsewhere_is_found(string path, string text, int line) =>
        Found(PackageVersions.Check, path, text, line);

    [Fact]
    public void Exact_central_versions_pass()
    {
        Clean(PackageVersions.Check, "src/A/A.csproj", """<Project><PackageReference Include="X" /></Project>""");
        Clean(PackageVersions.Check, "Directory.Packages.props", """<Project><PackageVersion Include="X" Version="1.0.0-rc.1" /></Project>""");
        Clean(PackageVersions.Check, "src/A/package.json", """{"dependencies":{"x":"1.0.0"}}""");
    }

    [Fact]
    public void A_test_without_its_subject_is_found()
    {
        IEnumerable<Finding> Mirror(SourceFile file) => Layout.CheckMirror(file, path => path == "src/Tokamak.App/Demo");
        Found(Mirror, "tests/Tokamak.App.Tests/Attic/XTests.cs", "[Fact]", 0);
        Found(Mirror, "tests/Tokamak.App.Tests/XTests.cs", "[Fact]", 0);
        Clean(Mirror, "tests/Tokamak.App.Tests/Demo/XTests.cs", "[Fact]");
        Clean(Mirror, "tests/Tokamak.App.Tests/Host.cs", "class Host;");
    }

    [Fact]
    public void Large_built_and_littered_files_are_found()
    {
        Assert.Single(Layout.CheckTracked("a.json", Layout.MostBytes + 1));
        Assert.Single(Layout.CheckTracked("src/A/bin/a.txt", 1));
        Assert.Single(Layout.CheckTracked("a.db", 1));
        Assert.Empty(Layout.CheckTracked("src/A/cabin.cs", Layout.MostBytes));
    }

    [Fact]
    public void A_link_to_nowhere_is_found()
    {
        IEnumerable<Finding> Links(SourceFile file) => Layout.CheckLinks(file, path => path == "docs/a.md");
        Found(Links, "docs/b.md", "\nsee [c](c.md#part)", 2);
        Found(Links, "docs/b.md", "![c](../c.png \"C\")", 1);
        Clean(Links, "docs/b.md", "[a](a.md#x) [a](../docs/a.md) [a](/docs/a.md) [w](https://example.org) [h](#here) `[c](c.md)`\n```\n[c](c.md)\n```");
    }

    [Fact]
    public void An_expected_skip_that_names_no_test_is_found()
    {
        IEnumerable<Finding> Skips(SourceFile file) => Layout.CheckExpectedSkips(file, name => name == "It_runs");
        Found(Skips, "tests/expected-skips.txt", "# why\nTokamak.XTests.It_walks", 2);
        Clean(Skips, "tests/expected-skips.txt", "# why\n\nTokamak.XTests.It_runs(db: Sqlite) # no server\n");
    }

    private static void Found(Func<SourceFile, IEnumerable<Finding>> rule, string path, string text, int line)
    {
        var finding = Assert.Single(rule(new SourceFile(path, text)));
        Assert.Equal((path, line), (finding.Path, finding.Line));
        Assert.StartsWith(line > 0 ? $"{path}:{line}: " : $"{path}: ", finding.ToString(), StringComparison.Ordinal);
    }

    private static void Clean(Func<SourceFile, IEnumerable<Finding>> rule, string path, string text) => Assert.Empty(rule(new SourceFile(path, text)));

    private static string Repeat(string line, int times) => string.Concat(Enumerable.Repeat(line, times));
}
