using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Members;

namespace Tokamak.App.Members;

/// <summary>
/// What people wrote freely about sales may tell of a member, though it is asked of them not to. When a member is erased, appeals of their
/// sales lose all they say, and so do those, of whatever sale, that name them by their name or by a key.
/// </summary>
internal static class ToldElsewhere
{
    /// <summary>Too short a name or card number would be found in any text.</summary>
    private const int FewestLetters = 2, FewestOfKey = 6;

    /// <summary>The last digits of a phone number, however its beginning is written.</summary>
    private const int DigitsOfPhone = 8;

    /// <summary>Before their rows go: from these it is known how they are named.</summary>
    /// <param name="turn">A write turn.</param>
    /// <param name="members">All ids of whoever is erased.</param>
    /// <param name="today">The brand's day.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task EraseAsync(Turn turn, IReadOnlyCollection<string> members, DateOnly today, CancellationToken stop)
    {
        await using var books = turn.Books();
        var about = await turn.ReadAsync(
            $"""
            select number from appeal where texts_gone_on is null and (
              {turn.IsOneOf("member", "ids")}
              or exists (select 1 from sale s where s.id = appeal.sale and {turn.IsOneOf("s.member", "ids")})
              or exists (select 1 from sale s where s.id = appeal.corrected and {turn.IsOneOf("s.member", "ids")}))
            """, row => row.GetInt64(0), stop, turn.List("ids", members));
        var named = await NamedAsync(books, members, stop);
        if (named.Count > 0)
        {
            var told = (await books.Appeals.Where(row => row.TextsGoneOn == null).Select(row => new { row.Number, row.Story, row.Evidence, row.Ruling }).ToListAsync(stop))
                .Select(row => (row.Number, Text: $"{row.Story}\n{row.Evidence}\n{row.Ruling}"))
                .Concat((await books.AppealComments.Where(row => row.Text != "").Select(row => new { row.Appeal, row.Text }).ToListAsync(stop)).Select(row => (Number: row.Appeal, row.Text)));
            about.AddRange(told.Where(text => Names(text.Text, named)).Select(text => text.Number));
        }
        foreach (var number in about.Distinct())
        {
            await turn.ExecuteAsync(
                "update appeal set story = '', evidence = '', ruling = case when ruling is null then null else '' end, texts_gone_on = @today where number = @number", stop, ("today", today), ("number", number));
            await turn.ExecuteAsync("update appeal_comment set text = '' where appeal = @number", stop, ("number", number));
        }
    }

    /// <summary>Names and keys as they are looked for: letters and digits alone.</summary>
    private static async Task<List<string>> NamedAsync(BrandContext books, IReadOnlyCollection<string> members, CancellationToken stop)
    {
        var names = await books.People.Where(row => members.Contains(row.Member) && row.Name != null).Select(row => row.Name!).ToListAsync(stop);
        var keys = await books.MemberKeys.Where(row => members.Contains(row.Member)).Select(row => new { row.Kind, row.Value }).ToListAsync(stop);
        return
        [
            .. names.Select(Plain).Where(name => name.Length >= FewestLetters),
            .. keys.Select(key => key.Kind == (short)KeyKind.Phone ? Plain(key.Value)[^Math.Min(DigitsOfPhone, Plain(key.Value).Length)..] : Plain(key.Value)).Where(key => key.Length >= FewestOfKey),
        ];
    }

    private static bool Names(string text, List<string> named)
    {
        var plain = Plain(text);
        return named.Exists(name => plain.Contains(name, StringComparison.Ordinal));
    }

    private static string Plain(string text) => string.Concat(Text(text).Normalize(System.Text.NormalizationForm.FormKC).Where(char.IsLetterOrDigit)).ToUpperInvariant();

    // What is no character stops normalization: it is left out, so that nobody's erasure is held up by it.
    private static string Text(string text) => string.Concat(text.EnumerateRunes().Where(rune => rune.Value != 0xFFFE && rune != System.Text.Rune.ReplacementChar).Select(rune => rune.ToString()));
}
