using System.CommandLine;
using System.Text;
using Tokamak.App.Brands;
using Tokamak.App.Cli;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Web;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Traces;

/// <summary><c>tokamak explain --sale ID</c>: who got what of a sale, who did not, and why.</summary>
public static class ExplainCommand
{
    public static Command Create()
    {
        var sale = new Option<string>("--sale") { Description = "Id of the sale.", Required = true };
        var facts = new Option<FileInfo>("--facts") { Description = "Facts, JSON Lines.", Required = true };
        var policy = new Option<FileInfo>("--policy") { Description = "Referral policy, JSON.", Required = true };
        var names = new Option<FileInfo?>("--names") { Description = "Names of stores and staff, JSON; ids are shown without it." };
        var language = new Option<string>("--language") { Description = "zh-TW or en.", DefaultValueFactory = _ => Language.Chinese.Code };
        language.AcceptOnlyFromAmong([.. Language.All.Select(l => l.Code)]);
        var asOf = Options.Day("--as-of", "Explain as of this day: facts of later days are left out.");
        var command = new Command("explain", "Tells why a sale's credit and pay went where they went.") { sale, facts, policy, names, language, asOf };
        command.SetAction(parsed => Files.Guarded(() =>
        {
            var (known, wrongNames) = BrandNamesFile.Read(parsed.GetValue(names)?.ToString());
            if (known is null) return Files.Report(wrongNames);
            using var progress = new ReadingProgress(parsed.GetValue(facts)!);
            var (books, wrong) = Books.Load(parsed.GetValue(facts)!.ToString(), parsed.GetValue(policy)!.ToString(), known, parsed.GetValue(asOf), progress.Read);
            if (books is null) return Files.Report(wrong);
            var spoken = Language.All.Single(l => l.Code == parsed.GetValue(language));
            return Print(books, new FactId(parsed.GetValue(sale)!), Texts.In(spoken), new Show(spoken, books.Currency));
        }));
        return command;
    }

    private static int Print(Books books, FactId sale, Texts texts, Show show)
    {
        Console.OutputEncoding = Encoding.UTF8;
        if (new TraceWriter(books, texts, show).Of(sale, Scope.All) is not { } trace)
        {
            Console.Error.WriteLine(texts["trace.noSale", sale.Value]);
            return ExitCodes.WrongInput;
        }
        Console.WriteLine(texts["trace.title", sale.Value]);
        foreach (var section in trace.Sections)
        {
            Console.WriteLine($"\n{section.Heading}");
            foreach (var entry in section.Entries)
            {
                var mark = entry.Outcome switch { TraceOutcome.Given => "+", TraceOutcome.NotGiven => "-", _ => "·" };
                var amount = entry.Amount is { } money ? $"  {show.Money(money)}" : "";
                var who = entry.Who.Length > 0 && !entry.Sentence.Contains(entry.Who, StringComparison.Ordinal) ? texts["trace.who", entry.Who] : "";
                Console.WriteLine($"  {mark} {NameMarks.Plain(who + entry.Sentence)}{amount}  [{entry.Rule}]{(entry.Fact is { } fact ? $" ({fact})" : "")}");
                if (entry.Next is not null) Console.WriteLine($"      → {NameMarks.Plain(entry.Next)}");
            }
        }
        return ExitCodes.Done;
    }
}
