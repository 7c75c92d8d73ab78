using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.AspNetCore.HostFiltering;
using Tokamak.App.Brands;
using Tokamak.App.Cli;
using Tokamak.App.Data;
using Tokamak.App.Referral;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Demo;

/// <summary><c>tokamak demo</c>: the pages over a brand's files, or over the demo brand: imported into a database that goes when it ends.</summary>
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
        await using var books = await DemoBooks.MakeAsync(stop);
        var folder = facts is null ? Directory.CreateTempSubdirectory("tokamak-demo-").FullName : null;
        try
        {
            if (folder is not null)
            {
                Steps.Run($"Making the demo brand {DemoBrand.Name}", () => DemoFiles.Write(folder, 100, _ => { }));
                (facts, policy, names) = (Path.Combine(folder, DemoFiles.Facts), Path.Combine(folder, DemoFiles.Policy), Path.Combine(folder, DemoFiles.Names));
            }
            // A brand's own files are shown as they are.
            var wrong = await LoadAsync(books, facts!, policy!, names, asOf, isDemo: folder is not null, stop);
            if (wrong.Count > 0) return Files.Report(wrong);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{e.Message} Check the path and whether you may read or write there.");
            return ExitCodes.WrongInput;
        }
        finally
        {
            if (folder is not null) Directory.Delete(folder, recursive: true);
        }
        return await ShowAsync(books, port, stop);
    }

    private static async Task<IReadOnlyList<FileFault>> LoadAsync(DemoBooks books, string factsPath, string policyPath, string? namesFile, DateOnly? asOf, bool isDemo, CancellationToken stop)
    {
        var (names, wrong) = BrandNamesFile.Read(namesFile);
        if (names is null) return wrong;
        var faults = new List<Fault>();
        if (PolicyFile.ReadJson(policyPath, faults) is not { } json || PolicyReader.Read(json, Zones.Find, faults) is not { } policy) return [.. faults.Select(fault => new FileFault(policyPath, fault))];
        return await Steps.RunAsync<IReadOnlyList<FileFault>>("Posting its facts", async tell =>
        {
            var (facts, fault) = FactFile.Read(factsPath);
            if (fault is not null) return [new FileFault(factsPath, fault)];
            var now = PostingVerbs.Now();
            if (isDemo && asOf is null)
            {
                var move = DemoMove.To(policy.Zone.DayOf(now));
                (facts, json) = ([.. facts.Select(move.Of).Where(moved => moved.At <= now)], move.Of(json));
            }
            // Files of any age: whatever they hold has happened, and what is due by then has vested.
            var counted = asOf is { } until ? facts.Where(fact => policy.Zone.DayOf(fact.At) <= until).ToList() : facts;
            var last = counted.Count == 0 ? DateOnly.MinValue : counted.Max(fact => policy.Zone.DayOf(fact.At));
            var today = asOf ?? (policy.Zone.DayOf(now) is var current && current > last ? current : last);
            var (ofPolicy, ofFacts) = await books.ImportAsync(
                json, counted, names, today, (doing, done, of) => tell(string.Create(CultureInfo.InvariantCulture, $"{doing}: {done:N0}{(of is { } all ? $" of {all:N0}" : "")}")), stop);
            return [.. ofPolicy.Select(f => new FileFault(policyPath, f)), .. ofFacts.OrderBy(f => f.Line ?? 0).Take(1).Select(f => new FileFault(factsPath, f))];
        });
    }

    private static async Task<int> ShowAsync(DemoBooks books, int port, CancellationToken stop)
    {
        // Pages show pay and anybody may enter by one click: this machine only, and by its own names, so that no other site's name leads here.
        await using var app = WebHost.Build([$"http://127.0.0.1:{port}"], services =>
        {
            books.AddTo(services);
            services.Configure<HostFilteringOptions>(filter => filter.AllowedHosts = ["localhost", "127.0.0.1"]);
        });
        try
        {
            await app.StartAsync(stop);
        }
        catch (IOException)
        {
            return Taken(port);
        }
        await using (var turn = await books.Database.BeginReadAsync(stop))
        {
            var (facts, sales) = (await turn.CountAsync("select count(*) from fact", stop), await turn.CountAsync("select count(*) from sale", stop));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{facts:N0} facts, {sales:N0} of them sales."));
        }
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
