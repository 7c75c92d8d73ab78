using System.CommandLine;
using Tokamak.App.Access;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.App.Demo;
using Tokamak.App.Intake;
using Tokamak.App.Members;
using Tokamak.App.Promotions;
using Tokamak.App.Promotions.Offering;
using Tokamak.App.Referral;
using Tokamak.App.Referral.Closing;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Simulating;
using Tokamak.App.Serving;
using Tokamak.App.Referral.Verifying;
using Tokamak.App.Referral.Traces;

namespace Tokamak.App.Cli;

/// <summary>All verbs of the one executable; a new verb is one line here.</summary>
public static class Verbs
{
    private static readonly Func<Command>[] All =
    [
        BrandCommand.Create,
        MigrateCommand.Create,
        BackupCommand.Create,
        BackupCommand.CreateRestore,
        PostingVerbs.Policy,
        AdminCommand.Create,
        ApiKeyCommand.Create,
        ImportCommand.Create,
        PostingVerbs.Export,
        CatchUpCommand.Create,
        CloseCommand.Create,
        VerifyCommand.Create,
        ErasedCommand.Create,
        ReplayCommand.Create,
        SimulateCommand.Create,
        ExplainCommand.Create,
        QuoteCommand.Create,
        OffersCommand.Create,
        ServeCommand.Create,
        SeedCommand.Create,
        DemoCommand.Create,
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Tokamak: the open-source core in which online and offline retail fuse.");
        foreach (var create in All) root.Add(create());

        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0) return await parsed.InvokeAsync();
        foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
        await Console.Error.WriteLineAsync("Run 'tokamak --help' for the verbs, 'tokamak VERB --help' for what one takes.");
        return ExitCodes.WrongInput;
    }
}
