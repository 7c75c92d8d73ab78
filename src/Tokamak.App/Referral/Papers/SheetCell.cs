using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Tokamak.App.Referral.Papers;

/// <summary>
/// Cells of a CSV file that people open in Excel. A text that a spreadsheet would run as a formula, or would turn into
/// something else (an id into 1E+15, a date, a number without its zeros), gets one apostrophe before it; so does a text
/// that begins with one. Whoever reads the file by a program drops one leading apostrophe from texts and has them back.
/// </summary>
/// <remarks>
/// The usual trick for ids, ="00123", is itself a formula: it teaches people to allow them, and other programs read it as
/// it stands. A tab before the text is invisible, and so ends up inside ids that are copied on. An apostrophe is seen.
/// </remarks>
public static partial class SheetCell
{
    private const char Guard = '\'';

    /// <summary>A name, an id, a word: kept as text.</summary>
    public static string Text(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        return text[0] == Guard || IsFormula(text) || IsTakenForAnother(text) ? Guard + text : text;
    }

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>An amount with its decimals, without grouping and with a hyphen for minus: a number to every spreadsheet.</summary>
    public static string Amount(Int128 amount, int decimals)
    {
        var digits = Int128.Abs(amount).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        return (amount < 0 ? "-" : "") + (decimals == 0 ? digits : digits[..^decimals] + "." + digits[^decimals..]);
    }

    /// <summary>Full-width and small forms count as what they look like, and white space or what is invisible may stand before them.</summary>
    private static bool IsFormula(string text)
    {
        if (text[0] is '\t' or '\r' or '\n') return true;
        foreach (var letter in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(letter) || Rune.GetUnicodeCategory(letter) is UnicodeCategory.Format or UnicodeCategory.Control) continue;
            return letter.ToString().Normalize(NormalizationForm.FormKC) is ['=' or '+' or '-' or '@', ..];
        }
        return false;
    }

    /// <summary>A short whole number stays what it is and may be one; everything else that looks like a number, a date or a truth value may not.</summary>
    private static bool IsTakenForAnother(string text)
    {
        if (text.Length > LongestNumber) return false;
        var plain = Normalized(text).Trim();
        return !(ShortNumber().IsMatch(plain) && plain == text)
            && (NumberOrDate().IsMatch(plain) || MonthName().IsMatch(plain) || plain.Equals("TRUE", StringComparison.OrdinalIgnoreCase) || plain.Equals("FALSE", StringComparison.OrdinalIgnoreCase));
    }

    // A lone surrogate cannot be normalized, and is no number either.
    private static string Normalized(string text) => text.EnumerateRunes().Contains(Rune.ReplacementChar) ? text : text.Normalize(NormalizationForm.FormKC);

    private const int LongestNumber = 200;

    /// <summary>Eleven digits are the most that Excel shows as they are in a cell of its own width.</summary>
    [GeneratedRegex(@"^(0|[1-9][0-9]{0,10})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ShortNumber();

    [GeneratedRegex(@"^(?=.*[0-9])[0-9\s.,:/%()$€£¥+\-eEaApPmM年月日時分秒上下午]+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NumberOrDate();

    [GeneratedRegex(@"^([0-9]+[-/. ]?)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*([-/., ]*[0-9]+)*$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MonthName();
}
