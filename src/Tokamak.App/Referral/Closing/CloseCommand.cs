using System.CommandLine;
using System.Globalization;
using Tokamak.App.Access;
using Tokamak.App.Cli;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Referral.Closing;

/// <summary><c>tokamak close</c>: freezes a period's statements.</summary>
public static class CloseCommand
{
    public static Command Create()
    {
        var (db, brand, today) = (Options.Database(), Options.Brand(), PostingVerbs.Today());
        var period = Options.Month("--period", "The month to close, such as 2026-01.");
        var dryRun = new Option<bool>("--dry-run") { Description = "Show the checklist and the sums, and close nothing." };
        var withEarlier = new Option<bool>("--with-earlier") { Description = "Close every open period before it too, in order." };
        var command = new Command("close", "Close a period: its statements are frozen; what changes later is settled in the next one.") { period, db, brand, dryRun, withEarlier, today };
        command.SetAction((parsed, stop) => DatabaseWork.RunAsync(parsed.GetValue(db), mayMake: false, async databases =>
        {
            var database = await databases.BrandAsync(parsed.GetValue(brand), stop);
            var day = parsed.GetValue(today) ?? await PostingVerbs.TodayAsync(database, stop);
            var isDry = parsed.GetValue(dryRun);
            var closed = new List<FrozenPeriod>();
            if (!isDry) await NoteAsync(AuditKind.CloseBegun, parsed.GetValue(period), null);
            await using var turn = await database.BeginWriteAsync(stop);
            foreach (var month in await MonthsAsync(turn, parsed.GetValue(period), parsed.GetValue(withEarlier), day, stop))
            {
                var preview = await ClosePeriod.RunAsync(turn, month, "command line", PostingVerbs.Now(), day, stop);
                if (!preview.MayClose)
                {
                    await turn.DisposeAsync();
                    if (!isDry) await NoteAsync(AuditKind.CloseNotDone, month, null);
                    return Refuse(preview);
                }
                Show(preview, isDry);
                closed.Add(preview.Frozen);
            }
            if (isDry) return ExitCodes.Done;
            await turn.CommitAsync(CancellationToken.None);
            foreach (var frozen in closed) await NoteAsync(AuditKind.PeriodClosed, frozen.Month, frozen.Sha256);
            return ExitCodes.Done;

            // Whatever stops the command meanwhile: what was closed stands in the log.
            Task NoteAsync(AuditKind kind, Month month, string? hash) => Audit.WriteOfCommandAsync(databases, database.Name, kind, month.ToString(), hash, CancellationToken.None);
        }, stop));
        return command;
    }

    private static async Task<IReadOnlyList<Month>> MonthsAsync(Turn turn, Month last, bool withEarlier, DateOnly today, CancellationToken stop)
    {
        if (!withEarlier) return [last];
        var preview = await ClosePeriod.PreviewAsync(turn, await BookRules.LoadAsync(turn, stop), last, today, stop);
        return preview.Next is not { } first || first > last ? [last] : [.. Enumerable.Range(first.Index, last.Index - first.Index + 1).Select(index => new Month(index))];
    }

    private static int Refuse(ClosePreview preview)
    {
        foreach (var item in preview.Checklist.Where(item => !item.Holds)) Console.Error.WriteLine(WhyNot(preview, item.Check));
        Console.Error.WriteLine("Nothing was closed.");
        return ExitCodes.CheckFailed;
    }

    private static string WhyNot(ClosePreview preview, CloseCheck check) => check switch
    {
        CloseCheck.IsOver => $"{preview.Month} is not over: it ends on {preview.Month.LastDay:yyyy-MM-dd}.",
        CloseCheck.IsOpen => $"{preview.Month} is closed already.",
        CloseCheck.IsNext when preview.Next is null => "Nothing is posted yet that could be closed.",
        CloseCheck.IsNext when preview.Month < preview.Next => $"Nothing is posted up to {preview.Month}: the first month to close is {preview.Next}.",
        CloseCheck.IsNext => $"{preview.Next} is still open: close it first, or add --with-earlier to close everything before {preview.Month} too.",
        CloseCheck.NobodyWaits => $"{preview.Waiting} members or sales wait to be derived anew: run 'tokamak catch-up', then close.",
        _ => throw new ArgumentOutOfRangeException(nameof(check), check, "A check without words."),
    };

    private static void Show(ClosePreview preview, bool dryRun)
    {
        var staff = preview.Frozen.Statements.Where(row => row.Staff.Length > 0).ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{preview.Month}: {staff.Count:N0} statements of clerks, {preview.Frozen.Statements.Count - staff.Count:N0} of stores"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  paid {staff.Sum(row => (decimal)row.Paid):N0}, to stores' pools {preview.Frozen.Statements.Where(row => row.Staff.Length == 0).Sum(row => (decimal)row.StorePool):N0}, carried {staff.Sum(row => (decimal)row.Carried):N0}"));
        Console.WriteLine($"  SHA-256 {preview.Frozen.Sha256}");
        Console.WriteLine(dryRun ? "  dry run: not closed" : "  closed");
    }
}

/// <summary><c>tokamak catch-up</c>: lets due lines vest and derives anew whoever waits; what a server does by itself.</summary>
public static class CatchUpCommand
{
    public static Command Create()
    {
        var (db, brand, today) = (Options.Database(), Options.Brand(), PostingVerbs.Today());
        var command = new Command("catch-up", "Let lines vest whose day has come, and derive anew whoever waits.") { db, brand, today };
        command.SetAction((parsed, stop) => DatabaseWork.RunAsync(parsed.GetValue(db), mayMake: false, async databases =>
        {
            var database = await databases.BrandAsync(parsed.GetValue(brand), stop);
            await using (var turn = await database.BeginWriteAsync(stop))
            {
                await WorkQueue.TryAgainAsync(turn, stop);
                await turn.CommitAsync(stop);
            }
            var vested = await PostFacts.AdvanceAsync(database, parsed.GetValue(today) ?? await PostingVerbs.TodayAsync(database, stop), stop);
            var rederived = await PostFacts.WorkOffAsync(database, PostingLines.Show(), stop);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Lines of {vested:N0} sales vested; {rederived:N0} members or sales derived anew."));
            return await PostingVerbs.TellSetAsideAsync(database, stop);
        }, stop));
        return command;
    }
}
