using System.CommandLine;
using System.Globalization;
using Tokamak.App.Cli;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;

namespace Tokamak.App.Referral.Verifying;

/// <summary><c>tokamak verify</c>: derives everything anew from the facts and names each row that does not follow.</summary>
public static class VerifyCommand
{
    public static Command Create()
    {
        var (db, brand) = (Options.Database(), Options.Brand());
        var command = new Command("verify", "Derive a brand's books anew from its facts and name every row that does not follow.") { db, brand };
        command.SetAction((parsed, stop) => DatabaseWork.RunAsync(parsed.GetValue(db), mayMake: false, async databases =>
        {
            await using var turn = await (await databases.BrandAsync(parsed.GetValue(brand), stop)).BeginReadAsync(stop);
            return Report(await VerifyBooks.RunAsync(turn, PostingLines.Show(), stop));
        }, stop));
        return command;
    }

    internal static int Report(Verification done)
    {
        foreach (var finding in done.Findings) Console.Error.WriteLine(finding);
        if (done.Found > done.Findings.Count) Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… and {done.Found - done.Findings.Count:N0} more."));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{done.Facts:N0} facts, {done.Members:N0} members, {done.Sales:N0} sales, {done.Postings:N0} postings derived anew."));
        if (done.Found > 0) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done.Found:N0} rows do not follow from the facts."));
        if (done.Waiting > 0)
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{done.Waiting:N0} members or sales wait to be derived anew ({done.SetAside:N0} of them could not be) and were not judged: run 'tokamak catch-up', then verify again."));
        if (done.IsProof) Console.WriteLine("Everything follows from the facts.");
        return done.IsProof ? ExitCodes.Done : ExitCodes.CheckFailed;
    }
}
