using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Access;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Verifying;
using Tokamak.App.Serving;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral.Live;
using Tokamak.App.Tests.Referral.Posting;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Tests.Integrations.Api;

/// <summary>
/// The API is sent whatever a broken or hostile program could send, drawn from a seed: it never fails, always says what is wrong in
/// its own form, and what it refuses changes nothing. More of it: bench/soak fuzz.
/// </summary>
public sealed class FuzzTests
{
    private const int InCi = 8_000, RequestsPerRound = 250, Connections = 6;
    private const long MostKept = 80L << 20;

    // Bytes that are no HTTP do not reach the API: the server itself answers, without a body.
    private const int OtherVersionOfHttp = 505;

    private static readonly int[] NoHttp = [400, 404, 405, 408, 411, 413, 414, 415, 417, 431, OtherVersionOfHttp];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_is_sent_the_API_answers_in_its_own_words_and_what_it_refuses_changes_nothing()
    {
        await using var host = await FuzzedHost.StartAsync(Soak.Seed);
        await host.RoundAsync(Soak.Seed, RequestsPerRound, isHopeless: false);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var rounds = Math.Max(1, Soak.Count(InCi) / RequestsPerRound);
        for (var round = 1; round <= rounds; round++)
        {
            await host.RoundAsync(Soak.Seed + (round * 1000), RequestsPerRound, isHopeless: round % 2 == 0);
            if (round % 20 == 0) Soak.Say(string.Create(CultureInfo.InvariantCulture, $"{round * RequestsPerRound} requests: {host.Summary}"));
        }
        TestContext.Current.TestOutputHelper?.WriteLine(host.Summary);
        Assert.Contains("rounds that changed nothing", host.Summary, StringComparison.Ordinal);
        await host.AssertProvenAsync();
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(kept < MostKept, $"{kept:N0} bytes more are kept than before");
    }

