using System.Globalization;
using Tokamak.App.Cli;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Intake.People;

/// <summary>Where an import of members reads and writes.</summary>
/// <param name="Rejects">Null: what does not come in is only counted.</param>
internal sealed record MemberPaths(string Mapping, string Data, string? Rejects, string? KeyFile);

/// <summary><c>tokamak import --members</c>: a brand's own files in, members with keys, consents and owners in its database.</summary>
internal static class ImportMembersVerb
{
    private const int FaultsShown = 50;

    public static Task<int> RunAsync(MemberPaths paths, string? db, string? brand, bool dryRun, DateOnly? today, CancellationToken stop) =>
        DatabaseWork.RunAsync(db, mayMake: !dryRun, async databases =>
        {
            try
            {
                var mapping = ReadMapping(paths.Mapping);
                CheckPaths(paths, mapping);
                using var keys = ImportFiles.ReadKey(paths.KeyFile);
                var database = dryRun ? await databases.BrandAsync(brand, stop) : await databases.BrandOrNewAsync(brand, stop);
                using var rejects = new MemberRejects(paths.Rejects);
                var imported = await ImportProgress.ShowAsync(progress => ImportMembers.RunAsync(mapping, paths.Data, database, keys, rejects, dryRun, today, progress, stop));
                Report(imported, rejects, paths, dryRun);
                return ExitCodes.Done;
            }
            catch (WrongInputException wrong)
            {
                foreach (var fault in wrong.Faults.Take(FaultsShown)) await Console.Error.WriteLineAsync(fault.Path?[0] == '$' ? $"{paths.Mapping}: {fault}" : fault.ToString());
                await Console.Error.WriteLineAsync(dryRun ? "Nothing was written." : "What came in before this, if anything did, stays; mend it and import again.");
                return ExitCodes.WrongInput;
            }
        }, stop);

    private static MemberMapping ReadMapping(string path)
    {
        var faults = new List<Fault>();
        return MemberMappingReader.Read(File.ReadAllBytes(path), faults) ?? throw new WrongInputException(faults);
    }

    private static void CheckPaths(MemberPaths paths, MemberMapping mapping)
    {
        if (!Directory.Exists(paths.Data)) throw new WrongInputException(new Fault("there is no such folder; give the folder that holds the brand's files", Path: "--data " + paths.Data));
        if (paths.Rejects is null) return;
        var taken = Import.FilesOf(mapping.Sources, paths.Data).Append(Path.GetFullPath(paths.Mapping)).ToHashSet(StringComparer.Ordinal);
        if (paths.KeyFile is not null) taken.Add(Path.GetFullPath(paths.KeyFile));
        if (taken.Contains(Path.GetFullPath(paths.Rejects))) throw new WrongInputException(new Fault("would write over an input; give it another name", Path: $"--rejects {paths.Rejects}"));
    }

    /// <summary>Counts alone: neither ids nor values of people, since a terminal's output ends up in logs.</summary>
    private static void Report(ImportedMembers imported, MemberRejects rejects, MemberPaths paths, bool dryRun)
    {
        foreach (var (source, rows) in imported.RowsRead) Line($"read       {rows,12:N0} rows of {source}");
        Line($"new        {imported.Counts.New,12:N0} members");
        Line($"completed  {imported.Counts.Completed,12:N0} rows said more of a member who was there");
        Line($"by key     {imported.Counts.KnownByKey,12:N0} rows without an id found their member by a key");
        Line($"unchanged  {imported.Counts.Unchanged,12:N0} rows said what was known");
        Line($"owners     {imported.Counts.Owners,12:N0} facts");
        Line($"rejected   {rejects.Rows.Rows,12:N0} rows");
        Line($"left out   {rejects.ValuesLeftOut,12:N0} values of rows that came in");
        foreach (var (reason, count) in rejects.Reasons.OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal)) Line($"  {count,10:N0} {reason}");
        Line($"may be one {imported.Pairs,12:N0} pairs of members, for people to decide; {imported.PairsBefore:N0} before");
        foreach (var kind in imported.UnlistedKinds) Line($"The policy lists no service '{kind}', so these owners bind nobody: add it to a version of the policy (docs/go-live.md).");
        if (dryRun) Line($"dry run: no member was written");
        if (paths.Rejects is not null) Line($"rejects: {paths.Rejects} (personal data; only you may read it)");
        else if (rejects.Reasons.Count > 0) Line($"Name a file with --rejects to see which rows they are.");

        static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }
}
