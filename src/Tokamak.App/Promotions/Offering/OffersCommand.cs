using System.CommandLine;
using System.Globalization;
using Tokamak.App.Access;
using Tokamak.App.Brands;
using Tokamak.App.Cli;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Promotions.Offering;

/// <summary><c>tokamak offers import</c> and <c>tokamak offers export</c>: a brand's offers as one document, for the start and for other systems.</summary>
public static class OffersCommand
{
    public static Command Create() => new("offers", "The offers of a brand.") { Import(), Export() };

    private static Command Import()
    {
        var (db, brand) = (Options.Database(), Options.Brand());
        var file = new Option<FileInfo>("--file") { Description = "Offers, JSON: the terms and a list.", Required = true };
        var import = new Command("import", "Check offers and let them count at once; those that say the same already stay as they are. On the pages, that takes two people.") { file, db, brand };
        import.SetAction((parsed, stop) => DatabaseWork.RunAsync(parsed.GetValue(db), mayMake: true, async databases =>
        {
            var path = parsed.GetValue(file)!.ToString();
            var faults = new List<Fault>();
            if (PromotionFile.Read(path, faults) is not { } json || OfferText.Parts(json, faults) is not { } parts) return Files.Report([.. faults.Select(fault => new FileFault(path, fault))]);
            var database = await databases.BrandOrNewAsync(parsed.GetValue(brand), stop);
            await using var turn = await database.BeginWriteAsync(stop);
            var before = await OfferBooks.EditionAsync(turn, stop);
            const string By = "tokamak";
            if (await OfferApproval.StoreAsync(turn, [(OfferVersionRow.Terms, parts.Terms), .. parts.Offers], By, By, new Instant(DateTime.UtcNow.Ticks), stop) is not { } edition)
            {
                await Console.Error.WriteLineAsync("The brand would have too many offers that were not ended: end some first.");
                return ExitCodes.WrongInput;
            }
            await turn.CommitAsync(stop);
            await Audit.WriteOfCommandAsync(databases, database.Name, AuditKind.OffersImported, edition.ToString(CultureInfo.InvariantCulture), Path.GetFileName(path), stop);
            Console.WriteLine(edition == before ? "All of this is stored already." : string.Create(CultureInfo.InvariantCulture, $"stored {edition - before} changes; edition {edition} counts now"));
            return ExitCodes.Done;
        }, stop));
        return import;
    }

    private static Command Export()
    {
        var (db, brand) = (Options.Database(), Options.Brand());
        var export = new Command("export", "Write the offers that were approved and not ended as one document, to the terminal.") { db, brand };
        export.SetAction((parsed, stop) => DatabaseWork.RunAsync(parsed.GetValue(db), mayMake: false, async databases =>
        {
            await using var turn = await (await databases.BrandAsync(parsed.GetValue(brand), stop)).BeginReadAsync(stop);
            var held = await OfferBooks.ReadAsync(turn, stop);
            await using var output = Console.OpenStandardOutput();
            await output.WriteAsync(OfferText.Document(held.Terms, held.Book.Offers.Select(offer => held.Latest[offer.Id].Body!)), stop);
            return ExitCodes.Done;
        }, stop));
        return export;
    }
}