    [Fact]
    public async Task Who_sends_too_slowly_is_sent_away_and_keeps_nobody_waiting()
    {
        await using var host = await FuzzedHost.StartAsync(1);
        var head = $"POST /api/v1/facts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {host.Key}\r\n";
        string[] stalled = [head + "Content-Length: 100000\r\n\r\n{\"type\":", head + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"typ", head + "Content-Length: 16777216\r\n\r\n" + new string(' ', 8 << 20)];
        var slow = stalled.Select(async request =>
        {
            await using var connection = new RawConnection(host.Address);
            return await connection.SendAsync(Encoding.ASCII.GetBytes(request));
        }).ToList();
        var began = Stopwatch.GetTimestamp();
        await using (var quick = new RawConnection(host.Address))
            Assert.Equal(400, (await quick.SendAsync(Encoding.ASCII.GetBytes(head + "Content-Length: 0\r\n\r\n")))!.Status);
        Assert.True(slow.TrueForAll(request => !request.IsCompleted), "A request that is not whole was answered.");
        foreach (var answer in await Task.WhenAll(slow)) Assert.True(answer is { Status: 408, ContentType: "application/problem+json" }, $"{answer}");
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30));
    }

    /// <summary>The real host over SQLite, and what was said of each fact.</summary>
    private sealed class FuzzedHost : IAsyncDisposable
    {
        private readonly TestDatabase _test;
        private readonly Databases _databases;
        private readonly BrandDatabase _brand;
        private readonly WebApplication _app;
        private readonly DrawnWorlds _worlds;
        private readonly SortedDictionary<string, int> _answers = new(StringComparer.Ordinal);

        private FuzzedHost(TestDatabase test, Databases databases, BrandDatabase brand, WebApplication app, DrawnWorlds worlds, string key) =>
            (_test, _databases, _brand, _app, _worlds, Key, Address) = (test, databases, brand, app, worlds, key, new Uri(app.Urls.Single()));

        /// <summary>What the writer does of itself every minute would change tables in the middle of a round that must change none.</summary>
        private sealed class StoppedClock : TimeProvider
        {
            private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

            public override DateTimeOffset GetUtcNow() => _now;
        }

        public string Key { get; }

        public Uri Address { get; }

        public string Summary => string.Join(", ", _answers.Select(answer => $"{answer.Key}: {answer.Value}"));

        public static async Task<FuzzedHost> StartAsync(int seed)
        {
            var test = await TestDatabase.CreateAsync(Provider.Sqlite, null!);
            var databases = await test.OpenAsync();
            var brand = await databases.AddBrandAsync("main", null, Stop);
            var worlds = new DrawnWorlds(seed, DateTimeOffset.UtcNow);
            await using (var turn = await brand.BeginWriteAsync(Stop))
            {
                Assert.Empty((await ImportPolicy.RunAsync(turn, worlds.PolicyJson, default, TestBooks.Today, Stop)).Faults);
                await turn.CommitAsync(Stop);
            }
            using var keys = new ApiKeys(new StaffCatalogue(databases), TimeProvider.System);
            var (_, key) = await keys.CreateAsync("main", "fuzz", [ApiScope.Facts], ApiKeys.MostPerSecond, Stop);
            var app = ServeCommand.Build(databases, ["http://127.0.0.1:0"], services => services.AddSingleton<TimeProvider>(new StoppedClock()));
            await app.StartAsync(Stop);
            return new FuzzedHost(test, databases, brand, app, worlds, key);
        }

        /// <summary>Some requests over several lines at once; then what is in the tables is held against what was answered.</summary>
        public async Task RoundAsync(int seed, int count, bool isHopeless)
        {
            var requests = new FuzzedRequests(new Random(seed), _worlds, Key) { IsHopeless = isHopeless };
            var drawn = Enumerable.Range(0, count).Select(_ => requests.Next()).ToList();
            var before = await TablesAsync();
            var taken = new HashSet<string>();
            await Task.WhenAll(drawn.Chunk((count / Connections) + 1).Select(async some =>
            {
                await using var connection = new RawConnection(Address);
                foreach (var request in some)
                {
                    var answer = await connection.SendAsync(request.Bytes, request.HasAnswerBody);
                    lock (taken) Judge(request, answer, taken, $"TOKAMAK_SEED={Soak.Seed}, round {seed}");
                    // Whoever sent no HTTP is not understood any more on the same line.
                    if (answer is null or { Status: 400 or 408 or 411 or 413 or 414 or 431 }) connection.Close();
                }
            }));
            var after = await TablesAsync();
            var more = after.Ids.Except(before.Ids).ToList();
            Assert.True(more.TrueForAll(taken.Contains), $"TOKAMAK_SEED={Soak.Seed}, round {seed}: stored without a word: {string.Join(", ", more.Where(id => !taken.Contains(id)).Take(5))}");
            if (taken.Count == 0) Assert.Equal(before.Tables, after.Tables);
            Count(taken.Count == 0 ? "rounds that changed nothing" : "rounds that changed something");
        }

        public async Task AssertProvenAsync()
        {
            await using var turn = await _brand.BeginReadAsync(Stop);
            var verified = await VerifyBooks.RunAsync(turn, null, Stop);
            Assert.True(verified is { Found: 0, Waiting: 0 }, $"{verified.Waiting} wait; {string.Join(Environment.NewLine, verified.Findings.Take(5))}");
        }

        public async ValueTask DisposeAsync()
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
            await _databases.DisposeAsync();
            await _test.DisposeAsync();
        }

        private void Count(string what) => _answers[what] = _answers.GetValueOrDefault(what) + 1;

        private void Judge(FuzzedRequest request, RawAnswer? answer, HashSet<string> taken, string when)
        {
            var told = $"{when}: {answer}{Environment.NewLine}{Encoding.UTF8.GetString(request.Bytes.AsSpan(0, Math.Min(request.Bytes.Length, 1500)))}";
            if (answer is null)
            {
                Count("hung up");
                return;
            }
            Count(answer.Status.ToString(CultureInfo.InvariantCulture));
            Assert.True(answer.Status is >= 200 and < 500 or OtherVersionOfHttp || (answer.Status == 503 && answer.Headers.ContainsKey("retry-after")), told);
            if (!request.HasAnswerBody) return;
            Assert.DoesNotContain("could not be posted", Encoding.UTF8.GetString(answer.Body), StringComparison.Ordinal);
            switch (answer.ContentType)
            {
                case "application/x-ndjson":
                    foreach (var line in Encoding.UTF8.GetString(answer.Body).Split('\n', StringSplitOptions.RemoveEmptyEntries)) Take(line, taken, told);
                    break;
                case "application/json": Take(Encoding.UTF8.GetString(answer.Body), taken, told); break;
                case "application/problem+json":
                    using (var problem = JsonDocument.Parse(answer.Body)) Assert.True(problem.RootElement.GetProperty("status").GetInt32() == answer.Status && problem.RootElement.GetProperty("detail").GetString()!.Length > 10, told);
                    break;
                default: Assert.True(answer.Body.Length == 0 && NoHttp.Contains(answer.Status), told); break;
            }
        }

        private void Take(string json, HashSet<string> taken, string told)
        {
            using var line = JsonDocument.Parse(json);
            var status = line.RootElement.GetProperty("status").GetString()!;
            Count(status);
            Assert.True(status is "accepted" or "duplicate" or "parked" || (status == "refused" && line.RootElement.GetProperty("reason").GetString()!.Length > 10), told);
            if (status is "accepted" or "parked") taken.Add(line.RootElement.GetProperty("id").GetString()!);
        }

        /// <summary>The ids of all facts, and a sum over all tables but what says who writes, and what was answered to whom.</summary>
        private async Task<(HashSet<string> Ids, List<string> Tables)> TablesAsync()
        {
            await SettledAsync();
            await using var turn = await _brand.BeginReadAsync(Stop);
            var tables = await turn.ReadAsync("select name from sqlite_schema where type = 'table' and name not in ('lease', 'answer') order by name");
            var held = new List<string>();
            foreach (var table in tables)
            {
                // When a parked fact was last looked at changes by itself.
                var columns = table == "parked" ? "id, body, waits_for" : "*";
                var rows = await turn.ReadAsync($"select {columns} from {table} order by 1, 2", row => string.Join('|', Enumerable.Range(0, row.FieldCount).Select(row.GetValue)), Stop);
                held.Add($"{table} {rows.Count} {Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', rows))))}");
            }
            var ids = (await turn.ReadAsync("select id from fact union select id from parked")).ToHashSet();
            return (ids, held);
        }

        /// <summary>What late facts reach is derived anew beside the traffic.</summary>
        private async Task SettledAsync()
        {
            while ((await _brand.ReadAsync("select count(*) from work where trouble is null"))[0] != "0" || (await _brand.ReadAsync("select vesting from book"))[0] != "0") await Task.Delay(20, Stop);
        }
    }
}
