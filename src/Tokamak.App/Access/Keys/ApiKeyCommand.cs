using System.CommandLine;
using Tokamak.App.Cli;
using Tokamak.App.Data;
using Tokamak.App.Web;

namespace Tokamak.App.Access.Keys;

/// <summary><c>tokamak apikey</c>: makes, lists and revokes the keys by which other systems call the API.</summary>
public static class ApiKeyCommand
{
    public static Command Create() => new("apikey", "Keys by which other systems call the API.") { Make(), List(), Revoke() };

    private static Command Make()
    {
        var (db, brand) = (Options.Database(), Options.Brand());
        var name = new Option<string>("--name") { Description = "Whose key it is, such as 'POS of all stores'.", Required = true };
        var scopes = new Option<ApiScope[]>("--scope")
        {
            Description = "facts, read, pay or webhooks; several divided by ','.", Required = true, AllowMultipleArgumentsPerToken = true,
            CustomParser = result =>
            {
                var words = result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
                var known = words.Select(word => Enum.GetValues<ApiScope>().Where(scope => ApiKey.NameOf(scope) == word).Cast<ApiScope?>().SingleOrDefault()).ToList();
                if (words.Count == 0 || known.Contains(null)) result.AddError("--scope takes facts, read, pay and webhooks, divided by ','.");
                return [.. known.OfType<ApiScope>()];
            },
        };
        var perSecond = new Option<int>("--per-second") { Description = $"Requests a second it may make in the long run (1 to {ApiKeys.MostPerSecond:N0}).", DefaultValueFactory = _ => ApiKeys.DefaultPerSecond };
        perSecond.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > ApiKeys.MostPerSecond) result.AddError($"--per-second takes 1 to {ApiKeys.MostPerSecond:N0}.");
        });
        var command = new Command("create", "Make a key and print it once.") { db, brand, name, scopes, perSecond };
        command.SetAction((parsed, stop) => DatabaseWork.RunAsync(parsed.GetValue(db), mayMake: false, async databases =>
        {
            if (parsed.GetValue(name)!.Trim() is not { Length: > 0 and <= ApiKeys.MostLettersOfName } called) throw new WrongDatabaseException($"--name takes 1 to {ApiKeys.MostLettersOfName} letters.");
            var of = await databases.BrandAsync(parsed.GetValue(brand), stop);
            var (key, text) = await KeysOf(databases).CreateAsync(of.Name, called, parsed.GetValue(scopes)!, parsed.GetValue(perSecond), stop);
            Console.Error.WriteLine($"Key {key.Id} of {of.Name} may: {key.Scopes}. It is shown this once; send it as 'Authorization: Bearer KEY'.");
            Console.WriteLine(text);
            return ExitCodes.Done;
        }, stop));
        return command;
    }

    private static Command List()
    {
        var (db, brand) = (Options.Database(), Options.Brand());
        var command = new Command("list", "Show a brand's keys.") { db, brand };
        command.SetAction((parsed, stop) => DatabaseWork.RunAsync(parsed.GetValue(db), mayMake: false, async databases =>
        {
            foreach (var key in await KeysOf(databases).ListAsync((await databases.BrandAsync(parsed.GetValue(brand), stop)).Name, stop))
                Console.WriteLine($"{key.Id}  {key.Name}  {key.Scopes}  made {key.CreatedAtUtc:yyyy-MM-dd}, {(key.LastUsedAtUtc is { } used ? $"last used {used:yyyy-MM-dd HH:mm}Z" : "never used")}{(key.RevokedAtUtc is { } ended ? $", revoked {ended:yyyy-MM-dd HH:mm}Z" : "")}");
            return ExitCodes.Done;
        }, stop));
        return command;
    }

    private static Command Revoke()
    {
        var (db, brand) = (Options.Database(), Options.Brand());
        var id = new Argument<string>("id") { Description = "The key's id, as 'apikey list' shows it." };
        var command = new Command("revoke", "End a key at once.") { id, db, brand };
        command.SetAction((parsed, stop) => DatabaseWork.RunAsync(parsed.GetValue(db), mayMake: false, async databases =>
        {
            var of = await databases.BrandAsync(parsed.GetValue(brand), stop);
            if (!await KeysOf(databases).RevokeAsync(of.Name, parsed.GetValue(id)!, stop)) throw new WrongDatabaseException($"{of.Name} has no key {parsed.GetValue(id)} that still holds: see 'tokamak apikey list'.");
            Console.WriteLine($"Revoked {parsed.GetValue(id)}.");
            return ExitCodes.Done;
        }, stop));
        return command;
    }

    private static ApiKeys KeysOf(Databases databases) => new(new StaffCatalogue(databases), TimeProvider.System);
}
