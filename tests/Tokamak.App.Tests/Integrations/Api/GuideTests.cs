using System.Net;
using System.Net.Sockets;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Integrations.Api;

/// <summary>Every command of the integrator's guide is run as it stands there, on a fresh database, and so is its C#.</summary>
public sealed class GuideTests
{
    private const string Usings = "global using System; global using System.Collections.Generic; global using System.Linq; global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    // One language is enough: the commands of the other are the same, as the test below says.
    [Fact]
    public async Task Every_command_of_the_guide_works()
    {
        var text = (await File.ReadAllTextAsync(Repository.Path("docs", "integrating.md"), TestContext.Current.CancellationToken)).Replace("localhost:8080", $"localhost:{FreePort()}", StringComparison.Ordinal);
        var folder = Directory.CreateTempSubdirectory("tokamak-guide-").FullName;
        try
        {
            Compile(Assert.Single(Guide.BlocksOf(text, "csharp")), folder);
            var output = await Guide.RunAsync(folder, ["trap 'kill $(jobs -p); wait' EXIT", .. Guide.BlocksOf(text, "sh"), "dotnet sample.dll"]);
            Assert.Contains("P2 Accepted", output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Both_languages_give_the_same_commands()
    {
        var (english, chinese) = (await File.ReadAllTextAsync(Repository.Path("docs", "integrating.md"), TestContext.Current.CancellationToken), await File.ReadAllTextAsync(Repository.Path("docs", "integrating.zh-TW.md"), TestContext.Current.CancellationToken));
        foreach (var kind in new[] { "sh", "csharp" })
            Assert.Equal(Guide.BlocksOf(english, kind).Select(block => block.Replace("Accept-Language: en", "Accept-Language: zh-TW", StringComparison.Ordinal)), Guide.BlocksOf(chinese, kind));
    }

    private static void Compile(string sample, string folder)
    {
        var known = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "sample", [CSharpSyntaxTree.ParseText(Usings), CSharpSyntaxTree.ParseText(sample)], known, new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        var result = compilation.Emit(Path.Combine(folder, "sample.dll"));
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        File.Copy(typeof(Tokamak.Client.TokamakClient).Assembly.Location, Path.Combine(folder, "Tokamak.Client.dll"));
        File.WriteAllText(Path.Combine(folder, "sample.runtimeconfig.json"), """{"runtimeOptions":{"framework":{"name":"Microsoft.NETCore.App","version":"10.0.0"}}}""");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
