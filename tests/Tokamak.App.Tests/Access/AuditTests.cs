using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Access;

public sealed class AuditTests(PostgresServer server)
{
    [Theory, EveryDatabase]
    public async Task Entries_are_added_and_never_changed_or_removed(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        var audit = world.Parts.GetRequiredService<Audit>();
        await audit.WriteAsync("one", null, AuditKind.PeriodClosed, "2026-01", new string('x', 500), null, AccessWorld.Stop);
        await Assert.ThrowsAnyAsync<DbException>(() => world.Catalogue.WriteAsync(context => context.Audit.ExecuteUpdateAsync(set => set.SetProperty(e => e.About, "2026-02")), AccessWorld.Stop));
        await Assert.ThrowsAnyAsync<DbException>(() => world.Catalogue.WriteAsync(context => context.Audit.ExecuteDeleteAsync(), AccessWorld.Stop));
        var entry = Assert.Single(await world.AuditAsync());
        Assert.Equal(("2026-01", AuditEntry.MostLetters), (entry.About, entry.Detail!.Length));
    }

    [Theory, EveryDatabase]
    public async Task Entries_are_found_by_person_kind_and_day_the_newest_first(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        var who = await world.AddAsync("Hana", AccountRole.Hq);
        var audit = world.Parts.GetRequiredService<Audit>();
        var start = world.Clock.GetUtcNow().UtcDateTime;
        for (var i = 0; i < 5; i++)
        {
            world.Clock.Go(TimeSpan.FromHours(1));
            await audit.WriteAsync("one", who, AuditKind.PayRead, $"{i}", null, null, AccessWorld.Stop);
        }
        await audit.WriteAsync("two", null, AuditKind.PayRead, "other", null, null, AccessWorld.Stop);

        Task<(IReadOnlyList<AuditEntry> Entries, int Count)> FindAsync(AuditSearch search, int page = 1) => audit.FindAsync(search, page, 2, AccessWorld.Stop);
        var all = await FindAsync(new("one", who, AuditKind.PayRead, null, null));
        Assert.Equal((5, "4,3"), (all.Count, string.Join(',', all.Entries.Select(entry => entry.About))));
        Assert.Equal("0", Assert.Single((await FindAsync(new("one", who, AuditKind.PayRead, null, null), 3)).Entries).About);
        Assert.Equal(2, (await FindAsync(new("one", null, AuditKind.PayRead, start.AddHours(1), start.AddHours(3)))).Count);
        Assert.Equal(0, (await FindAsync(new("one", null, AuditKind.PolicyImported, null, null))).Count);
    }

    [Theory, EveryDatabase]
    public async Task Reading_anothers_pay_is_noted_and_reading_the_own_is_not(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        await world.AddAsync("Gao", AccountRole.Manager, "G");
        var browser = await world.SignedInAsync("gao");
        foreach (var path in new[] { "/clerks/A?month=2026-01", "/clerks/G?month=2026-01", "/clerks/B" }) await browser.GetAsync(path);
        var entry = Assert.Single(await world.AuditAsync(), entry => entry.What == AuditKind.PayRead);
        Assert.Equal(("A", "2026-01"), (entry.About, entry.Detail));
    }

    [Theory, EveryDatabase]
    public async Task The_tables_are_those_of_the_model(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        await world.Catalogue.ReadAsync(async context =>
        {
            foreach (var entity in context.Model.GetEntityTypes())
            {
                await using var command = context.Database.GetDbConnection().CreateCommand();
                command.Transaction = Microsoft.EntityFrameworkCore.Storage.DbContextTransactionExtensions.GetDbTransaction(context.Database.CurrentTransaction!);
                command.CommandText = $"select * from {entity.GetTableName()} where false";
                await using var rows = await command.ExecuteReaderAsync(AccessWorld.Stop);
                Assert.Equal(entity.GetProperties().Select(property => property.GetColumnName()).Order(), Enumerable.Range(0, rows.FieldCount).Select(rows.GetName).Order());
            }
            return true;
        }, AccessWorld.Stop);
    }
}
