using System.Diagnostics;

namespace Tokamak.App.Tests.Tidy;

/// <summary>tests/summary.mjs decides whether a run of ./test was good.</summary>
public sealed class SummaryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokamak-summary-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_last_line_is_the_sum_over_all_projects()
    {
        Write("One", "A.passes:Passed", "A.passes(row: 2):Passed");
        Write("Two", "B.passes:Passed");
        Assert.Equal((0, "3 passed, 0 failed, 0 skipped"), await SumAsync(dataIsHere: true, "One", "Two"));
    }

    [Theory]
    [InlineData("A.breaks:Failed", "1 passed, 1 failed, 0 skipped")]
    [InlineData("A.hangs:Timeout", "1 passed, 1 failed, 0 skipped")]
    [InlineData("A.unlisted:NotExecuted", "1 passed, 0 failed, 1 skipped")]
    [InlineData("A.listed:NotExecuted", "1 passed, 0 failed, 1 skipped")]
    public async Task A_failure_or_a_skip_without_reason_fails_the_run(string result, string sum)
    {
        Write("One", "A.passes:Passed", result);
        Assert.Equal((1, sum), await SumAsync(dataIsHere: true, "One"));
    }

    [Fact]
    public async Task A_listed_test_may_be_skipped_where_its_data_are_absent()
    {
        Write("One", "A.passes:Passed", "A.listed(file: \"x(1)\"):NotExecuted");
        Assert.Equal((0, "1 passed, 0 failed, 1 skipped"), await SumAsync(dataIsHere: false, "One"));
    }

    [Fact]
    public async Task A_test_that_a_machine_does_not_permit_may_be_skipped_with_data_and_without()
    {
        Write("One", "A.passes:Passed", "A.traced:NotExecuted");
        foreach (var dataIsHere in (bool[])[true, false]) Assert.Equal((0, "1 passed, 0 failed, 1 skipped"), await SumAsync(dataIsHere, "One"));
    }

    [Fact]
    public async Task A_project_without_tests_fails_the_run()
    {
        Write("One", "A.passes:Passed");
        Write("Two");
        Assert.Equal((1, "1 passed, 0 failed, 0 skipped"), await SumAsync(dataIsHere: true, "One", "Two"));
        Assert.Equal((1, "1 passed, 0 failed, 0 skipped"), await SumAsync(dataIsHere: true, "One", "Never"));
    }

    private void Write(string project, params string[] results) => File.WriteAllText(
        Path.Combine(_folder, project + ".trx"),
        string.Concat(results.Select(result => result.Split(':')).Select(parts =>
            $"<UnitTestResult testName=\"{string.Join(':', parts[..^1]).Replace("\"", "&quot;", StringComparison.Ordinal)}\" outcome=\"{parts[^1]}\" />\n")));

    private async Task<(int ExitCode, string LastLine)> SumAsync(bool dataIsHere, params string[] projects)
    {
        var skips = Path.Combine(_folder, "skips.txt");
        await File.WriteAllTextAsync(skips, "# why\nA.listed\nA.traced # not permitted here\n", TestContext.Current.CancellationToken);
        using var node = Process.Start(new ProcessStartInfo("node",
        [
            Repository.Path("tests", "summary.mjs"), "--results", _folder, "--skips", skips,
            "--data", dataIsHere ? _folder : Path.Combine(_folder, "absent"), .. projects.Select(project => project + ".csproj"),
        ]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var lines = await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (node.ExitCode, lines.TrimEnd().Split('\n')[^1]);
    }
}
