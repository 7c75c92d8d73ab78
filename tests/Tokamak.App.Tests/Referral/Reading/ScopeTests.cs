using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral.Reading;

/// <summary>Every read takes a scope, and what is outside of it is not there.</summary>
public sealed class ScopeTests(PostgresServer server)
{
    private const string Facts =
        """
        {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1","code":"A1"}
        {"type":"staff","id":"F2","at":"2026-01-01T09:00:00+08:00","staff":"B","event":"joined","store":"S2"}
        {"type":"staff","id":"F3","at":"2026-01-01T09:00:00+08:00","staff":"C","event":"joined","store":"S1","member":"MC"}
        {"type":"sale","id":"P1","at":"2026-01-10T12:00:00+08:00","channel":"store","store":"S1","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":3000,"fulfil":"taken"}]}
        {"type":"sale","id":"P3","at":"2026-01-12T12:00:00+08:00","channel":"store","store":"S2","staff":"B","lines":[{"line":1,"category":"tops","quantity":1,"net":3000,"fulfil":"taken"}]}
        {"type":"sale","id":"W1","at":"2026-01-15T21:00:00+08:00","channel":"online","lines":[{"line":1,"category":"tops","quantity":2,"net":1000,"fulfil":"pickup"}]}
        {"type":"handover","id":"H1","at":"2026-01-17T15:00:00+08:00","sale":"W1","store":"S2","staff":"B","lines":[{"line":1,"quantity":2}]}
        {"type":"sale","id":"W2","at":"2026-01-18T21:00:00+08:00","channel":"online","member":"MC","staff":"C","lines":[{"line":1,"category":"tops","quantity":1,"net":1000,"fulfil":"ship"}]}
        """;

    private static readonly Month January = Month.Of(new DateOnly(2026, 1, 1));
    private static readonly Scope OfS1 = new(new StoreId("S1"), null), OfA = new(null, new StaffId("A")), OfB = new(null, new StaffId("B"));
    private static readonly Scope OfC = new(null, new StaffId("C")), OfS2 = new(new StoreId("S2"), null);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task Sales_are_found_and_shown_by_those_who_have_a_part_in_them(Provider provider)
    {
        await using var world = await WorldBooks.ImportAsync(provider, server, Facts);
        // C bought W2 and is named by it, without a credit.
        (Scope Scope, string[] Sees)[] cases = [(Scope.All, ["W2", "W1", "P3", "P1"]), (OfS1, ["W2", "P1"]), (OfS2, ["W1", "P3"]), (OfA, ["P1"]), (OfB, ["W1", "P3"]), (OfC, ["W2"])];
        foreach (var (scope, sees) in cases)
        {
            var month = await world.ReadAsync(books => books.FindAsync(SaleSearch.In(books.Zone, January), null, null, 30, Stop), scope);
            Assert.Equal(sees, month.Sales.Select(sale => sale.Id.Value));
            Assert.Equal(sees.Length, month.Count);
            foreach (var id in new[] { "P1", "P3", "W1", "W2" })
            {
                var story = await world.ReadAsync(books => books.SaleAsync(new FactId(id), Stop), scope);
                Assert.Equal(sees.Contains(id), story is not null);
                var found = await world.ReadAsync(books => books.FindAsync(SaleSearch.In(books.Zone, January) with { Id = id }, null, null, 30, Stop), scope);
                Assert.Equal(sees.Contains(id) ? 1 : 0, found.Sales.Count);
            }
        }
        // A filter narrows a scope and never widens it.
        var others = await world.ReadAsync(books => books.FindAsync(SaleSearch.In(books.Zone, January) with { Store = new StoreId("S2"), Staff = new StaffId("B") }, null, null, 30, Stop), OfA);
        Assert.Empty(others.Sales);
        Assert.Null(await world.ReadAsync(books => books.SaleAsync(new FactId("none"), Stop)));
    }

    [Theory, EveryDatabase]
    public async Task Statements_and_closing_are_shown_to_those_whom_they_concern(Provider provider)
    {
        await using var world = await WorldBooks.ImportAsync(provider, server, Facts);
        (Scope Scope, string[] Sees)[] cases = [(Scope.All, ["A", "B", "C"]), (OfS1, ["A", "C"]), (OfS2, ["B"]), (OfA, ["A"]), (OfB, ["B"])];
        foreach (var (scope, sees) in cases)
        {
            foreach (var clerk in new[] { "A", "B", "C" })
            {
                Assert.Equal(sees.Contains(clerk), await world.ReadAsync(books => books.StatementAsync(new StaffId(clerk), January, StatementPart.Whole, Stop), scope) is not null);
                Assert.Equal(sees.Contains(clerk), await world.ReadAsync(books => Task.FromResult(books.MaySee(new StaffId(clerk))), scope));
            }
            var list = await world.ReadAsync(async books => ClerkList.Find(books.Known, (await books.MonthsAsync(Stop)).Figures, books.Scope, January, null), scope);
            Assert.Equal(sees, list.Select(clerk => clerk.Staff.Value).Order());
        }
        Assert.Null(await world.ReadAsync(books => books.StatementAsync(new StaffId("Z"), January, StatementPart.Whole, Stop)));
    }

    [Theory, EveryDatabase]
    public async Task What_a_sale_pays_others_and_whole_stores_stay_hidden(Provider provider)
    {
        await using var world = await WorldBooks.ImportAsync(provider, server, Facts);
        // A closes an order that B hands over.
        await world.PostAsync(
            """
            {"type":"sale","id":"W3","at":"2026-01-19T21:00:00+08:00","channel":"online","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":1000,"fulfil":"pickup"}]}
            {"type":"handover","id":"H3","at":"2026-01-20T15:00:00+08:00","sale":"W3","store":"S2","staff":"B","lines":[{"line":1,"quantity":1}]}
            """);
        (Scope Scope, string[] Sees)[] cases = [(Scope.All, ["A", "B"]), (OfS1, ["A"]), (OfS2, ["B"]), (OfA, ["A"]), (OfB, ["B"])];
        foreach (var (scope, sees) in cases)
        {
            var story = (await world.ReadAsync(books => books.SaleAsync(new FactId("W3"), Stop), scope))!;
            Assert.Equal(sees, story.Commissions.Select(entry => entry.Posting.Party.Staff!.Value.Value).Distinct().Order());
        }
        Assert.True(OfS1.MaySee(new StoreId("S1")));
        Assert.False(OfS1.MaySee(new StoreId("S2")));
        Assert.False(OfA.MaySee(new StoreId("S1")));
        Assert.False(OfS1.SeesAll || OfA.SeesAll || OfA.SeesOthers);
    }
}
