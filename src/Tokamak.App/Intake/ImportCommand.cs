using System.CommandLine;
using System.Globalization;
using Tokamak.App.Brands;
using Tokamak.App.Cli;
using Tokamak.App.Data;
using Tokamak.App.Intake.People;
using Tokamak.App.Referral;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Intake;

/// <summary><c>tokamak import</c>: a brand's own files in, facts out, through a mapping (docs/import.md).</summary>
public static class ImportCommand
{
    private const int SamplesOfType = 3, RejectsShown = 10, FaultsShown = 50;

    public static Command Create()
    {
        var mapping = new Option<string?>("--mapping") { Description = "How the brand's files become facts, JSON (docs/import.md); goes with --data." };
        var data = new Option<string?>("--data") { Description = "Folder of the brand's files." };
        var facts = new Option<FileInfo?>("--facts") { Description = "Facts as they are, JSON Lines (spec R1), instead of --mapping and --data; goes with --db." };
        var members = new Option<bool>("--members") { Description = "The mapping is one of members, with keys, consents and owners (docs/import.md); goes with --db." };
        var output = new Option<string?>("--out") { Description = "File for the facts, JSON Lines; not needed with --dry-run or --db." };
        var rejects = new Option<string?>("--rejects") { Description = "File for the rows that do not come in, CSV; default: the name of --out with .rejects.csv." };
        var names = new Option<string?>("--names") { Description = "File for the display names of stores and staff, JSON; with --facts, the file to read them from." };
        var key = new Option<string?>("--key-file") { Description = $"Secret key for keyed ids; else the environment variable {KeyedIds.KeyVariable}." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Report what would come in, with samples, and write nothing." };
        var (db, brand, today) = (Options.Database(), Options.Brand(), PostingVerbs.Today());
        var command = new Command("import", "Turns a brand's own files into facts, and posts facts to its books.") { mapping, data, facts, members, output, rejects, names, key, dryRun, db, brand, today };
        command.Validators.Add(result =>
        {
            if (result.GetResult(facts) is not null == (result.GetResult(mapping) is not null || result.GetResult(data) is not null))
                result.AddError("Give --mapping with --data for a brand's own files, or --facts for facts.");
            else if (result.GetResult(mapping) is null != result.GetResult(data) is null) result.AddError("--mapping and --data go together.");
            else if (result.GetValue(members) && (result.GetResult(facts) ?? result.GetResult(output) ?? result.GetResult(names)) is not null) result.AddError("--members goes with neither --facts, --out nor --names.");
        });
        command.SetAction((parsed, stop) =>
        {
            if (parsed.GetValue(facts) is { } file)
                return DatabaseWork.RunAsync(parsed.GetValue(db), mayMake: true, databases => PostFileAsync(
                    databases, parsed.GetValue(brand), file, parsed.GetValue(names), parsed.GetValue(today), stop), stop);
            if (parsed.GetValue(members))
                return ImportMembersVerb.RunAsync(
                    new MemberPaths(parsed.GetValue(mapping)!, parsed.GetValue(data)!, parsed.GetValue(rejects), parsed.GetValue(key)),
                    parsed.GetValue(db), parsed.GetValue(brand), parsed.GetValue(dryRun), parsed.GetValue(today), stop);
            // A database named by the environment alone does not turn an import into a file into one into the books.
            var intoBooks = parsed.GetValue(output) is null && !parsed.GetValue(dryRun) && parsed.GetValue(db) is not null;
            if (parsed.GetValue(output) is null && !parsed.GetValue(dryRun) && !intoBooks)
            {
                Console.Error.WriteLine("Give --out FILE for the facts, --db to post them to a brand's books, or --dry-run to see what would come in.");
                return Task.FromResult(ExitCodes.WrongInput);
            }
            var path = parsed.GetValue(output) ?? (intoBooks ? Path.Combine(Directory.CreateTempSubdirectory("tokamak-import-").FullName, "facts.jsonl") : "facts.jsonl");
            var paths = new ImportPaths(
                parsed.GetValue(mapping)!, parsed.GetValue(data)!, path, parsed.GetValue(rejects) ?? path + ".rejects.csv",
                parsed.GetValue(names) ?? (intoBooks ? path + ".names.json" : null), parsed.GetValue(key));
            if (!intoBooks) return Task.FromResult(Files.Guarded(() => Run(paths, parsed.GetValue(dryRun), Console.Out, Console.Error)));
            return PostMappedAsync(paths, parsed.GetValue(db), parsed.GetValue(brand), parsed.GetValue(rejects) is not null, parsed.GetValue(today), stop);
        });
        return command;
    }

    private static async Task<int> PostFileAsync(Databases databases, string? brand, FileInfo file, string? namesFile, DateOnly? today, CancellationToken stop)
    {
        if (!file.Exists) throw new FileNotFoundException($"There is no file {file}.");
        var (names, wrong) = BrandNamesFile.Read(namesFile);
        if (names is null) return Files.Report(wrong);
        var database = await databases.BrandOrNewAsync(brand, stop);
        using var progress = new ReadingProgress(file);
        var code = await PostingVerbs.PostAsync(database, FactStream.Read(file.ToString(), progress.Read), file.ToString(), today, stop);
        if (code != ExitCodes.Done || namesFile is null) return code;
        await using var turn = await database.BeginWriteAsync(stop);
        await StoredNames.WriteAsync(turn, names, stop);
        await turn.CommitAsync(stop);
        return code;
    }

    /// <summary>A brand's own files by way of a file of facts, so that both ways in are one.</summary>
    private static async Task<int> PostMappedAsync(ImportPaths paths, string? db, string? brand, bool keepsRejects, DateOnly? today, CancellationToken stop)
    {
        var folder = Path.GetDirectoryName(paths.Out)!;
        try
        {
            var mapping = ImportFiles.ReadMapping(paths.Mapping);
            var named = mapping.StoreNames is not null || mapping.StaffNames is not null ? paths : paths with { Names = null };
            var code = Files.Guarded(() => Run(named, dryRun: false, Console.Out, Console.Error, keepsFiles: false));
            if (code != ExitCodes.Done) return code;
            if (!keepsRejects && File.ReadLines(named.Rejects).Skip(1).Any()) Console.WriteLine("Name a file with --rejects to see the rows rejected.");
            return await DatabaseWork.RunAsync(db, mayMake: true, databases => PostFileAsync(databases, brand, new FileInfo(named.Out), named.Names, today, stop), stop);
        }
        catch (WrongInputException wrong)
        {
            foreach (var fault in wrong.Faults.Take(FaultsShown)) Console.Error.WriteLine($"{paths.Mapping}: {fault}");
            return ExitCodes.WrongInput;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Imports and reports; nothing is written with <paramref name="dryRun"/> or where the input is wrong.</summary>
    public static int Run(ImportPaths paths, bool dryRun, TextWriter report, TextWriter errors, bool keepsFiles = true)
    {
        try
        {
            var mapping = ImportFiles.ReadMapping(paths.Mapping);
            if (paths.Names is not null && mapping.StoreNames is null && mapping.StaffNames is null)
                throw new WrongInputException(new Fault("--names needs to know where names come from; add \"names\" to the mapping", Path: "$.names"));
            using var keys = ImportFiles.ReadKey(paths.KeyFile);
            if (!dryRun) ImportFiles.CheckPaths(paths, mapping);
            else if (!Directory.Exists(paths.Data)) throw new WrongInputException(new Fault("there is no such folder", Path: "--data " + paths.Data));

            var result = ImportProgress.Show(progress =>
            {
                var imported = Import.Run(mapping, paths.Data, keys, progress);
                if (imported.Facts.Count > 0 && !dryRun) ImportFiles.Write(imported, mapping, paths, progress);
                return imported;
            });
            if (result.Facts.Count == 0)
            {
                ShowRejects(result, errors);
                throw new WrongInputException(new Fault("not one fact comes in; look at the conditions (\"where\") and the rows rejected", Path: "$.facts"));
            }
            Report(result, mapping.Zone, paths, dryRun, keepsFiles, report);
            if (dryRun) ShowRejects(result, report);
            return ExitCodes.Done;
        }
        catch (WrongInputException wrong)
        {
            foreach (var fault in wrong.Faults.Take(FaultsShown)) errors.WriteLine(fault.Path?[0] == '$' ? $"{paths.Mapping}: {fault}" : fault.ToString());
            if (wrong.Faults.Count > FaultsShown) errors.WriteLine($"… and {wrong.Faults.Count - FaultsShown} more.");
            errors.WriteLine("Nothing was written.");
            return ExitCodes.WrongInput;
        }
    }

    private static void Report(ImportResult result, Zone zone, ImportPaths paths, bool dryRun, bool keepsFiles, TextWriter report)
    {
        foreach (var (source, rows) in result.RowsRead) Line($"read      {rows,12:N0} rows of {source}");
        foreach (var type in result.Facts.GroupBy(fact => fact.Order).OrderBy(group => group.Key))
        {
            Line($"{(dryRun ? "would be" : "written"),-9} {type.Count(),12:N0} facts of type {type.Key.ToString().ToLowerInvariant()}");
            if (dryRun) Samples(type.Take(SamplesOfType), zone, report);
        }
        Line($"{"rejected",-9} {result.Rejects.Rows,12:N0} rows");
        Line($"from {zone.DayOf(result.Facts[0].At):yyyy-MM-dd} to {zone.DayOf(result.Facts[^1].At):yyyy-MM-dd}");
        if (dryRun) Line($"dry run: nothing was written");
        else if (keepsFiles) Line($"facts: {paths.Out}; rejects: {paths.Rejects}{(paths.Names is null ? "" : $"; names: {paths.Names}")}");

        void Line(FormattableString text) => report.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }

    private static void Samples(IEnumerable<Fact> facts, Zone zone, TextWriter report)
    {
        using var stream = new MemoryStream();
        using (var writer = new FactWriter(stream, zone))
            foreach (var fact in facts) writer.Write(fact);
        report.Write(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static void ShowRejects(ImportResult result, TextWriter to)
    {
        foreach (var (place, column, reason) in result.Rejects.InOrder().Take(RejectsShown))
            to.WriteLine($"{place.File} line {place.Line}{(column.Length == 0 ? "" : $", {column}")}: {reason}");
        if (result.Rejects.Rows > RejectsShown) to.WriteLine($"… and more: {result.Rejects.Rows} rows in all");
    }
}
