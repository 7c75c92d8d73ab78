using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Clerks.Appeals;

/// <summary>What happens to an appeal beside its ruling. Each step says whether it could be done: meanwhile somebody else may have settled it.</summary>
public static class AppealSteps
{
    public const int MostLetters = 2000, MostComments = 50;

    /// <summary>Text that somebody typed, in one form; null for none, too much, or what is no text.</summary>
    public static string? Read(string? typed, int most = MostLetters)
    {
        var text = (typed ?? "").Replace("\r\n", "\n", StringComparison.Ordinal).Trim();
        return text.Length == 0 || text.Length > most || text.Any(letter => (char.IsControl(letter) && letter != '\n') || letter is '\uFFFE' or '\uFFFF') ? null : text;
    }

    /// <summary>Adds what the clerk, the manager or the office has to say, as long as it waits.</summary>
    public static async Task<bool> CommentAsync(Turn turn, long number, CommentKind kind, string text, string by, Instant now, CancellationToken stop)
    {
        await using var books = turn.Books();
        var said = await books.AppealComments.CountAsync(row => row.Appeal == number, stop);
        if (said >= MostComments || !await books.Appeals.AnyAsync(row => row.Number == number && (row.State == AppealState.Open || row.State == AppealState.Late), stop)) return false;
        await turn.InsertAsync<AppealCommentRow>([new AppealCommentRow { Appeal = number, Number = said + 1, Kind = kind, AtTicks = now.Ticks, SaidBy = by, Text = text }], stop);
        return true;
    }

    /// <summary>The clerk takes it back.</summary>
    public static async Task<bool> WithdrawAsync(Turn turn, long number, string by, Instant now, CancellationToken stop) => await turn.ExecuteAsync(
        $"update appeal set state = {(int)AppealState.Withdrawn}, settled_at_ticks = @now, settled_by = @by, seen_at_ticks = @now where number = @number and state in ({(int)AppealState.Open}, {(int)AppealState.Late})", stop,
        ("now", now.Ticks), ("by", by), ("number", number)) == 1;

    /// <summary>The office takes up one that came late; the time for its ruling begins now.</summary>
    public static async Task<bool> TakeUpAsync(Turn turn, long number, DateOnly today, CancellationToken stop) => await turn.ExecuteAsync(
        $"update appeal set state = {(int)AppealState.Open}, due_on = @due where number = @number and state = {(int)AppealState.Late}", stop,
        ("due", today.AddDays((await AppealTerms.OfAsync(turn, stop)).RulingDays)), ("number", number)) == 1;

    /// <summary>The clerk has opened the ruling: it is no news any more.</summary>
    public static async Task<bool> SeenAsync(Turn turn, long number, Instant now, CancellationToken stop) =>
        await turn.ExecuteAsync("update appeal set seen_at_ticks = @now where number = @number and settled_at_ticks is not null and seen_at_ticks is null", stop, ("now", now.Ticks), ("number", number)) == 1;
}
