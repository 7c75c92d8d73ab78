using System.CommandLine;
using System.Globalization;
using Tokamak.App.Cli;
using Tokamak.Core.Referral.Simulation;

namespace Tokamak.App.Referral.Simulating;

/// <summary><c>tokamak simulate</c>: what a draft policy would have made of past months, and whom it helps and hurts.</summary>
public static class SimulateCommand
{
    private const int LosersBeyondPercent = 10;

    public static Command Create()
    {
        var facts = new Option<FileInfo>("--facts") { Description = "Facts, JSON Lines (spec R1).", Required = true };
        var policy = new Option<FileInfo>("--policy") { Description = "The referral policy in force, JSON: one version or a list.", Required = true };
        var draft = new Option<FileInfo>("--draft") { Description = "The draft: one version, tried from the first day of --from on.", Required = true };
        var (from, to) = (Options.Month("--from", "First month of sales, such as 2026-01."), Options.Month("--to", "Last month of sales, such as 2026-06."));
        var output = new Option<DirectoryInfo>("--out") { Description = "Folder for the figures: CSV, JSON and a summary.", Required = true };
        var asOf = Options.Day("--as-of", "Leave out facts of later days and let nothing vest after this day (2026-01-31).");
        var budget = Whole("--budget", "What commission may come to with the draft, in whole units.", long.MaxValue);
        var losers = Whole("--losers-beyond", "List clerks who take home less by more than so many percent (10).", 100);
        var vary = new Option<string?>("--vary") { Description = "A number of the draft to try with --values: services[qr-scan].lockDays, decay[1].percent, linkDays." };
        var values = new Option<long[]>("--values") { Description = "Its values, such as 0,7,14.", CustomParser = Values };
        var command = new Command("simulate", "Tries a draft policy on past months: commission before and after, and whom it helps and hurts.")
        {
            facts, policy, draft, from, to, output, asOf, budget, losers, vary, values,
        };
        command.Validators.Add(parsed =>
        {
            if (parsed.Errors.Any()) return;
            if (parsed.GetValue(to) < parsed.GetValue(from)) parsed.AddError("--to must not be before --from.");
            if (parsed.GetValue(vary) is null != (parsed.GetResult(values) is null)) parsed.AddError("--vary and --values belong together.");
        });
        command.SetAction(parsed => Files.Guarded(() =>
        {
            using var reading = new ReadingProgress(parsed.GetValue(facts)!);
            var asked = new SimulationFiles(
                parsed.GetValue(facts)!.ToString(), parsed.GetValue(policy)!.ToString(), parsed.GetValue(draft)!.ToString(),
                new Stretch(parsed.GetValue(from), parsed.GetValue(to)), parsed.GetValue(asOf),
                new Questions((int)(parsed.GetValue(losers) ?? LosersBeyondPercent), parsed.GetValue(budget)), parsed.GetValue(vary), parsed.GetValue(values) ?? []);
            var (result, wrong) = SimulateFiles.Run(asked, reading.Read);
            if (result is null) return Files.Report(wrong);
            SimulationOutput.Write(parsed.GetValue(output)!.ToString(), result);
            Console.Write(SimulationOutput.Summary(result));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Option<long?> Whole(string name, string description, long most) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            if (long.TryParse(result.Tokens.Count == 1 ? result.Tokens[0].Value : "", NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most) return number;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes a whole number from 0 to {most}."));
            return null;
        },
    };

    private static long[]? Values(System.CommandLine.Parsing.ArgumentResult result)
    {
        var values = new List<long>();
        foreach (var text in string.Join(',', result.Tokens.Select(token => token.Value)).Split(','))
        {
            if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            {
                result.AddError("--values takes whole numbers such as 0,7,14.");
                return null;
            }
            values.Add(value);
        }
        return [.. values];
    }
}
