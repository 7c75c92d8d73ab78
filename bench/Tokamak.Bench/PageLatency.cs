using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Web;

namespace Tokamak.Bench;

/// <summary>
/// Asks the real host over HTTP for every page of a brand whose facts were imported, one request at a time, random months, clerks, stores
/// and sales; and says how long each took: p50, p99 and the longest. Or loads dashboards again and again beside other work.
/// </summary>
internal static partial class PageLatency
{
    private const int Warm = 20, Sampled = 500;

    private sealed record Subjects(string[] Months, string[] Clerks, string[] Stores, string[] Sales);

    public static async Task<int> MeasureAsync(string db, int requests)
    {
        await using var host = await OpenAsync(db);
        var sales = await CountAsync(host.Brand);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sales:N0} sales; the first page of a process took {host.FirstTook.TotalMilliseconds:N0} ms"));
        Console.WriteLine($"{"page",-34}{"p50 ms",10}{"p99 ms",10}{"max ms",10}");
        foreach (var (name, path) in Pages(await SubjectsAsync(host.Brand))) await MeasureAsync(host.Client, name, path, requests);
        return 0;
    }

    /// <summary>Dashboards that show the last month and load themselves anew every second.</summary>
    public static async Task<int> ReloadAsync(string db, int dashboards, int seconds)
    {
        await using var host = await OpenAsync(db);
        var began = Stopwatch.GetTimestamp();
        var took = await Task.WhenAll(Enumerable.Range(0, dashboards).Select(number => Task.Run(async () =>
        {
            List<double> loads = [];
            using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
            do
            {
                var start = Stopwatch.GetTimestamp();
                await AskAsync(host.Client, number % 2 == 0 ? "/" : "/stores");
                loads.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            while (await second.WaitForNextTickAsync() && Stopwatch.GetElapsedTime(began).TotalSeconds < seconds);
            return loads;
        })));
        var all = took.SelectMany(loads => loads).Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{dashboards} dashboards loaded {all.Length} times; p50 {all[all.Length / 2]:N0} ms, p99 {all[all.Length * 99 / 100]:N0} ms"));
        return 0;
    }

    private sealed record Host(Databases Databases, BrandDatabase Brand, WebApplication App, HttpClient Client, TimeSpan FirstTook) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await App.DisposeAsync();
            await Databases.DisposeAsync();
        }
    }

    /// <summary>Pages of the first brand, and somebody of head office signed in to them.</summary>
    private static async Task<Host> OpenAsync(string db)
    {
        var address = DatabaseAddress.Parse(db, out var fault) ?? throw new ArgumentException(fault);
        var databases = await Databases.OpenAsync(address, default);
        var brand = await databases.BrandAsync(null, default);
        var catalogue = new StaffCatalogue(databases);
        var person = new DemoAccounts(brand.Name, [new("bench" + Guid.NewGuid().ToString("N"), AccountRole.Hq, null, "bench")]);
        await person.MakeAsync(catalogue, TimeProvider.System, default);
        var app = WebHost.Build(["http://127.0.0.1:0"], services => services.AddBooks(databases).AddAccess(catalogue, _ => ValueTask.FromResult<string?>(brand.Name), person));
        await app.StartAsync();
        var client = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.Single()) };
        await SignInAsync(client, person.People[0].Key);
        var clock = Stopwatch.StartNew();
        await AskAsync(client, "/");
        return new Host(databases, brand, app, client, clock.Elapsed);
    }

    private static (string Name, Func<Random, string> Path)[] Pages(Subjects of) =>
    [
        ("overview", random => $"/?month={Pick(random, of.Months)}"),
        ("stores", random => $"/stores?month={Pick(random, of.Months)}"),
        ("store", random => $"/stores/{Pick(random, of.Stores)}?month={Pick(random, of.Months)}"),
        ("clerks", random => $"/clerks?month={Pick(random, of.Months)}&page={random.Next(1, 20)}"),
        ("clerk's statement", random => $"/clerks/{Pick(random, of.Clerks)}?month={Pick(random, of.Months)}"),
        ("clerk's statement, second page", random => $"/clerks/{Pick(random, of.Clerks)}?month={Pick(random, of.Months)}&entries=2&credits=2"),
        ("sales of a month", random => $"/sales?month={Pick(random, of.Months)}"),
        ("sales of a month, online", random => $"/sales?month={Pick(random, of.Months)}&channel=online"),
        ("sales of a store", random => $"/sales?month={Pick(random, of.Months)}&store={Pick(random, of.Stores)}"),
        ("sales of a clerk", random => $"/sales?month={Pick(random, of.Months)}&clerk={Pick(random, of.Clerks)}"),
        ("sales by id", random => $"/sales?id={Pick(random, of.Sales)}"),
        ("sales by how the id begins", random => $"/sales?id={Pick(random, of.Sales)[..3]}"),
        ("sale with its trace", random => $"/sales/{Pick(random, of.Sales)}"),
        ("policy", _ => "/policy"),
        ("close", random => $"/close?page={random.Next(1, 20)}"),
    ];

    private static async Task MeasureAsync(HttpClient client, string name, Func<Random, string> path, int requests)
    {
        var random = new Random(1);
        for (var i = 0; i < Warm; i++) await AskAsync(client, path(random));
        var took = new double[requests];
        for (var i = 0; i < requests; i++)
        {
            var asked = path(random);
            var start = Stopwatch.GetTimestamp();
            await AskAsync(client, asked);
            took[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        Array.Sort(took);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-34}{took[requests / 2],10:N1}{took[Math.Min(requests - 1, requests * 99 / 100)],10:N1}{took[^1],10:N1}"));
    }

    private static async Task AskAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        await answer.Content.ReadAsByteArrayAsync();
        if (answer.StatusCode != HttpStatusCode.OK) throw new InvalidOperationException($"{path} answered {answer.StatusCode}.");
    }

    private static async Task SignInAsync(HttpClient client, string key)
    {
        var token = Token().Match(await client.GetStringAsync("/sign-in")).Groups["token"].Value;
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new(DemoAccounts.Field, key)]);
        using var answer = await client.PostAsync(DemoAccounts.Path, form);
        if (answer.StatusCode != HttpStatusCode.Redirect) throw new InvalidOperationException($"The sign-in answered {answer.StatusCode}.");
    }

    private static async Task<Subjects> SubjectsAsync(BrandDatabase brand)
    {
        await using var turn = await brand.BeginReadAsync(default);
        await using var books = turn.Books();
        var months = await books.CreditTotals.Select(row => row.Period).Distinct().OrderBy(month => month).ToArrayAsync();
        var clerks = await books.CreditTotals.Where(row => row.Staff != "").Select(row => row.Staff).Distinct().ToArrayAsync();
        var stores = await books.CreditTotals.Where(row => row.Store != "online").Select(row => row.Store).Distinct().ToArrayAsync();
        // Spread over all of time, by hops along the index.
        var (first, last) = (await books.Sales.MinAsync(sale => sale.AtTicks), await books.Sales.MaxAsync(sale => sale.AtTicks));
        var random = new Random(2);
        var sales = new List<string>();
        for (var i = 0; i < Sampled; i++)
        {
            var at = random.NextInt64(first, last);
            sales.Add(await books.Sales.Where(sale => sale.AtTicks >= at).OrderBy(sale => sale.AtTicks).Select(sale => sale.Id).FirstAsync());
        }
        return new Subjects(months, clerks, stores, [.. sales]);
    }

    private static async Task<long> CountAsync(BrandDatabase brand)
    {
        await using var turn = await brand.BeginReadAsync(default);
        return await turn.CountAsync("select count(*) from sale", default);
    }

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];

    [GeneratedRegex("""name="__RequestVerificationToken" value="(?<token>[^"]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
