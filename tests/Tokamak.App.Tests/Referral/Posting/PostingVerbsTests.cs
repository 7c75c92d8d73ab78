using Microsoft.EntityFrameworkCore;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Referral.Posting;

public sealed class PostingVerbsTests(PostgresServer server)
{
    [Theory, EveryDatabase]
    public async Task What_the_command_line_stores_closes_and_takes_out_of_pay_stands_in_the_log(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, server);
        var folder = Directory.CreateTempSubdirectory("tokamak-verbs-").FullName;
        try
        {
            string At(string name) => Path.Combine(folder, name);
            await File.WriteAllTextAsync(At("policy.json"), World.Policy, TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(At("facts.jsonl"), World.SmallFacts, TestContext.Current.CancellationToken);
            await Programs.DoneAsync("policy", "import", "--file", At("policy.json"), "--db", database.Text);
            await Programs.DoneAsync("import", "--facts", At("facts.jsonl"), "--db", database.Text, "--today", "2026-06-01");
            foreach (var what in new[] { "statements", "earnings", "commission", "credits", "facts" }) await Programs.DoneAsync("export", what, "--out", At(what), "--db", database.Text);
            await Programs.DoneAsync("close", "--period", "2026-02", "--with-earlier", "--today", "2026-06-01", "--dry-run", "--db", database.Text);
            await Programs.DoneAsync("close", "--period", "2026-02", "--with-earlier", "--today", "2026-06-01", "--db", database.Text);
            await Programs.DoneAsync("policy", "import", "--file", At("policy.json"), "--db", database.Text);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        await using var databases = await database.OpenAsync();
        var entries = await new StaffCatalogue(databases).ReadAsync(context => context.Audit.AsNoTracking().OrderBy(entry => entry.Id).ToListAsync(), TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                (AuditKind.PolicyImported, "1"), (AuditKind.StatementsExported, "/statements"), (AuditKind.StatementsExported, "/earnings"), (AuditKind.StatementsExported, "/commission"),
                (AuditKind.CloseBegun, "2026-02"), (AuditKind.PeriodClosed, "2026-01"), (AuditKind.PeriodClosed, "2026-02"),
            ],
            entries.Select(entry => (entry.What, entry.About)));
        Assert.All(entries, entry => Assert.Equal(("main", null, null), (entry.Brand, entry.Who, entry.Address)));
    }
}
