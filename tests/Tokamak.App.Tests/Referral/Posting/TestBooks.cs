using System.Text;
using Npgsql;
using Tokamak.App.Data;
using Tokamak.App.Referral.Closing;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Verifying;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral.Posting;

/// <summary>One brand's books in a fresh database, with the small world's policy (<see cref="World"/>) unless another is given.</summary>
internal sealed class TestBooks : IAsyncDisposable
{
    private readonly TestDatabase _test;
    private readonly Databases _databases;

    private TestBooks(TestDatabase test, Databases databases, BrandDatabase brand) => (_test, _databases, Brand) = (test, databases, brand);

    public BrandDatabase Brand { get; }

    public Databases Databases => _databases;

    /// <summary>What a verb takes after <c>--db</c>; close these books first.</summary>
    public string Text => _test.Text;

    /// <summary>Far enough for everything to have vested.</summary>
    public static DateOnly Today { get; } = new(2026, 12, 1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<TestBooks> CreateAsync(Provider provider, PostgresServer server, string policy = World.Policy)
    {
        var test = await TestDatabase.CreateAsync(provider, server);
        var databases = await test.OpenAsync();
        var books = new TestBooks(test, databases, await databases.AddBrandAsync("main", null, Stop));
        Assert.Empty(await books.PolicyAsync(policy));
        return books;
    }

    public async Task<IReadOnlyList<Fault>> PolicyAsync(string json, DateOnly? today = null)
    {
        await using var turn = await Brand.BeginWriteAsync(Stop);
        var (_, faults) = await ImportPolicy.RunAsync(turn, Encoding.UTF8.GetBytes(json), default, today ?? Today, Stop);
        if (faults.Count == 0) await turn.CommitAsync(Stop);
        return faults;
    }

    /// <summary>Posts lines of facts; nothing may be refused.</summary>
    public async Task<Posted> PostAsync(string facts, DateOnly? today = null)
    {
        var (posted, faults) = await TryPostAsync(facts, today);
        Assert.Empty(faults);
        return posted!;
    }

    public Task<(Posted? Posted, IReadOnlyList<Fault> Faults)> TryPostAsync(string facts, DateOnly? today = null) =>
        PostFacts.RunAsync(Brand, FactsOf(facts), today ?? Today, null, Stop);

    /// <summary>Sends lines of facts to the live writer, in one commit of its own; <paramref name="today"/> is the day as the writer sees it.</summary>
    public async Task<IReadOnlyList<FactAnswer>> SendAsync(string facts, DateOnly? today = null, RequestKey? key = null)
    {
        var result = await CommitAsync(new Part([.. FactsOf(facts).Select(fact => new Arrival(fact, "till"))], key), today);
        Assert.Equal(WriteOutcome.Decided, result.Outcome);
        return result.Answers;
    }

    public async Task<WriteResult> CommitAsync(Part part, DateOnly? today = null)
    {
        await using var turn = await Brand.BeginWriteAsync(Stop);
        var commit = new LiveCommit(turn, await BookRules.LoadAsync(turn, Stop), today ?? Today, new Instant(0));
        var results = await commit.RunAsync([part], Stop);
        await turn.CommitAsync(Stop);
        return results[0];
    }

    public async Task<ClosePreview> CloseAsync(string month, DateOnly? today = null)
    {
        Assert.True(Month.TryParse(month, out var period));
        await using var turn = await Brand.BeginWriteAsync(Stop);
        var preview = await ClosePeriod.RunAsync(turn, period, "test", new Instant(0), today ?? Today, Stop);
        if (preview.MayClose) await turn.CommitAsync(Stop);
        return preview;
    }

    /// <param name="members">So many are derived together.</param>
    public async Task<Verification> VerifyAsync(int members = 100)
    {
        await using var turn = await Brand.BeginReadAsync(Stop);
        return await VerifyBooks.RunAsync(turn, members, null, Stop);
    }

    /// <summary>Proven whoever is derived with whom.</summary>
    public async Task AssertProvenAsync()
    {
        foreach (var members in (int[])[100, 1])
        {
            var done = await VerifyAsync(members);
            Assert.True(done.IsProof, $"{members} at once: {done.Waiting} wait; {string.Join(Environment.NewLine, done.Findings)}");
        }
    }

    /// <summary>Statements and earnings of all months, by what is posted now.</summary>
    public async Task<Settlement> SettleAsync()
    {
        await using var turn = await Brand.BeginReadAsync(Stop);
        return await BookSettlement.OfAsync(turn, await BookRules.LoadAsync(turn, Stop), null, Stop);
    }

    public async Task<T> ReadAsync<T>(Func<BrandContext, Task<T>> read)
    {
        await using var turn = await Brand.BeginReadAsync(Stop);
        await using var context = turn.Books();
        return await read(context);
    }

    public static IEnumerable<Fact> FactsOf(string lines)
    {
        var reader = new FactReader();
        var number = 0;
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            Assert.True(reader.TryRead(Encoding.UTF8.GetBytes(line), ++number, out var fact, out var fault), fault?.Message);
            yield return fact;
        }
    }

    /// <summary>Lets PostgreSQL clear away dead versions of rows and count the living.</summary>
    public async Task VacuumAsync()
    {
        await using var pool = NpgsqlDataSource.Create(_test.Text);
        await using var vacuum = pool.CreateCommand("vacuum analyze");
        await vacuum.ExecuteNonQueryAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _databases.DisposeAsync();
        await _test.DisposeAsync();
    }
}
