using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tokamak.App.Access;
using Tokamak.App.Clerks.Appeals;
using Tokamak.App.Data;
using Tokamak.App.Members;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Serving;
using Tokamak.App.Tests.Data;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Tests.Members;

/// <summary>A member's life in a running machine, and what of it is found anywhere once they are erased.</summary>
public sealed class ErasedEverywhereTests(PostgresServer server)
{
    private const string Name = "歐陽鑫淼", Phone = "0987654321", Email = "xin.miao.unusual@example.tw";

    private static readonly PersonSearch Search = new(Name, Phone[1..], "0987-654-321", "xin.miao.unusual", "rings twice");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task Nothing_anywhere_tells_of_a_member_who_was_erased_and_the_books_are_as_they_were(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var folder = Path.GetDirectoryName(world.Books.Text);
        var heard = new Heard();
        await using var app = ServeCommand.Build(world.Books.Databases, ["http://127.0.0.1:0"], services =>
            services.AddSingleton<TimeProvider>(world.Clock).AddLogging(logging => logging.ClearProviders().AddProvider(heard).SetMinimumLevel(LogLevel.Trace)));
        await app.StartAsync(Stop);
        var member = await LiveAsync(world, app);
        var sales = await world.ReadAsync(books => books.Sales.CountAsync(Stop));
        var backup = Path.Combine(Path.GetTempPath(), $"tokamak-backup-{Guid.NewGuid():N}");
        if (provider == Provider.Sqlite) SqliteBackup.Take(world.Books.Text, backup);

        // The search can find.
        var before = await TablesAsync(world);
        foreach (var table in (string[])["person", "member_key", "two_people", "appeal", "appeal_comment"]) Assert.Contains(before, found => found.Contains($".{table}:", StringComparison.Ordinal));
        if (provider == Provider.Sqlite) Assert.Contains("x.main.db-wal", string.Join(' ', await Search.InFilesAsync(folder!)), StringComparison.Ordinal);

        Assert.Equal(EraseOutcome.Asked, (await world.AskErasureAsync(member)).Outcome);
        world.Clock.Go(TimeSpan.FromDays(8));
        await ErasedAsync(world, provider);
        // As docs/operations.md tells the operator of a PostgreSQL server.
        if (provider == Provider.Postgres) await world.Books.VacuumAsync();

        Assert.Empty(await TablesAsync(world));
        if (provider == Provider.Sqlite) Assert.Empty(await Search.InFilesAsync(folder!));
        Assert.Empty(Search.In(await ExportsAsync(world)));
        Assert.Empty(Search.In(heard.Text));
        Assert.NotEmpty(heard.Text);
        await app.StopAsync(Stop);
        Assert.Equal(["", "", "who was that?"], await world.ReadAsync(books => books.Appeals.OrderBy(row => row.Number).Select(row => row.Story).ToListAsync(Stop)));
        Assert.Equal(sales, await world.ReadAsync(books => books.Sales.CountAsync(Stop)));
        Assert.Equal((2, 1400), ((await world.ProfileAsync(member))!.Totals.Count, (int)(await world.ProfileAsync(member))!.Totals.Net));
        await world.AssertProvenAsync();
        if (provider == Provider.Postgres) return;
        // A backup keeps what it has: it is the one exception, and says so in docs/operations.md.
        Assert.NotEmpty(await Search.InFilesAsync(backup));
        Directory.Delete(backup, recursive: true);
    }

    [Fact]
    public void The_search_finds_every_form()
    {
        var bytes = Encoding.UTF8.GetBytes($"before {Name} after");
        foreach (var shift in (string[])["", "x", "xy"])
            Assert.Equal([Name], Search.In(Convert.ToBase64String([.. Encoding.UTF8.GetBytes(shift), .. bytes])));
        Assert.Equal([Name], Search.In(Convert.ToHexString(bytes)));
        Assert.Equal([Name], Search.In(Encoding.Unicode.GetBytes(Name)));
        Assert.Equal([Name], Search.In(System.Text.Json.JsonSerializer.Serialize(Name)));
        Assert.Equal([Phone[1..]], Search.In("+886987654321"));
        Assert.Empty(Search.In("somebody else, +886912345678"));
    }

