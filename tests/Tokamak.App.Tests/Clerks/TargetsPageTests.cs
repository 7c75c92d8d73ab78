using System.Net;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Tests.Access;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Tests.Clerks;

/// <summary>A month's form that is sent when the month is another.</summary>
public sealed class TargetsPageTests(PostgresServer server)
{
    private const string Page = "/targets";

    [Fact]
    public async Task Copying_is_of_the_month_that_was_shown_and_says_so_where_that_is_over()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        var office = await world.SignedInAsync("hana");
        // The brand's clock is eight hours ahead.
        var month = Month.Of(DateOnly.FromDateTime(world.Clock.GetUtcNow().UtcDateTime.AddHours(8)));
        await office.SubmitAsync(Page, "targets", ("month", $"{month}"), ("shown.Store.S1", ""), ("Store.S1", "5000"));
        await office.SubmitAsync(Page, "copy", ("month", $"{month.Next}"));
        Assert.Equal([$"{month} S1 5000", $"{month.Next} S1 5000"], await StoredAsync(world));

        var late = await office.SubmitAsync(Page, "copy", ("month", $"{new Month(month.Index - 1)}"));
        Assert.Equal(HttpStatusCode.OK, late.Status);
        Assert.Contains("A month that is over is not changed.", late.Page, StringComparison.Ordinal);
        Assert.Equal(2, (await StoredAsync(world)).Count);
    }

    private static Task<List<string>> StoredAsync(AccessWorld world) =>
        world.ReadAsync(books => Task.FromResult(books.Targets.AsEnumerable().Select(row => $"{row.Month} {row.Id} {row.Amount}").Order(StringComparer.Ordinal).ToList()));
}
