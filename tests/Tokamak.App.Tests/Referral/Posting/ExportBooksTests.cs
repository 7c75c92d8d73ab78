using System.Text;
using Tokamak.App.Data;
using Tokamak.App.Referral;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Verifying;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral.Posting;

/// <summary>Every worked case, posted to a database and exported: the files are those of the case, and the exported facts replay to them.</summary>
public sealed class ExportBooksTests(PostgresServer server)
{
    private static readonly (ExportKind Kind, string File)[] Files =
        [(ExportKind.Credits, "credits.csv"), (ExportKind.Commission, "commission.csv"), (ExportKind.Earnings, "earnings.csv"), (ExportKind.Statements, "statements.csv")];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task Every_case_comes_out_of_the_books_as_it_comes_out_of_a_replay(Provider provider)
    {
        await using var test = await TestDatabase.CreateAsync(provider, server);
        await using var databases = await test.OpenAsync();
        var wrong = new List<string>();
        foreach (var name in CaseFolder.NamesIn(CaseFolder.OurOwn)) wrong.AddRange(await DifferencesAsync(databases, CaseFolder.OurOwn, name, "own"));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory, EveryDatabase]
    public async Task Every_shared_case_comes_out_of_the_books_as_it_comes_out_of_a_replay(Provider provider)
    {
        if (!Directory.Exists(CaseFolder.Shared)) Assert.Skip("The shared cases are not here.");
        await using var test = await TestDatabase.CreateAsync(provider, server);
        await using var databases = await test.OpenAsync();
        var wrong = new List<string>();
        foreach (var name in CaseFolder.NamesIn(CaseFolder.Shared)) wrong.AddRange(await DifferencesAsync(databases, CaseFolder.Shared, name, "shared"));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static async Task<List<string>> DifferencesAsync(Databases databases, string folder, string name, string prefix)
    {
        var path = Path.Combine(folder, name);
        var (of, output) = (new CaseFolder(path), Directory.CreateTempSubdirectory("export").FullName);
        var brand = await databases.AddBrandAsync($"{prefix}-{name[..2]}", null, Stop);
        await using (var turn = await brand.BeginWriteAsync(Stop))
        {
            var (_, faults) = await ImportPolicy.RunAsync(turn, await File.ReadAllBytesAsync(of.Policy, Stop), default, TestBooks.Today, Stop);
            Assert.Empty(faults);
            await turn.CommitAsync(Stop);
        }
        await using var read = await brand.BeginReadAsync(Stop);
        var zone = (await BookRules.PolicyAsync(read, Stop))!.Zone;
        var (posted, refused) = await PostFacts.RunAsync(
            brand, FactStream.Read(of.Facts).Where(fact => of.AsOf is null || zone.DayOf(fact.At) <= of.AsOf), of.AsOf ?? new DateOnly(9000, 1, 1), null, Stop);
        Assert.True(posted is not null, $"{name}: {string.Join("; ", refused)}");

        await using var turnAfter = await brand.BeginReadAsync(Stop);
        var verified = await VerifyBooks.RunAsync(turnAfter, null, Stop);
        var wrong = verified.Findings.Select(finding => $"{name}: {finding}").ToList();
        foreach (var (kind, file) in Files)
        {
            var exported = await ExportAsync(turnAfter, kind);
            var expected = await File.ReadAllBytesAsync(Path.Combine(path, file), Stop);
            if (!exported.AsSpan().SequenceEqual(expected))
                wrong.Add($"{name} {file}:\n{Encoding.UTF8.GetString(exported)}");
        }
        var facts = Path.Combine(output, "facts.jsonl");
        await File.WriteAllBytesAsync(facts, await ExportAsync(turnAfter, ExportKind.Facts), Stop);
        Assert.Empty(ReplayFiles.Run(facts, of.Policy, output, of.AsOf));
        foreach (var (_, file) in Files) Assert.Equal(await File.ReadAllTextAsync(Path.Combine(path, file), Stop), await File.ReadAllTextAsync(Path.Combine(output, file), Stop));
        Directory.Delete(output, recursive: true);
        return wrong;
    }

    private static async Task<byte[]> ExportAsync(Turn turn, ExportKind kind)
    {
        var bytes = new MemoryStream();
        await ExportBooks.WriteAsync(turn, await BookRules.LoadAsync(turn, Stop), kind, bytes, Stop);
        return bytes.ToArray();
    }
}