    /// <summary>Joins among many others, comes twice, is found, buys, is waited for, suggested, merged, exported and noted.</summary>
    private static async Task<MemberId> LiveAsync(MemberWorld world, WebApplication app)
    {
        await OthersJoinAsync(world, 0);
        var inStore = (await world.JoinAsync(new([MemberWorld.Said(Phone)], MemberChannel.Store, Name, new DateOnly(1990, 4, 1), Store: new("S1"), Staff: new("A")))).Member!.Value;
        await OthersJoinAsync(world, 1);
        await world.JoinAsync(new([MemberWorld.Proved(Phone), MemberWorld.Said(Email, KeyKind.Email)], MemberChannel.Web, Name, Consents: [new(Consents.Marketing, true, "2026-01")]));
        var byLine = (await world.JoinAsync(new([MemberWorld.Proved("U" + new string('b', 32), KeyKind.Line), MemberWorld.Said(Phone)], MemberChannel.App, Name))).Member!.Value;
        Assert.NotEqual(inStore, byLine);
        await world.WriteAsync(turn => MergeMembers.AreTwoAsync(turn, inStore, new("N0000"), "test", $"{Name} rings twice", world.Now, Stop));
        await OthersJoinAsync(world, 2);

        Assert.Contains(await world.FindAsync("+886 987-654-321"), found => found.Name == Name);
        await world.SellAsync("s1", inStore, 1000);
        await world.SellAsync("s2", byLine, 400, "online");
        var parked = await world.SendAsync($$"""{"type":"service","id":"v1","at":"2026-06-01T12:30:00+08:00","member":"{{inStore}}","kind":"app-install","store":"S1","staff":"Z"}""");
        Assert.Equal(FactStatus.Parked, parked.Single().Status);
        Assert.Contains(await world.LikelyAsync(), pair => pair.One == inStore || pair.Other == inStore);
        Assert.Equal(MergeOutcome.Done, (await world.MergeAsync(inStore, byLine)).Outcome);
        await world.SayAsync(inStore, Consents.Marketing, false);
        await AppealsAsync(world, byLine);
        var audit = app.Services.GetRequiredService<Audit>();
        await audit.WriteAsync(world.Brand.Name, null, AuditKind.PersonalDataRead, inStore.Value, null, "127.0.0.1", Stop);

        await using var turn = await world.Brand.BeginReadAsync(Stop);
        using var given = new MemoryStream();
        Assert.True(await ExportMember.JsonAsync(turn, byLine, world.Now, given, Stop));
        Assert.True(await ExportMember.HtmlAsync(turn, byLine, Texts.In(Language.Chinese), world.Now, given, Stop));
        Assert.Contains(Name, Search.In(given.ToArray()));
        return inStore;
    }

    /// <summary>Clerks and the office write what they were asked not to: about a sale of theirs, about one that nobody knows, and in what is said of it.</summary>
    private static async Task AppealsAsync(MemberWorld world, MemberId member)
    {
        await world.WriteAsync(async turn =>
        {
            var office = new Ruler("office", null, world.Now);
            async Task<long> OpenAsync(string sale, string story, string evidence = "") => (await OpenAppeal.RunAsync(
                turn, Zone.Utc, new Dispute(new("A"), new("S1"), new(sale), Complaint.Other, null, "", story, evidence), seesSale: false, "A", world.Now, Stop)).Number!.Value;
            var number = await OpenAsync("s1", $"{Name} asked me", $"call {Phone}");
            await AppealSteps.CommentAsync(turn, number, CommentKind.Manager, $"I know {Name}", "manager", world.Now, Stop);
            var ruling = new Ruling(AppealState.Rejected, $"{Name} says no", null);
            Assert.Equal(RulingOutcome.Ruled, (await RuleOnAppeal.RunAsync(turn, number, ruling, office, RulingEffect.None.Digest, Stop)).Outcome);
            Assert.Equal(2, await OpenAsync("nobody-knows", $"the number is 0987-654-321, {member}"));
            // Of somebody else, whose texts stay.
            Assert.Equal(3, await OpenAsync("another", "who was that?"));
        });
    }

    // So many that pages of the tables split, before and after.
    private static Task OthersJoinAsync(MemberWorld world, int part) => world.WriteAsync(async turn =>
    {
        for (var number = 0; number < 300; number++)
        {
            var phone = $"09876{(number * 331 % 1000):000}{part}{number % 10}";
            if (phone == Phone) continue;
            await JoinMember.RunAsync(
                turn, new([MemberWorld.Said(phone)], MemberChannel.Web, $"王{part}{number}", Consents: [new(Consents.Marketing, true, "2026-01")], EvenSo: true),
                new MemberId($"N{number * 331 % 1000:000}{part}"), null, world.Now, Stop);
        }
    });

    /// <summary>Waits until the server has done it by itself.</summary>
    private static async Task ErasedAsync(MemberWorld world, Provider provider)
    {
        for (var tries = 0; ; tries++)
        {
            Assert.True(tries < 300, "The server does not erase.");
            var left = await world.ReadAsync(books => books.People.CountAsync(person => person.Name == Name, Stop));
            if (left == 0 && (provider == Provider.Postgres || !(await Search.InFilesAsync(Path.GetDirectoryName(world.Books.Text)!)).Any(found => found.Contains("-wal", StringComparison.Ordinal)))) return;
            await Task.Delay(100, Stop);
        }
    }

    private static async Task<List<string>> TablesAsync(MemberWorld world)
    {
        await using var brand = await world.Brand.BeginReadAsync(Stop);
        await using var catalogue = await world.Books.Databases.BeginCatalogueReadAsync(Stop);
        return [.. await Search.InTablesAsync(brand), .. await Search.InTablesAsync(catalogue)];
    }

    /// <summary>All that <c>tokamak export</c> writes, and what other systems are told.</summary>
    private static async Task<byte[]> ExportsAsync(MemberWorld world)
    {
        await using var turn = await world.Brand.BeginReadAsync(Stop);
        List<byte> files = [];
        foreach (var kind in Enum.GetValues<ExportKind>())
        {
            using var file = new MemoryStream();
            await ExportBooks.WriteAsync(turn, await BookRules.LoadAsync(turn, Stop), kind, file, Stop);
            files.AddRange(file.ToArray());
        }
        var events = await ReadEvents.RunAsync(turn, 0, long.MaxValue, ReadEvents.All, 1000, Stop);
        Assert.NotEmpty(events.Events);
        foreach (var told in events.Events) files.AddRange(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(told.Row, told.Row.GetType()));
        return [.. files];
    }

    /// <summary>Keeps every word that the machine says.</summary>
    private sealed class Heard : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _said = [];

        public string Text => string.Join('\n', _said);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _said.Enqueue($"{formatter(state, exception)} {state} {exception}");

        public void Dispose()
        {
        }
    }
}
