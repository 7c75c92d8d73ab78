using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.AspNetCore.HostFiltering;
using Tokamak.App.Brands;
using Tokamak.App.Cli;
using Tokamak.App.Referral;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Demo;

/// <summary><c>tokamak demo</c>: the pages over a brand's files in memory, or over the demo brand.</summary>
public static class DemoCommand
{
    private const int DefaultPort = 8080, HighestPort = 65_535;

    public static Command Create()
    {
        var facts = new Option<FileInfo>("--facts") { Description = "Facts, JSON Lines; without, the demo brand is made and shown." };
        var policy = new Option<FileInfo>("--policy") { Description = "Referral policy, JSON; goes with --facts." };
        var names = new Option<FileInfo>("--names") { Description = "Names of the brand, its stores and clerks, JSON; goes with --facts." };
        var asOf = Options.Day("--as-of", "Show the books as they stood at the end of this day (2026-01-31).");
        var port = new Option<int>("--port") { Description = "Port on this machine to listen on; 0 takes a free one.", DefaultValueFactory = _ => DefaultPort };
        port.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked <= HighestPort))
                result.AddError($"--port is a whole number from 0 to {HighestPort}.");
        });
        var command = new Command("demo", "Shows a brand's books in the browser: the demo brand, or any facts and policy.") { facts, policy, names, asOf, port };
        command.Validators.Add(result =>
        {
            if (result.GetResult(facts) is null != result.GetResult(policy) is null) result.AddError("--facts and --policy go together.");
            else if (result.GetResult(names) is not null && result.GetResult(facts) is null) result.AddError("--names goes with --facts and --policy.");
        });
        command.SetAction((parsed, stop) => RunAsync(
            parsed.GetValue(facts)?.ToString(), parsed.GetValue(policy)?.ToString(), parsed.GetValue(names)?.ToString(),
            parsed.GetValue(asOf), parsed.GetValue(port) is var asked && parsed.GetResult(port) is null ? DefaultPort : asked, stop));
        return command;
    }

    private static async Task<int> RunAsync(string? facts, string? policy, string? names, DateOnly? asOf, int port, CancellationToken stop)
    {
        if (IsTaken(port)) return Taken(port);
        Books? books = null;
        var code = Files.Guarded(() =>
        {
            (books, var wrong) = facts is null ? LoadDemoBrand(asOf) : Load(facts, policy!, names, asOf);
            return Files.Report(wrong);
        });
        return books is null ? code : await ShowAsync(books, port, stop);
    }

    private static (Books?, IReadOnlyList<FileFault>) LoadDemoBrand(DateOnly? asOf)
    {
        var folder = Directory.CreateTempSubdirectory("tokamak-demo-").FullName;
        try
        {
            Steps.Run($"Making the demo brand {DemoBrand.Name}", () => DemoFiles.Write(folder, 100, _ => { }));
            return Load(Path.Combine(folder, DemoFiles.Facts), Path.Combine(folder, DemoFiles.Policy), Path.Combine(folder, DemoFiles.Names), asOf);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (Books?, IReadOnlyList<FileFault>) Load(string facts, string policy, string? namesFile, DateOnly? asOf)
    {
        var (names, wrong) = BrandNamesFile.Read(namesFile);
        if (names is null) return (null, wrong);
        return Steps.Run("Replaying its facts", () => Books.Load(facts, policy, names, asOf));
    }

    private static async Task<int> ShowAsync(Books books, int port, CancellationToken stop)
    {
        var figures = Steps.Run("Adding up the months", () => new MonthlyFigures(books));
        await using var signIn = await DemoSignIn.OpenAsync(books, stop);
        // Pages show pay and anybody may enter by one click: this machine only, and by its own names, so that no other site's name leads here.
        await using var app = WebHost.Build([$"http://127.0.0.1:{port}"], services => signIn.AddTo(services
            .AddBooks(books, figures)
            .Configure<HostFilteringOptions>(filter => filter.AllowedHosts = ["localhost", "127.0.0.1"])));
        try
        {
            await app.StartAsync(stop);
        }
        catch (IOException)
        {
            return Taken(port);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{books.Log.Facts.Count:N0} facts, {books.Sales.Count:N0} of them sales."));
        Console.WriteLine("These pages show pay and the demo accounts need no password: only this machine can open them.");
        Console.WriteLine($"Open http://localhost:{new Uri(app.Urls.Single()).Port} (Ctrl+C stops it)");
        await app.WaitForShutdownAsync(stop);
        return ExitCodes.Done;
    }

    /// <summary>Asked before the work, so that nobody waits for a brand that cannot be shown.</summary>
    private static bool IsTaken(int port)
    {
        if (port == 0) return false;
        try
        {
            using var trial = new TcpListener(System.Net.IPAddress.Loopback, port);
            trial.Start();
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static int Taken(int port)
    {
        Console.Error.WriteLine($"Port {port} of this machine cannot be listened on: stop what uses it, or name another with --port.");
        return ExitCodes.WrongInput;
    }
}
