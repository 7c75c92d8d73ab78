using System.CommandLine;
using System.Globalization;
using Tokamak.App.Cli;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Intake;

/// <summary><c>tokamak import</c>: a brand's own files in, facts out, through a mapping (docs/import.md).</summary>
public static class ImportCommand
{
    private const int SamplesOfType = 3, RejectsShown = 10, FaultsShown = 50;

    public static Command Create()
    {
        var mapping = new Option<string>("--mapping") { Description = "How the brand's files become facts, JSON (docs/import.md).", Required = true };
        var data = new Option<string>("--data") { Description = "Folder of the brand's files.", Required = true };
        var output = new Option<string?>("--out") { Description = "File for the facts, JSON Lines; not needed with --dry-run." };
        var rejects = new Option<string?>("--rejects") { Description = "File for the rows that do not come in, CSV; default: the name of --out with .rejects.csv." };
        var names = new Option<string?>("--names") { Description = "File for the display names of stores and staff, JSON." };
        var key = new Option<string?>("--key-file") { Description = $"Secret key for keyed ids; else the environment variable {KeyedIds.KeyVariable}." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Report what would come in, with samples, and write nothing." };
        var command = new Command("import", "Turns a brand's own files into facts.") { mapping, data, output, rejects, names, key, dryRun };
        command.SetAction(parsed => Files.Guarded(() =>
        {
            var dry = parsed.GetValue(dryRun);
            if (parsed.GetValue(output) is null && !dry)
            {
                Console.Error.WriteLine("Give --out FILE for the facts, or --dry-run to see what would come in.");
                return ExitCodes.WrongInput;
            }
            var facts = parsed.GetValue(output) ?? "facts.jsonl";
            return Run(new ImportPaths(
                parsed.GetValue(mapping)!, parsed.GetValue(data)!, facts, parsed.GetValue(rejects) ?? facts + ".rejects.csv",
                parsed.GetValue(names), parsed.GetValue(key)), dry, Console.Out, Console.Error);
        }));
        return command;
    }

    /// <summary>Imports and reports; nothing is written with <paramref name="dryRun"/> or where the input is wrong.</summary>
    public static int Run(ImportPaths paths, bool dryRun, TextWriter report, TextWriter errors)
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
            Report(result, mapping.Zone, paths, dryRun, report);
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

    private static void Report(ImportResult result, Zone zone, ImportPaths paths, bool dryRun, TextWriter report)
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
        else Line($"facts: {paths.Out}; rejects: {paths.Rejects}{(paths.Names is null ? "" : $"; names: {paths.Names}")}");

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
