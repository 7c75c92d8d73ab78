using System.Globalization;
using System.Numerics;
using Tokamak.App.Cli;
using Tokamak.App.Data;
using Tokamak.App.Intake;
using Tokamak.App.Intake.People;
using Tokamak.App.Referral;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Intake.People;
using Tokamak.App.Tests.Members;
using Xunit;
using R1 = Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Intake;

public sealed class SampleImportsTests(PostgresServer server)
{
    private const int PublishedRows = 436;

    [Fact]
    public void AdventureWorks_commission_per_seller_and_month_equals_the_published_figures()
    {
        var data = SharedData.Folder("adventureworks");
        using var work = new BrandFolder();
        ImportAndReplay("adventureworks", data, work);

        // The last period of a sale month holds all that its sales have earned (R14).
        var earned = new Dictionary<(string Staff, string Month), (string Period, long Credit, BigInteger GrossE4)>();
        foreach (var row in Rows(work.In("earnings.csv")))
            if (!earned.TryGetValue((row["staff"], row["month"]), out var known) || string.CompareOrdinal(known.Period, row["period"]) < 0)
                earned[(row["staff"], row["month"])] = (row["period"], Long(row["credit"]), BigInteger.Parse(row["gross_e4"], CultureInfo.InvariantCulture));

        var published = Rows(Path.Combine(data, "golden_salesperson_month.csv"));
        Assert.Equal(PublishedRows, published.Count);
        Assert.Equal(published.Select(row => (row["sales_person_id"], row["month"])).Order(), earned.Keys.Order());
        Assert.All(published, row =>
        {
            var (_, credit, grossE4) = earned[(row["sales_person_id"], row["month"])];
            Assert.Equal(Decimal(row["sub_total"]), credit / 10_000m);
            // A unit is 0.0001 USD and gross counts ten-thousandths of it; published to the cent, half up.
            Assert.Equal(Decimal(row["commission_2dp"]), Math.Round((decimal)grossE4 / 100_000_000m, 2, MidpointRounding.AwayFromZero));
        });
    }

    [Fact]
    public void AdventureWorks_comes_in_whole()
    {
        var result = Import.Run(BrandFolder.Read(File.ReadAllText(SharedData.Sample("adventureworks", "mapping.json"))), SharedData.Folder("adventureworks"), null, null);

        Assert.Equal(0, result.Rejects.Rows);
        Assert.Equal(17, result.Facts.OfType<R1.StaffFact>().Count());
        Assert.Equal(27_659, result.Facts.OfType<R1.SaleFact>().Count(sale => sale.Channel == R1.Channel.Online));
        Assert.Equal(3_796, result.Facts.OfType<R1.SaleFact>().Count(sale => sale.Channel == R1.Channel.Store && sale.Staff is not null));
        Assert.Equal(121_253, result.Facts.OfType<R1.SaleFact>().Sum(sale => sale.Lines.Length));
        // 29,358,677.22 online and 80,450,596.98 by the sellers, as the data set states.
        Assert.Equal(29_358_677.22m, Dollars(result, R1.Channel.Online));
        Assert.Equal(80_450_596.98m, Dollars(result, R1.Channel.Store));
        Assert.Equal("Canada", result.Names.Stores["T6"]);
        Assert.Equal("Seller 275", result.Names.Staff["275"]);
    }

