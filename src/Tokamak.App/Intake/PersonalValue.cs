using System.Text;

namespace Tokamak.App.Intake;

public enum PersonalKind : byte { Phone, Email, Text }

/// <summary>
/// Recognises phone numbers and e-mail addresses, so that none becomes an id, and brings them to one canonical form, so
/// that the same person gets the same keyed id however the number was typed (domain.md).
/// </summary>
public static class PersonalValue
{
    private const int MinPhoneDigits = 8, MaxPhoneDigits = 15;
    private static readonly string[] PhoneWords = ["phone", "mobile", "telephone", "cellphone", "tel", "cell", "msisdn"];
    private static readonly string[] PhoneEndings = ["phone", "mobile", "telephone"];
    private static readonly string[] EmailEndings = ["email", "mail"];
    private static readonly string[] Trailing = ["no", "nr", "num", "number", "address", "addr", "id", "key", "code"];
    private static readonly string[] ChinesePhone = ["手機", "電話", "行動"];
    private static readonly string[] ChineseEmail = ["信箱", "電子郵件", "郵箱", "電郵"];

    /// <summary>What a column of this name holds by its name, or null.</summary>
    public static PersonalKind? OfColumnName(string column)
    {
        if (ChinesePhone.Any(word => column.Contains(word, StringComparison.Ordinal))) return PersonalKind.Phone;
        if (ChineseEmail.Any(word => column.Contains(word, StringComparison.Ordinal))) return PersonalKind.Email;
        var words = Words(column);
        while (words.Count > 1 && (Trailing.Contains(words[^1]) || words[^1].All(char.IsAsciiDigit))) words.RemoveAt(words.Count - 1);
        if (words.Count == 0) return null;
        var last = words[^1];
        if (PhoneWords.Contains(last) || PhoneEndings.Any(end => last.EndsWith(end, StringComparison.Ordinal))) return PersonalKind.Phone;
        return EmailEndings.Any(end => last.EndsWith(end, StringComparison.Ordinal)) ? PersonalKind.Email : null;
    }

    private static List<string> Words(string column)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        for (var i = 0; i < column.Length; i++)
        {
            var startsWord = char.IsUpper(column[i]) && i > 0 && char.IsLower(column[i - 1]);
            if ((startsWord || !char.IsLetterOrDigit(column[i])) && word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
            if (char.IsLetterOrDigit(column[i])) word.Append(char.ToLowerInvariant(column[i]));
        }
        if (word.Length > 0) words.Add(word.ToString());
        return words;
    }

    /// <summary>
    /// What this text is by its looks. For people's own ids, numbers in groups such as 245-555-0173 count as phones too;
    /// elsewhere those are order numbers as often as not.
    /// </summary>
    public static PersonalKind? OfText(string text, bool ofPerson)
    {
        int digits = 0, others = 0, at = -1, last = 0, beforeLast = 0;
        var inGroup = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '@' or '＠') at = i;
            var digit = c is >= '0' and <= '9' or >= '０' and <= '９';
            if (digit)
            {
                digits++;
                if (!inGroup) (beforeLast, last) = (last, 0);
                last++;
            }
            else if (c is not (' ' or '-' or '(' or ')' or '.' or '+' or '－' or '＋' or '　' or '/')) others++;
            inGroup = digit;
        }
        if (at > 0 && at < text.Length - 1) return PersonalKind.Email;
        if (others > 0 || digits is < MinPhoneDigits or > MaxPhoneDigits) return null;
        return LooksLikePhone(text, beforeLast, last, ofPerson) ? PersonalKind.Phone : null;
    }

    private static bool LooksLikePhone(string text, int beforeLast, int last, bool ofPerson)
    {
        var plain = Digits(text, out var international);
        if (international) return true;
        if (plain.Length == 10 && plain.StartsWith("09", StringComparison.Ordinal)) return true;
        if (plain.Length == 12 && plain.StartsWith("8869", StringComparison.Ordinal)) return true;
        // Numbers in groups: 02-2345-6789, (02)2345-6789, 245-555-0173.
        if (!ofPerson || beforeLast == 0 || plain.Length is < 9 or > 13) return false;
        return plain[0] == '0' || text.Contains('(', StringComparison.Ordinal) || (beforeLast is 3 or 4 && last is 3 or 4);
    }

    /// <summary>The one form of a value, or null where it is none of its kind: +886912345678; a lower-case address; text without outer space.</summary>
    public static string? Canonical(string text, PersonalKind kind, string callingCode)
    {
        text = text.Normalize(NormalizationForm.FormKC).Trim();
        return kind switch
        {
            PersonalKind.Phone => CanonicalPhone(text, callingCode),
            PersonalKind.Email => CanonicalEmail(text),
            _ => text.Length == 0 ? null : text,
        };
    }

    private static string? CanonicalEmail(string text) =>
        text.IndexOf('@', StringComparison.Ordinal) is var at && at > 0 && at < text.Length - 1 && text.LastIndexOf('@') == at && !text.Any(char.IsWhiteSpace)
            ? text.ToLowerInvariant()
            : null;

    private static string? CanonicalPhone(string text, string callingCode)
    {
        if (text.Any(c => !char.IsAsciiDigit(c) && c is not (' ' or '-' or '(' or ')' or '.' or '+' or '/'))) return null;
        var digits = Digits(text, out var international);
        var national = digits;
        if (international || (digits.StartsWith(callingCode, StringComparison.Ordinal) && digits.Length > 10))
        {
            if (!digits.StartsWith(callingCode, StringComparison.Ordinal)) return InRange(digits);
            national = digits[callingCode.Length..];
        }
        return InRange(callingCode + national.TrimStart('0'));

        static string? InRange(string full) => full.Length is >= MinPhoneDigits and <= MaxPhoneDigits ? "+" + full : null;
    }

    private static string Digits(string text, out bool international)
    {
        var digits = new StringBuilder(text.Length);
        foreach (var c in text)
            if (c is >= '0' and <= '9') digits.Append(c);
            else if (c is >= '０' and <= '９') digits.Append((char)(c - '０' + '0'));
        international = text.AsSpan().TrimStart() is [('+' or '＋'), ..];
        if (!international && digits.Length > 10 && digits[0] == '0' && digits[1] == '0')
        {
            international = true;
            digits.Remove(0, 2);
        }
        return digits.ToString();
    }
}
