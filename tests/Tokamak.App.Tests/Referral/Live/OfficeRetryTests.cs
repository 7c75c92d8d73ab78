using System.Text;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Live;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral.Live;

public sealed class OfficeRetryTests(PostgresServer server)
{
    private const string A = """{"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1"}""";
    private const string Sale = """{"type":"sale","id":"P1","at":"2026-01-10T12:00:00+08:00","channel":"store","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":800,"fulfil":"taken"}]}""";

    private static readonly Instant Now = new(new DateTime(2026, 12, 1).Ticks);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task A_sale_counts_with_the_store_that_the_office_adds_and_may_still_be_sent_with_it(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.SendAsync(A);
        Assert.True(FactText.TryRead(Encoding.UTF8.GetBytes(Sale), 0, out var sale, out _));
        Assert.Equal(FactStatus.Parked, (await books.CommitAsync(new Part([new Arrival(sale, "till")]))).Answers[0].Status);
        Assert.Equal(FactStatus.Parked, (await OfficeRetry.RunAsync(books.Brand, "P1", null, Now, Stop))!.Status);
        Assert.Equal(FactStatus.Accepted, (await OfficeRetry.RunAsync(books.Brand, "P1", new StoreId("S1"), Now, Stop))!.Status);
        Assert.Equal("S1 800", await books.ReadAsync(context => context.Credits.Select(row => $"{row.Store} {row.Amount}").SingleAsync(Stop)));
        Assert.Equal([NoticeKind.Parked, NoticeKind.Accepted], await books.ReadAsync(context => context.Notices.Where(row => row.Sender == "till").OrderBy(row => row.Seq).Select(row => row.Kind).ToListAsync(Stop)));
        // Once it counts there is nothing to add; and the till's own second try finds it there.
        Assert.Null(await OfficeRetry.RunAsync(books.Brand, "P1", new StoreId("S2"), Now, Stop));
        Assert.Equal(FactStatus.Duplicate, (await books.SendAsync(Sale.Replace("\"staff\"", "\"store\":\"S1\",\"staff\"", StringComparison.Ordinal)))[0].Status);
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task What_went_wrong_counts_at_another_try_and_a_store_is_added_to_nothing_else(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.SendAsync(A);
        var body = Sale.Replace("\"staff\"", "\"store\":\"S1\",\"staff\"", StringComparison.Ordinal);
        await using (var turn = await books.Brand.BeginWriteAsync(Stop))
        {
            await turn.InsertAsync<ParkedRow>([new ParkedRow { Id = "P1", Body = new Arrival(TestBooks.FactsOf(body).Single(), null).Body, WaitsFor = WaitsFor.Attention, Reason = "", Facts = 1, SinceTicks = 0 }], Stop);
            await turn.CommitAsync(Stop);
        }
        Assert.Null(await OfficeRetry.RunAsync(books.Brand, "P1", new StoreId("S2"), Now, Stop));
        Assert.Null(await OfficeRetry.RunAsync(books.Brand, "P2", null, Now, Stop));
        Assert.Equal(FactStatus.Accepted, (await OfficeRetry.RunAsync(books.Brand, "P1", null, Now, Stop))!.Status);
        Assert.Equal(0, await books.ReadAsync(context => context.Parked.CountAsync(Stop)));
        await books.AssertProvenAsync();
    }
}
