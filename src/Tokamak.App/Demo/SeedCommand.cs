using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tokamak.App.Cli;

namespace Tokamak.App.Demo;

/// <summary><c>tokamak seed --out DIR</c>: writes the demo brand's facts, policy and names.</summary>
public static class SeedCommand
{
    public static Command Create()
    {
        var folder = new Option<DirectoryInfo>("--out") { Description = "Folder to write facts.jsonl, policy.json and names.json into.", Required = true };
        var percent = new Option<int>("--percent") { Description = "Size of the brand, 1 to 100.", DefaultValueFactory = _ => 100 };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace files that are there." };
        percent.Validators.Add(result =>
        {
            var text = result.Tokens.Count == 0 ? "100" : result.Tokens[0].Value;
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size is < 1 or > 100)
                result.AddError("--percent is a whole number from 1 to 100.");
        });
        var command = new Command("seed", "Write a demo brand: 12 stores, 60 clerks, 20,000 members, 18 months of sales; the same each time.")
        {
            folder, percent, overwrite,
        };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(folder), parsed.GetValue(percent), parsed.GetValue(overwrite)));
        return command;
    }

    private static int Run(DirectoryInfo folder, int percent, bool overwrite)
    {
        var there = Array.Find([DemoFiles.Facts, DemoFiles.Policy, DemoFiles.Names], name => File.Exists(Path.Combine(folder.FullName, name)));
        if (there is not null && !overwrite)
        {
            Console.Error.WriteLine($"{Path.Combine(folder.FullName, there)} is there already. Name another folder, or add --overwrite to replace it.");
            return ExitCodes.WrongInput;
        }
        return Files.Guarded(() =>
        {
            var done = AnsiConsole.Profile.Capabilities.Interactive
                ? WithBar(folder.FullName, percent)
                : WithLines(folder.FullName, percent);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{DemoBrand.Name}: {done.Facts:N0} facts, {done.Sales:N0} of them sales, {DemoCalendar.First:yyyy-MM-dd} to {done.Day:yyyy-MM-dd}, in {folder.FullName}"));
            return ExitCodes.Done;
        });
    }

    private static DemoProgress WithBar(string folder, int percent) =>
        AnsiConsole.Progress().Start(context =>
        {
            var task = context.AddTask("Making the demo brand", maxValue: DemoCalendar.Days);
            return DemoFiles.Write(folder, percent, so => task.Value = so.DaysDone);
        });

    // A log wants few lines: one a quarter.
    private static DemoProgress WithLines(string folder, int percent) =>
        DemoFiles.Write(folder, percent, so =>
        {
            if (so.Day.AddDays(1) is { Day: 1, Month: 1 or 4 or 7 or 10 })
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{so.Day:yyyy-MM-dd}: {so.Facts:N0} facts, {so.DaysDone * 100 / so.Days} %"));
        });
}
