using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Tokamak.App.Cli;
using Tokamak.App.Data;
using Tokamak.Core.Referral;

namespace Tokamak.App.Access;

/// <summary><c>tokamak admin invite</c>: a one-time link for the first person of head office, or for anybody when nobody can sign in.</summary>
public static class AdminCommand
{
    private static readonly Uri Here = new("http://localhost:8080");

    public static Command Create() => new("admin", "Who may sign in.") { Invite() };

    /// <summary>What <c>serve</c> prints for a brand to which nobody of head office can sign in yet; null otherwise.</summary>
    /// <param name="catalogue">Where the accounts are.</param>
    /// <param name="brand">Which brand.</param>
    /// <param name="address">Where its pages are; null where no host name leads to it, so that no link would.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<string?> FirstLinkAsync(StaffCatalogue catalogue, string brand, Uri? address, CancellationToken stop)
    {
        var invitations = InvitationsOf(catalogue);
        if (address is null)
            return await invitations.CanOfficeSignInAsync(brand, stop)
                ? null
                : $"Nobody of head office can sign in to {brand} yet, and no host name leads to it: add one with 'tokamak brand host {brand} HOST', then run 'tokamak admin invite --brand {brand} --address https://HOST'.";
        return await invitations.InviteFirstAsync(brand, stop) switch
        {
            null => null,
            { Token: { } token } => $"Nobody of head office can sign in to {brand} yet. This link works once and for 24 hours:\n{LinkOf(address, token)}",
            { GoodUntilUtc: var until } => string.Create(
                CultureInfo.InvariantCulture,
                $"Nobody of head office can sign in to {brand} yet. The link that was printed before is good until {until:yyyy-MM-dd HH:mm} UTC; for another run 'tokamak admin invite --brand {brand} --address {address.GetLeftPart(UriPartial.Authority)}'."),
        };
    }

    private static Command Invite()
    {
        var (db, brand) = (Options.Database(), Options.Brand());
        var role = new Option<AccountRole>("--role")
        {
            Description = "hq, finance, manager or clerk.", DefaultValueFactory = _ => AccountRole.Hq,
            CustomParser = result => Parsed(result, Enum.TryParse<AccountRole>(Text(result), ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : null, AccountRole.Hq, "--role is hq, finance, manager or clerk."),
        };
        var staff = new Option<string>("--staff") { Description = "Id on the brand's roster; needed for a manager or clerk." };
        var name = new Option<string>("--name") { Description = "What to call the person until they say." };
        var address = new Option<Uri>("--address")
        {
            Description = "Where the pages are, such as https://pay.example.com.", DefaultValueFactory = _ => Here,
            CustomParser = result => Parsed(result, Uri.TryCreate(Text(result), UriKind.Absolute, out var given) && given.Scheme is "http" or "https" ? given : null, Here, "--address is where the pages are, such as https://pay.example.com."),
        };
        var command = new Command("invite", "Print a one-time link, good for 24 hours, by which a person chooses a name and a password.") { db, brand, role, staff, name, address };
        command.SetAction((parsed, stop) => DatabaseWork.RunAsync(parsed.GetValue(db), mayMake: false, async databases =>
        {
            if (parsed.GetValue(role) is AccountRole.Manager or AccountRole.Clerk && parsed.GetValue(staff) is null)
                throw new WrongDatabaseException("--staff is missing: a manager or clerk is somebody on the roster.");
            var of = await databases.BrandAsync(parsed.GetValue(brand), stop);
            var offer = new InvitationOffer(of.Name, parsed.GetValue(role), parsed.GetValue(staff) is { } id ? new StaffId(id) : null, parsed.GetValue(name) ?? "");
            var token = await InvitationsOf(new StaffCatalogue(databases)).InviteAsync(offer, null, null, stop);
            Console.WriteLine($"This link works once and for 24 hours. Give it to the person directly:\n{LinkOf(parsed.GetValue(address)!, token)}");
            return ExitCodes.Done;
        }, stop));
        return command;
    }

    private static string Text(ArgumentResult result) => result.Tokens.Count == 1 ? result.Tokens[0].Value : "";

    private static T Parsed<T>(ArgumentResult result, object? value, T otherwise, string fault)
    {
        if (value is T parsed) return parsed;
        result.AddError(fault);
        return otherwise;
    }

    private static Invitations InvitationsOf(StaffCatalogue catalogue) =>
        new(catalogue, new Audit(catalogue, TimeProvider.System), new PasswordHasher<Account>(), new UpperInvariantLookupNormalizer(), TimeProvider.System);

    private static string LinkOf(Uri address, string token) => new Uri(address, Invitations.PathOf(token)).ToString();
}
