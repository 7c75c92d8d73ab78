using System.CommandLine;
using Tokamak.App.Cli;

namespace Tokamak.App.Referral;

/// <summary><c>tokamak replay</c>: facts and policy in, credits, commission, earnings and statements out.</summary>
public static class ReplayCommand
{
    public static Command Create()
    {
        var facts = new Option<FileInfo>("--facts") { Description = "Facts, JSON Lines (spec R1).", Required = true };
        var policy = new Option<FileInfo>("--policy") { Description = "Referral policy, JSON: one version or a list.", Required = true };
        var output = new Option<DirectoryInfo>("--out") { Description = "Folder for the four CSV files.", Required = true };
        var asOf = Options.Day("--as-of", "Leave out facts of later days and post nothing after this day (2026-01-31).");
        var command = new Command("replay", "Derives credits, commission, earnings and statements from facts.") { facts, policy, output, asOf };
        command.SetAction(parsed => Files.Guarded(() =>
        {
            using var progress = new ReadingProgress(parsed.GetValue(facts)!);
            var wrong = ReplayFiles.Run(
                parsed.GetValue(facts)!.ToString(), parsed.GetValue(policy)!.ToString(), parsed.GetValue(output)!.ToString(),
                parsed.GetValue(asOf), progress.Read);
            return Files.Report(wrong);
        }));
        return command;
    }
}
