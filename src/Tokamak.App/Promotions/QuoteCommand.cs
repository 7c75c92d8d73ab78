using System.CommandLine;
using Tokamak.App.Brands;
using Tokamak.App.Cli;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;

namespace Tokamak.App.Promotions;

/// <summary><c>tokamak quote</c>: a cart's price under a brand's offers, and why, as JSON (spec promotions, "Result").</summary>
public static class QuoteCommand
{
    public static Command Create()
    {
        var offers = new Option<FileInfo>("--offers") { Description = "The brand's offers, JSON.", Required = true };
        var cart = new Option<FileInfo>("--cart") { Description = "What is to be priced, JSON.", Required = true };
        var command = new Command("quote", "Prices a cart: the lowest total that the offers allow, and why.") { offers, cart };
        command.SetAction(parsed => Files.Guarded(() => Run(parsed.GetValue(offers)!.ToString(), parsed.GetValue(cart)!.ToString())));
        return command;
    }

    private static int Run(string offersPath, string cartPath)
    {
        var faults = new List<FileFault>();
        var book = Read(offersPath, faults, (json, found) => OfferReader.Read(json, Zones.Find, found));
        var cart = Read(cartPath, faults, CartReader.Read);
        if (book is null || cart is null) return Files.Report(faults);
        Console.Out.WriteLine(QuoteJson.Text(QuoteRules.Quote(book, cart)));
        return ExitCodes.Done;
    }

    private static T? Read<T>(string path, List<FileFault> faults, Func<ReadOnlyMemory<byte>, List<Fault>, T?> read)
        where T : class
    {
        var found = new List<Fault>();
        var result = PromotionFile.Read(path, found) is { } json ? read(json, found) : null;
        faults.AddRange(found.Select(fault => new FileFault(path, fault)));
        return result;
    }
}
