using System.CommandLine;
using Tokamak.App.Cli;

namespace Tokamak.App.Data;

/// <summary><c>tokamak migrate</c>: brings the catalogue and every brand to this program's schema, before the first of them is used.</summary>
public static class MigrateCommand
{
    public static Command Create()
    {
        var db = Options.Database();
        var command = new Command("migrate", "Bring the catalogue and the books of every brand to the schema of this program. Other verbs do so for what they open.") { db };
        command.SetAction((parsed, stop) => DatabaseWork.RunAsync(parsed.GetValue(db), mayMake: true, async databases =>
        {
            var brands = await databases.BrandsAsync(stop);
            foreach (var brand in brands)
            {
                await databases.BrandAsync(brand.Name, stop);
                Console.WriteLine($"Brand {brand.Name} is up to date.");
            }
            Console.WriteLine($"{databases.Shown} is up to date.");
            return ExitCodes.Done;
        }, stop));
        return command;
    }
}
