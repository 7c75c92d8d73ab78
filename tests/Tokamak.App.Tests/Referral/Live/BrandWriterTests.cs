using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Tokamak.App.Data;
using Tokamak.App.Referral.Live;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral.Posting;

namespace Tokamak.App.Tests.Referral.Live;

/// <summary>The writer of a brand: what it does by itself, one commit after the other.</summary>
public sealed class BrandWriterTests(PostgresServer server)
{
    private const string Joined = """{"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1"}""";

    private static readonly Node Node = new("one", new Uri("http://127.0.0.1:1"));

    [Theory, EveryDatabase]
    public async Task Parts_are_answered_one_after_the_other_and_nothing_goes_wrong_between_them(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        var log = new Complaints();
        await using (var writer = new BrandWriter(books.Brand, Node, TimeProvider.System, log))
            for (var time = 1; time <= 3; time++)
            {
                var result = await writer.SubmitAsync(new Part([.. TestBooks.FactsOf(Joined).Select(fact => new Arrival(fact, null))]));
                Assert.Equal(WriteOutcome.Decided, result.Outcome);
                Assert.Equal(time == 1 ? FactStatus.Accepted : FactStatus.Duplicate, result.Answers.Single().Status);
            }
        Assert.Empty(log.Said);
    }

    [Fact]
    public async Task A_node_that_stands_still_in_a_commit_keeps_nobody_waiting_for_long()
    {
        await using var books = await TestBooks.CreateAsync(Provider.Postgres, server);
        await using var still = await books.Brand.BeginWriteAsync(TestContext.Current.CancellationToken, mostIdle: TimeSpan.FromMilliseconds(300));
        await using var others = await Databases.OpenAsync(new(Provider.Postgres, books.Text), TestContext.Current.CancellationToken);
        var began = Stopwatch.GetTimestamp();
        await using var next = await (await others.BrandAsync(null, TestContext.Current.CancellationToken)).BeginWriteAsync(TestContext.Current.CancellationToken);
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20));
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => still.RunAsync("select 1"));
    }

    /// <summary>Keeps what is worse than news.</summary>
    private sealed class Complaints : ILogger
    {
        public List<string> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning) Said.Add($"{formatter(state, exception)} {exception}");
        }
    }
}
