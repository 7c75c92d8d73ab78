using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Referral.Posting;

/// <summary>A clerk of whom no staff fact is left has postings that are taken back, and nobody else's books wait for that.</summary>
public sealed class VoidedRosterTests(PostgresServer server)
{
    private const string Facts =
        """
        {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1","code":"A1"}
        {"type":"staff","id":"F2","at":"2026-01-01T09:00:00+08:00","staff":"B","event":"joined","store":"S2"}
        {"type":"sale","id":"W1","at":"2026-01-15T21:00:00+08:00","channel":"online","code":"A1","lines":[{"line":1,"category":"tops","quantity":1,"net":1000,"fulfil":"taken"}]}
        {"type":"sale","id":"P1","at":"2026-01-16T12:00:00+08:00","channel":"store","store":"S2","member":"M1","staff":"B","lines":[{"line":1,"category":"tops","quantity":1,"net":800,"fulfil":"taken"}]}
        """;

    private const string Void = """{"type":"void","id":"X1","at":"2026-01-20T12:00:00+08:00","fact":"F1"}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task The_only_joined_of_a_clerk_voided_takes_back_what_a_code_brought_them(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(Facts);
        Assert.True((await books.CloseAsync("2026-01")).MayClose);
        Assert.Equal(1, (await books.PostAsync(Void)).Rederived);
        Assert.Equal(0, await books.ReadAsync(context => context.Credits.Where(row => row.Staff == "A").SumAsync(row => row.Amount, Stop)));
        var settlement = await books.SettleAsync();
        Assert.Equal(["2026-01 400 10", "2026-02 -400 0"], settlement.Statements.Where(row => row.Staff?.Value == "A").Select(row => $"{row.Period} {row.Credit} {row.Paid}"));
        await books.AssertProvenAsync();
        Assert.True((await books.CloseAsync("2026-02")).MayClose);
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task Who_cannot_be_derived_anew_is_set_aside_and_the_others_are_derived(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(Facts);
        await using (var turn = await books.Brand.BeginWriteAsync(Stop))
        {
            // A fact that no longer reads.
            await turn.ExecuteAsync(
                "insert into fact (seq, id, type, at_ticks, day, member, sale, body) select 5, 'V1', 2, at_ticks + 1, day, 'M1', null, '{}' from fact where id = 'P1'", Stop);
            await turn.ExecuteAsync("update book set facts = 5", Stop);
            await WorkQueue.AddAsync(turn, [new WorkRow { Kind = WorkKind.Member, Name = "M1", Cause = "P1" }, new WorkRow { Kind = WorkKind.Sale, Name = "W1", Cause = "W1" }], Stop);
            await turn.CommitAsync(Stop);
        }
        Assert.Equal(2, await PostFacts.WorkOffAsync(books.Brand, null, Stop));
        var left = Assert.Single(await books.ReadAsync(context => context.Work.ToListAsync(Stop)));
        Assert.Equal("M1", left.Name);
        Assert.Contains("V1 no longer reads", left.Trouble, StringComparison.Ordinal);
        // What reaches them next is a reason to try again.
        await using (var turn = await books.Brand.BeginWriteAsync(Stop))
        {
            await WorkQueue.AddAsync(turn, [left], Stop);
            Assert.Equal(1, await WorkQueue.CountAsync(turn, 10, Stop));
        }
    }
}
