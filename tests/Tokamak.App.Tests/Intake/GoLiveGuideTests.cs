using Tokamak.App.Tests.Data;
using Xunit;

namespace Tokamak.App.Tests.Intake;

/// <summary>Every command of the guide to going live is run as it stands there, on a fresh database.</summary>
public sealed class GoLiveGuideTests
{
    // One language is enough: the commands of the other are the same, as the test below says.
    [Fact]
    public async Task Every_command_of_the_guide_works()
    {
        var folder = Directory.CreateTempSubdirectory("tokamak-guide-").FullName;
        try
        {
            var output = await Guide.RunAsync(folder, Guide.BlocksOf(await Guide.ReadAsync("go-live.md"), "sh"));
            Assert.Contains("Everything follows from the facts.", output, StringComparison.Ordinal);
            // What the page says of the example: the sale of the web shop is A's, whose member its buyer is.
            Assert.Contains("A payroll 60 tokamak 124 difference 64\nB payroll 64 tokamak 0 difference -64\n", output, StringComparison.Ordinal);
            Assert.DoesNotContain("王小明", output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Both_languages_give_the_same_commands() => Assert.Equal(
        Guide.BlocksOf(await Guide.ReadAsync("go-live.md"), "sh").Select(block => block.Replace("--language en", "--language zh-TW", StringComparison.Ordinal)),
        Guide.BlocksOf(await Guide.ReadAsync("go-live.zh-TW.md"), "sh"));
}
