using Tokamak.App.Cli;
using Tokamak.App.Demo;
using Xunit;

namespace Tokamak.App.Tests.Referral.Traces;

public sealed class ExplainCommandTests
{
    [Fact]
    public async Task It_explains_a_sale_and_refuses_an_unknown_one_or_wrong_files_with_exit_code_2()
    {
        var folder = Directory.CreateTempSubdirectory("tokamak-explain-");
        try
        {
            DemoFiles.Write(folder.FullName, 1, _ => { });
            string[] files = ["--facts", Path.Combine(folder.FullName, "facts.jsonl"), "--policy", Path.Combine(folder.FullName, "policy.json")];
            Assert.Equal(ExitCodes.Done, await Verbs.RunAsync(["explain", "--sale", DemoStories.SplitPickup.Value, .. files]));
            Assert.Equal(ExitCodes.WrongInput, await Verbs.RunAsync(["explain", "--sale", "nothing", .. files]));
            Assert.Equal(ExitCodes.WrongInput, await Verbs.RunAsync(["explain", "--sale", "x", "--facts", Path.Combine(folder.FullName, "none"), "--policy", files[3]]));
            Assert.Equal(ExitCodes.WrongInput, await Verbs.RunAsync(["explain", "--sale", "x", "--language", "fr", .. files]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
