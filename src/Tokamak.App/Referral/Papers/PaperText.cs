using System.Globalization;
using System.Text;

namespace Tokamak.App.Referral.Papers;

/// <summary>Text in the letters that stand on a paper, and its lines within a width.</summary>
internal static class PaperText
{
    private const string NeverFirst = "，。、；：！？）」』》〉】〕％%,.;:!?)]}…";
    private const string NeverLast = "（「『《〈【〔([{";

    /// <summary>Without what leaves no ink: directions, joiners, chosen variants. White space of any kind is one space wide.</summary>
    public static IEnumerable<Rune> Letters(string text)
    {
        foreach (var letter in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(letter)) yield return new Rune(' ');
            else if (Rune.GetUnicodeCategory(letter) is not (UnicodeCategory.Format or UnicodeCategory.Control) && !IsVariationSelector(letter.Value)) yield return letter;
        }
    }

    public static double Width(FontSubset font, double size, string text) => Letters(text).Sum(font.WidthOf) * size / 1000;

    /// <summary>At least one line. Breaks at spaces and beside Chinese; a word longer than the width is broken where it must be.</summary>
    public static IReadOnlyList<string> Lines(FontSubset font, double size, string text, double width)
    {
        List<string> lines = [];
        var letters = Letters(text).ToList();
        var start = 0;
        while (start < letters.Count)
        {
            var end = Fitting(font, size, letters, start, width);
            if (end < letters.Count) end = BreakBefore(letters, start, end);
            lines.Add(string.Concat(letters[start..end]).TrimEnd());
            start = end;
            while (start < letters.Count && letters[start].Value == ' ') start++;
        }
        return lines.Count > 0 ? lines : [""];
    }

    private static int Fitting(FontSubset font, double size, List<Rune> letters, int start, double width)
    {
        const double hair = 0.01;
        var used = 0.0;
        for (var i = start; i < letters.Count; i++)
        {
            used += font.WidthOf(letters[i]) * size / 1000;
            if (used > width + hair) return Math.Max(i, start + 1);
        }
        return letters.Count;
    }

    private static int BreakBefore(List<Rune> letters, int start, int end)
    {
        for (var i = end; i > start; i--)
            if (MayBreak(letters[i - 1], letters[i])) return i;
        return end;
    }

    private static bool MayBreak(Rune before, Rune after) =>
        before.Value == ' ' || after.Value == ' '
        || ((IsWide(before) || IsWide(after)) && !NeverFirst.Contains(after.ToString(), StringComparison.Ordinal) && !NeverLast.Contains(before.ToString(), StringComparison.Ordinal));

    private static bool IsWide(Rune letter) => letter.Value >= 0x2E80;

    private static bool IsVariationSelector(int codePoint) => codePoint is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);
}
