using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Members;

namespace Tokamak.App.Members;

/// <summary>
/// What people wrote freely about sales may tell of a member, though it is asked of them not to. When a member is erased, appeals of their
/// sales lose all they say, and so do those, of whatever sale, that name them by their name or by a key. Where a text says "Al" it may be
/// the name, where it says "also" it is not.
/// </summary>
internal static class ToldElsewhere
{
    /// <summary>Too short a name or card number would be found in any text.</summary>
    private const int FewestLetters = 2, FewestOfKey = 6;

    /// <summary>The last digits of a phone number, however its beginning is written.</summary>
    private const int DigitsOfPhone = 8;

    /// <summary>Ranges of letters that normalization makes others, such as those of full width: a text with any is looked at whatever the database finds.</summary>
    private const string Variants =
        "\u00AA\u00B2\u00B3\u00B9\u00BA\u00BC-\u00BE\u0132\u0133\u017F\u01C4-\u01CC\u01F1-\u01F3\u02B0-\u02B8\u1D2C-\u1D6A\u2070-\u209C\u2100-\u218F\u2460-\u24FF\u2E80-\u2FDF"
        + "\u3131-\u318E\u3192-\u319F\u3200-\u33FF\uF900-\uFDFC\uFE70-\uFEFC\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A\uFF66-\uFFDC\U0001D400-\U0001D7FF";

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
        if (named.Count > 0) about.AddRange((await TextsLikeAsync(turn, named, stop)).Where(text => Names(text.Text, named)).Select(text => text.Number));
        foreach (var number in about.Distinct())
        {
            // What was typed as the number of a sale, and is none that is known, may be anything: a name, a phone number.
            await turn.ExecuteAsync(
                $"""
                update appeal set story = '', evidence = '', ruling = case when ruling is null then null else '' end, texts_gone_on = @today,
                  sale = case when exists (select 1 from sale s where s.id = appeal.sale) then sale else @instead end where number = @number
                """, stop, ("today", today), ("number", number), ("instead", string.Create(CultureInfo.InvariantCulture, $"erased-{number}")));
            await turn.ExecuteAsync("update appeal_comment set text = '' where appeal = @number", stop, ("number", number));
        }
    }

    /// <summary>Texts that may name them: the database leaves out nearly all others, by the letters in their order with anything between.</summary>
    private static async Task<List<(long Number, string Text)>> TextsLikeAsync(Turn turn, List<Named> named, CancellationToken stop)
    {
        var patterns = turn.List("patterns", [.. named.Select(name => name.Pattern).Distinct()]);
        string Like(string text) => turn.Provider == Provider.Postgres
            ? $"({text} ilike any(@patterns) or {text} ~ @variants)"
            : $"(exists (select 1 from json_each(@patterns) p where {text} like p.value) or {text} glob @variants)";
        var variants = ("variants", (object?)(turn.Provider == Provider.Postgres ? $"[{Variants}]" : $"*[{Variants}]*"));
        const string Written = "(story || ' ' || evidence || ' ' || coalesce(ruling, '') || ' ' || sale)";
        var told = await turn.ReadAsync($"select number, {Written} from appeal where texts_gone_on is null and {Like(Written)}", row => (row.GetInt64(0), row.GetString(1)), stop, patterns, variants);
        told.AddRange(await turn.ReadAsync($"select appeal, text from appeal_comment where text <> '' and {Like("text")}", row => (row.GetInt64(0), row.GetString(1)), stop, patterns, variants));
        return told;
    }

    /// <summary>Names and keys as they are looked for: letters and digits alone.</summary>
    private static async Task<List<Named>> NamedAsync(BrandContext books, IReadOnlyCollection<string> members, CancellationToken stop)
    {
        var names = await books.People.Where(row => members.Contains(row.Member) && row.Name != null).Select(row => row.Name!).ToListAsync(stop);
        var keys = await books.MemberKeys.Where(row => members.Contains(row.Member)).Select(row => new { row.Kind, row.Value }).ToListAsync(stop);
        return
        [
            .. names.Select(Plain).Where(name => name.Length >= FewestLetters).Select(name => new Named(name, AsWords: !name.All(IsOneWord))),
            .. keys.Select(key => key.Kind == (short)KeyKind.Phone ? Plain(key.Value)[^Math.Min(DigitsOfPhone, Plain(key.Value).Length)..] : Plain(key.Value)).Where(key => key.Length >= FewestOfKey)
                .Select(key => new Named(key, AsWords: false)),
        ];
    }

    private static bool Names(string text, List<Named> named)
    {
        var (plain, words) = (Plain(text), WordsOf(text));
        return named.Exists(name => name.AsWords ? IsSaid(words, name.Plain) : plain.Contains(name.Plain, StringComparison.Ordinal));
    }

    /// <summary>"Al" is not in "also": some words one after the other are the name, however it is divided.</summary>
    private static bool IsSaid(List<string> words, string name)
    {
        for (var first = 0; first < words.Count; first++)
        {
            var left = name.AsSpan();
            for (var at = first; at < words.Count && left.StartsWith(words[at], StringComparison.Ordinal); at++)
            {
                left = left[words[at].Length..];
                if (left.IsEmpty) return true;
            }
        }
        return false;
    }

    /// <summary>Runs of letters and digits; a letter of a script that is written without blanks is a word of its own.</summary>
    private static List<string> WordsOf(string text)
    {
        var (words, word) = (new List<string>(), new StringBuilder());
        foreach (var letter in Normal(text).Append(' '))
        {
            if (char.IsLetterOrDigit(letter) && !IsOneWord(letter))
            {
                word.Append(letter);
                continue;
            }
            if (word.Length > 0) words.Add(word.ToString());
            word.Clear();
            if (char.IsLetterOrDigit(letter)) words.Add(letter.ToString());
        }
        return words;
    }

    private static bool IsOneWord(char letter) => char.GetUnicodeCategory(letter) == UnicodeCategory.OtherLetter;

    private static string Plain(string text) => string.Concat(Normal(text).Where(char.IsLetterOrDigit));

    private static string Normal(string text) => Text(text).Normalize(NormalizationForm.FormKC).ToUpperInvariant();

    // What is no character stops normalization: it is left out, so that nobody's erasure is held up by it.
    private static string Text(string text) => string.Concat(text.EnumerateRunes().Where(rune => rune.Value != 0xFFFE && rune != Rune.ReplacementChar).Select(rune => rune.ToString()));

    /// <summary>What somebody is named by.</summary>
    /// <param name="Plain">Letters and digits alone, in capitals.</param>
    /// <param name="AsWords">A name in letters that stand in many words: found only where it stands by itself.</param>
    private readonly record struct Named(string Plain, bool AsWords)
    {
        // Letters with accents, which databases compare in their own ways, are left out: more is found then, not less.
        public string Pattern => $"%{string.Concat(Plain.Where(letter => char.IsAscii(letter) || IsOneWord(letter)).Select(letter => letter + "%"))}";
    }
}
