using System.CommandLine;
using Tokamak.App.Cli;

namespace Tokamak.App.Data;

/// <summary><c>tokamak brand add|host|list</c>: the catalogue of brands.</summary>
public static class BrandCommand
{
    public static Command Create() => new("brand", "The brands of a database.") { Add(), Host(), List() };

    private static Command Add()
    {
        var (name, host, db) = (Name(), new Option<string>("--host") { Description = "Host name that leads to the brand, such as shop.example.com." }, Options.Database());
        var command = new Command("add", "Add a brand and make its books.") { name, host, db };
        command.SetAction((parsed, stop) => DatabaseWork.RunAsync(parsed.GetValue(db), mayMake: true, async databases =>
        {
            var brand = await databases.AddBrandAsync(parsed.GetRequiredValue(name), parsed.GetValue(host), stop);
            Console.WriteLine($"Brand {brand.Name} is in {databases.Shown}.");
            return ExitCodes.Done;
        }, stop));
        return command;
    }

    private static Command Host()
    {
        var (name, host, db) = (Name(), new Argument<string>("HOST") { Description = "Host name that leads to the brand, such as shop.example.com." }, Options.Database());
        var command = new Command("host", "Lead one more host name to a brand.") { name, host, db };
        command.SetAction((parsed, stop) => DatabaseWork.RunAsync(parsed.GetValue(db), mayMake: false, async databases =>
        {
            await databases.AddHostAsync(parsed.GetRequiredValue(name), parsed.GetRequiredValue(host), stop);
            Console.WriteLine($"{parsed.GetRequiredValue(host)} leads to brand {parsed.GetRequiredValue(name)}.");
            return ExitCodes.Done;
        }, stop));
        return command;
    }

    private static Command List()
    {
        var db = Options.Database();
        var command = new Command("list", "The brands, one a line, each with its host names.") { db };
        command.SetAction((parsed, stop) => DatabaseWork.RunAsync(parsed.GetValue(db), mayMake: false, async databases =>
        {
            foreach (var brand in await databases.BrandsAsync(stop)) Console.WriteLine(string.Join(' ', [brand.Name, .. brand.Hosts]));
            return ExitCodes.Done;
        }, stop));
        return command;
    }

    private static Argument<string> Name() => new("NAME") { Description = "Lower-case letters, digits and hyphens, at most 40." };
}