    [Theory, EveryDatabase]
    public async Task AdventureWorks_people_stay_as_many_and_nobody_is_merged_by_phone(Provider provider)
    {
        var data = SharedData.Folder("adventureworks");
        await using var world = await MemberWorld.CreateAsync(provider, server);
        using var rejects = new MemberRejects(null);

        var imported = await ImportMembers.RunAsync(
            MemberFiles.Read(await File.ReadAllTextAsync(SharedData.Sample("adventureworks", "members.json"), TestContext.Current.CancellationToken)), data, world.Brand, null, rejects, false, null, null, TestContext.Current.CancellationToken);

        Assert.Equal((18_484, 0, 0), (imported.Counts.New, imported.Counts.Completed, rejects.Rows.Rows));
        Assert.Equal(18_484, await world.ReadAsync(books => Task.FromResult(books.People.Count())));
        Assert.Equal(0, await world.ReadAsync(books => Task.FromResult(books.Members.Count(member => member.Id != member.Root))));
        // Of 8,890 different numbers most are made up; those that could be somebody's are shared by few, and people decide.
        Assert.Equal((14_318, 256), (rejects.ValuesLeftOut, imported.Pairs));
        // Members are those whom the sales name.
        var sales = Import.Run(BrandFolder.Read(await File.ReadAllTextAsync(SharedData.Sample("adventureworks", "mapping.json"), TestContext.Current.CancellationToken)), data, null, null).Facts.OfType<R1.SaleFact>().ToList();
        var people = await world.ReadAsync(books => Task.FromResult(books.People.Select(person => person.Member).ToHashSet()));
        Assert.All(sales.Where(sale => sale.Channel == R1.Channel.Online), sale => Assert.Contains(sale.Member!.Value.Value, people));
    }

    [Fact]
    public void Oracle_CO_leaves_cancelled_orders_out_and_returns_refunded_ones()
    {
        var data = SharedData.Folder("oracle_co");
        using var work = new BrandFolder();
        ImportAndReplay("oracle_co", data, work);
        var (facts, fault) = FactFile.Read(work.In("facts.jsonl"));

        Assert.Null(fault);
        var orders = Rows(Path.Combine(data, "orders.csv"));
        Assert.Equal(orders.Where(o => o["order_status"] != "CANCELLED").Select(o => "O" + o["order_id"]).Order(), facts.OfType<R1.SaleFact>().Select(s => s.Id.Value).Order());
        Assert.Equal(orders.Where(o => o["order_status"] == "REFUNDED").Select(o => "O" + o["order_id"]).Order(), facts.OfType<R1.ReturnFact>().Select(r => r.Sale.Value).Order());
        Assert.Equal(orders.Count(o => o["store_id"] == "1" && o["order_status"] != "CANCELLED"), facts.OfType<R1.SaleFact>().Count(s => s.Channel == R1.Channel.Online));

        // Of a refunded order nothing remains; of all others everything does.
        var credits = Rows(work.In("credits.csv")).Sum(row => Long(row["amount"]));
        var refunded = orders.Where(o => o["order_status"] != "COMPLETE").Select(o => o["order_id"]).ToHashSet();
        var kept = Rows(Path.Combine(data, "order_items.csv")).Where(i => !refunded.Contains(i["order_id"])).Sum(i => Decimal(i["unit_price"]) * Long(i["quantity"]));
        Assert.Equal(kept, credits / 100m);
        Assert.Contains(Rows(work.In("commission.csv")), row => row["role"] == "owner" && row["store"].StartsWith('S'));
    }

    private static void ImportAndReplay(string brand, string data, BrandFolder work)
    {
        var paths = new ImportPaths(SharedData.Sample(brand, "mapping.json"), data, work.In("facts.jsonl"), work.In("rejects.csv"), work.In("names.json"), null);
        var errors = new StringWriter();
        Assert.True(ImportCommand.Run(paths, dryRun: false, TextWriter.Null, errors) == ExitCodes.Done, errors.ToString());
        Assert.Equal("file,line,column,reason\n", File.ReadAllText(paths.Rejects));
        Assert.Empty(ReplayFiles.Run(paths.Out, SharedData.Sample(brand, "policy.json"), work.Path, null));
    }

    private static decimal Dollars(ImportResult result, R1.Channel channel) =>
        Math.Round(result.Facts.OfType<R1.SaleFact>().Where(sale => sale.Channel == channel).Sum(sale => sale.Lines.Sum(line => line.Net)) / 10_000m, 2, MidpointRounding.AwayFromZero);

    private static List<Dictionary<string, string>> Rows(string path)
    {
        using var csv = CsvHelper.CsvReader.FromFile(path);
        var rows = new List<Dictionary<string, string>>();
        while (csv.Read())
        {
            var row = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = 0; i < csv.FieldCount; i++) row.Add(csv.Headers[i], csv.GetString(i));
            rows.Add(row);
        }
        return rows;
    }

    private static decimal Decimal(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
    private static long Long(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
