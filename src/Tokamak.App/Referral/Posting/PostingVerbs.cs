using System.CommandLine;
using System.Globalization;
using Tokamak.App.Access;
using Tokamak.App.Brands;
using Tokamak.App.Cli;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Posting;

/// <summary><c>tokamak policy import</c> and <c>tokamak export</c>; and what posting verbs share.</summary>
public static class PostingVerbs
{
    private const string TodayHelp = "Take this day for today (2026-01-31); without, the clock and the brand's time zone say.";

    public static Option<DateOnly?> Today() => Options.Day("--today", TodayHelp);

    public static Command Policy()
    {
        var (db, brand, today) = (Options.Database(), Options.Brand(), Today());
        var file = new Option<FileInfo>("--file") { Description = "Policy, JSON: one version or a list.", Required = true };
        var import = new Command("import", "Check a policy and store its versions; those stored already stay as they are.") { file, db, brand, today };
        import.SetAction((parsed, stop) => DatabaseWork.RunAsync(parsed.GetValue(db), mayMake: true, async databases =>
        {
            var path = parsed.GetValue(file)!.ToString();
            var faults = new List<Fault>();
            if (PolicyFile.ReadJson(path, faults) is not { } json) return Files.Report([.. faults.Select(f => new FileFault(path, f))]);
            var database = await databases.BrandOrNewAsync(parsed.GetValue(brand), stop);
            await using var turn = await database.BeginWriteAsync(stop);
            var (stored, wrong) = await ImportPolicy.RunAsync(turn, json, Now(), parsed.GetValue(today), stop);
            if (wrong.Count > 0) return Files.Report([.. wrong.Select(f => new FileFault(path, f))]);
            await turn.CommitAsync(stop);
            foreach (var version in stored)
                await Audit.WriteOfCommandAsync(databases, database.Name, AuditKind.PolicyImported, version.Version.ToString(CultureInfo.InvariantCulture), $"{version.EffectiveFrom:yyyy-MM-dd}", stop);
            foreach (var version in stored) Console.WriteLine($"stored version {version.Version}, from {version.EffectiveFrom:yyyy-MM-dd}");
            if (stored.Count == 0) Console.WriteLine("All of its versions are stored already.");
            return ExitCodes.Done;
        }, stop));
        return new Command("policy", "The referral policy of a brand.") { import };
    }

    public static Command Export()
    {
        var (db, brand) = (Options.Database(), Options.Brand());
        var what = new Argument<ExportKind>("what")
        {
            Description = "facts, credits, commission, earnings or statements.",
            CustomParser = result =>
            {
                if (!Enum.TryParse<ExportKind>(result.Tokens[0].Value, ignoreCase: true, out var kind) || int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out _))
                    result.AddError($"'{result.Tokens[0].Value}' cannot be exported: name facts, credits, commission, earnings or statements.");
                return kind;
            },
        };
        var output = new Option<FileInfo>("--out") { Description = "File to write.", Required = true };
        var command = new Command("export", "Write what is in a brand's books, in the forms of a replay.") { what, output, db, brand };
        command.SetAction((parsed, stop) => DatabaseWork.RunAsync(parsed.GetValue(db), mayMake: false, async databases =>
        {
            var path = Path.GetFullPath(parsed.GetValue(output)!.ToString());
            var database = await databases.BrandAsync(parsed.GetValue(brand), stop);
            // Before there is a file: one that nobody knows of is worse than an entry without one.
            if (parsed.GetValue(what) is ExportKind.Statements or ExportKind.Earnings or ExportKind.Commission)
                await Audit.WriteOfCommandAsync(databases, database.Name, AuditKind.StatementsExported, $"/{parsed.GetValue(what).ToString().ToLowerInvariant()}", null, stop);
            await using var turn = await database.BeginReadAsync(stop);
            turn.TimeoutSeconds = 0;
            var rules = await BookRules.LoadAsync(turn, stop);
            var unfinished = path + ".unfinished";
            try
            {
                await using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
                    await ExportBooks.WriteAsync(turn, rules, parsed.GetValue(what), file, stop);
                File.Move(unfinished, path, overwrite: true);
            }
            finally
            {
                File.Delete(unfinished);
            }
            return ExitCodes.Done;
        }, stop));
        return command;
    }

    /// <summary>Posts facts and says what came of it.</summary>
    public static async Task<int> PostAsync(BrandDatabase database, IEnumerable<Fact> facts, string source, DateOnly? today, CancellationToken stop)
    {
        var day = today ?? await TodayAsync(database, stop);
        var (posted, faults) = await PostFacts.RunAsync(database, facts, day, PostingLines.Show(), stop);
        if (posted is null) return Files.Report([.. faults.OrderBy(f => f.Line ?? 0).Take(1).Select(f => new FileFault(source, f))]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{posted.New:N0} facts posted, {posted.Known:N0} were there already{(posted.Rederived > 0 ? $", {posted.Rederived:N0} members derived anew" : "")}."));
        return await TellSetAsideAsync(database, stop);
    }

    /// <summary>Names who could not be derived anew, and why.</summary>
    public static async Task<int> TellSetAsideAsync(BrandDatabase database, CancellationToken stop)
    {
        await using var turn = await database.BeginReadAsync(stop);
        var aside = await WorkQueue.SetAsideAsync(turn, stop);
        foreach (var row in aside) Console.Error.WriteLine($"The {(row.Kind == WorkKind.Member ? "member" : "sale")} {row.Name}, reached by {row.Cause}, cannot be derived anew: {row.Trouble}");
        return aside.Count == 0 ? ExitCodes.Done : ExitCodes.CheckFailed;
    }

    /// <summary>The brand's day by the clock.</summary>
    public static async Task<DateOnly> TodayAsync(BrandDatabase database, CancellationToken stop)
    {
        await using var turn = await database.BeginReadAsync(stop);
        return (await BookRules.PolicyAsync(turn, stop) ?? throw new WrongBooksException(BookRules.NoPolicy)).Zone.DayOf(Now());
    }

    public static Instant Now() => new(DateTime.UtcNow.Ticks);
}

/// <summary>Shows on a terminal how far posting is; a log gets a line now and then.</summary>
internal static class PostingLines
{
    public static PostingProgress Show()
    {
        var live = !Console.IsOutputRedirected;
        var next = DateTime.UtcNow.AddSeconds(live ? 0.5 : 10);
        return (doing, done, of) =>
        {
            if (DateTime.UtcNow < next) return;
            next = DateTime.UtcNow.AddSeconds(live ? 0.5 : 10);
            var text = string.Create(CultureInfo.InvariantCulture, $"{doing}: {done:N0}{(of is { } all ? $" of {all:N0}" : "")}");
            if (live) Console.Write($"\r{text,-60}\r"); else Console.WriteLine(text);
        };
    }
}
