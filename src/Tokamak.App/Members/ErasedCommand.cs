using System.CommandLine;
using Tokamak.App.Cli;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Members;

/// <summary><c>tokamak erased</c>: the list of erased ids, to be kept where backups are not, and what is done with it after one was restored.</summary>
public static class ErasedCommand
{
    private const int AtOnce = 500;

    public static Command Create()
    {
        var (db, brand) = (Options.Database(), Options.Brand());
        var output = new Option<FileInfo>("--out") { Description = "File to write: one id a line.", Required = true };
        var list = new Command("list", "Write the ids of all members who were erased; they say nothing of anybody. Keep the list apart from the backups.") { output, db, brand };
        list.SetAction((parsed, stop) => DatabaseWork.RunAsync(parsed.GetValue(db), mayMake: false, async databases =>
        {
            var database = await databases.BrandAsync(parsed.GetValue(brand), stop);
            await using var turn = await database.BeginReadAsync(stop);
            var ids = await turn.ReadAsync("select member from erasure where erased_on is not null order by erased_on, member", row => row.GetString(0), stop);
            await File.WriteAllLinesAsync(parsed.GetRequiredValue(output).FullName, ids, stop);
            Console.WriteLine($"{ids.Count} erased.");
            return ExitCodes.Done;
        }, stop));

        var file = new Option<FileInfo>("--file") { Description = "File that 'tokamak erased list' wrote.", Required = true };
        var again = new Command("again", "Erase whoever stands on the list and was brought back by a backup.") { file, db, brand };
        again.SetAction((parsed, stop) => DatabaseWork.RunAsync(parsed.GetValue(db), mayMake: false, async databases =>
        {
            var database = await databases.BrandAsync(parsed.GetValue(brand), stop);
            var ids = (await File.ReadAllLinesAsync(parsed.GetRequiredValue(file).FullName, stop)).Where(id => id.Length > 0).Select(id => new MemberId(id));
            Console.WriteLine($"{await AgainAsync(database, ids, stop)} erased again.");
            return ExitCodes.Done;
        }, stop));
        return new Command("erased", "Members who were erased: keep the list of them, and erase them again after a restore.") { list, again };
    }

    private static async Task<int> AgainAsync(BrandDatabase database, IEnumerable<MemberId> ids, CancellationToken stop)
    {
        var now = new Instant(DateTime.UtcNow.Ticks);
        var count = 0;
        foreach (var some in ids.Chunk(AtOnce))
        {
            await using var turn = await database.BeginWriteAsync(stop);
            var zone = (await BookRules.PolicyAsync(turn, stop))?.Zone ?? Zone.Utc;
            count += await EraseMember.AgainAsync(turn, some, "restore", zone.DayOf(now), now, stop);
            await turn.CommitAsync(stop);
        }
        await database.ForgetLogAsync(stop);
        return count;
    }
}
