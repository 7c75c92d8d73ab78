using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Tokamak.App.Cli;
using Tokamak.App.Demo;

namespace Tokamak.App.Tests.Demo;

public sealed partial class DemoCommandTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("demo").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("--facts", "facts.jsonl")]
    [InlineData("--policy", "policy.json")]
    [InlineData("--names", "names.json")]
    [InlineData("--port", "many")]
    [InlineData("--port", "65536")]
    [InlineData("--as-of", "yesterday")]
    public async Task Options_that_make_no_sense_are_refused(string option, string value) =>
        Assert.Equal(ExitCodes.WrongInput, await Verbs.RunAsync(["demo", option, value]));

    [Fact]
    public async Task Files_that_are_missing_or_wrong_are_refused_before_anything_is_shown()
    {
        DemoFiles.Write(_folder, 1, _ => { });
        await File.WriteAllTextAsync(At("wrong.jsonl"), "[]", TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.WrongInput, await Verbs.RunAsync(["demo", "--port", "0", "--facts", At("none.jsonl"), "--policy", At(DemoFiles.Policy)]));
        Assert.Equal(ExitCodes.WrongInput, await Verbs.RunAsync(["demo", "--port", "0", "--facts", At("wrong.jsonl"), "--policy", At(DemoFiles.Policy)]));
        Assert.Equal(ExitCodes.WrongInput, await Verbs.RunAsync(["demo", "--port", "0", "--facts", At(DemoFiles.Facts), "--policy", At(DemoFiles.Policy), "--names", At("wrong.jsonl")]));
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        using var demo = Start("--port", $"{port}");
        await demo.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.WrongInput, demo.ExitCode);
        Assert.Contains($"Port {port}", await demo.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_shows_the_files_of_any_brand_to_this_machine_under_its_own_name()
    {
        DemoFiles.Write(_folder, 1, _ => { });
        using var demo = Start("--port", "0", "--facts", At(DemoFiles.Facts), "--policy", At(DemoFiles.Policy), "--names", At(DemoFiles.Names));
        try
        {
            var said = new List<string>();
            while (await demo.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken) is { } line)
            {
                said.Add(line);
                if (line.StartsWith("Open", StringComparison.Ordinal)) break;
            }
            Assert.Contains(said, line => line.Contains("need no password", StringComparison.Ordinal));
            Assert.Contains(said, line => line.StartsWith("Posting", StringComparison.Ordinal) && line.EndsWith(" s", StringComparison.Ordinal));

            var address = new Uri(Address().Match(said[^1]).Value);
            using var client = new HttpClient();
            Assert.Contains(DemoBrand.Name, WebUtility.HtmlDecode(await client.GetStringAsync(address, TestContext.Current.CancellationToken)), StringComparison.Ordinal);
            client.DefaultRequestHeaders.Host = "elsewhere.example";
            Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync(address, TestContext.Current.CancellationToken)).StatusCode);
        }
        finally
        {
            demo.Kill();
        }
    }

    private static Process Start(params string[] options) => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "tokamak.dll"), "demo", .. options])
    {
        UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
    })!;

    private string At(string name) => Path.Combine(_folder, name);

    [GeneratedRegex(@"http://localhost:\d+")]
    private static partial Regex Address();
}
