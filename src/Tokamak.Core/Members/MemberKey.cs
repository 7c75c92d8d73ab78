using System.Buffers;
using System.Globalization;
using System.Text;

namespace Tokamak.Core.Members;

/// <summary>What a member can be recognised by.</summary>
public enum KeyKind : short
{
    /// <summary>A phone number, E.164.</summary>
    Phone,

    /// <summary>An e-mail address, in small letters.</summary>
    Email,

    /// <summary>The user id that LINE gives a person for this brand's channel.</summary>
    Line,

    /// <summary>The barcode or number of a member card.</summary>
    Card,

    /// <summary>Their id in another system: <c>system:id</c>.</summary>
    Foreign,
}

/// <summary>A key in its one canonical form, whatever was typed: equal keys are equal texts.</summary>
public readonly record struct MemberKey(KeyKind Kind, string Value)
{
    private const int MostLettersOfEmail = 254, MostLettersOfLocalPart = 64, LettersOfLine = 33, MostLettersOfCard = 64, MostLettersOfForeign = 160;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef"), LettersOfSystem = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    // Whoever writes a key into a log writes a person there.
    public override string ToString() => $"a key of kind {Kind}";

    /// <param name="kind">What the text is.</param>
    /// <param name="text">As it was typed or scanned.</param>
    /// <param name="numbering">Numbering plans, for phones.</param>
    /// <param name="region">The country of a phone number that does not say.</param>
    /// <param name="key">The canonical form.</param>
    /// <returns>False: nothing can be recognised by this.</returns>
    public static bool TryRead(KeyKind kind, string text, Numbering numbering, string region, out MemberKey key)
    {
        var value = kind switch
        {
            KeyKind.Phone => Phone.TryRead(text, numbering, region, out var phone) && phone.IsPersonal ? phone.E164 : null,
            KeyKind.Email => Email(text),
            KeyKind.Line => Line(text),
            KeyKind.Card => Card(text),
            KeyKind.Foreign => Foreign(text),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
        key = new MemberKey(kind, value ?? "");
        return value is not null;
    }

    /// <summary>Small letters, and a domain in the letters of the network: addresses that differ only so are one mailbox everywhere that counts.</summary>
    private static string? Email(string text)
    {
        if (!IsWellFormed(text)) return null;
        var plain = text.Normalize(NormalizationForm.FormKC).Trim().ToLowerInvariant();
        var at = plain.LastIndexOf('@');
        if (at is < 1 or > MostLettersOfLocalPart || plain.Length > MostLettersOfEmail) return null;
        var (local, domain) = (plain[..at], plain[(at + 1)..]);
        if (local.StartsWith('.') || local.EndsWith('.') || local.Contains("..", StringComparison.Ordinal)) return null;
        if (local.Any(letter => !char.IsLetterOrDigit(letter) && !"!#$%&'*+-/=?^_`{|}~.".Contains(letter, StringComparison.Ordinal))) return null;
        try
        {
            domain = new IdnMapping { UseStd3AsciiRules = true }.GetAscii(domain);
        }
        catch (ArgumentException)
        {
            return null;
        }
        var labels = domain.Split('.');
        return labels.Length >= 2 && labels[^1].Any(char.IsAsciiLetter) && local.Length + 1 + domain.Length <= MostLettersOfEmail ? $"{local}@{domain}" : null;
    }

    /// <summary><c>U</c> and 32 hexadecimal digits, as LINE gives them.</summary>
    private static string? Line(string text) =>
        text.Trim() is { Length: LettersOfLine } id && id[0] == 'U' && id.AsSpan(1).IndexOfAnyExcept(HexDigits) < 0 ? id : null;

    /// <summary>Capital letters and digits; what scanners and people put between them is left out.</summary>
    private static string? Card(string text)
    {
        if (!IsWellFormed(text)) return null;
        var plain = string.Concat(text.Normalize(NormalizationForm.FormKC).Where(letter => !char.IsWhiteSpace(letter) && letter != '-')).ToUpperInvariant();
        return plain.Length is > 0 and <= MostLettersOfCard && plain.All(letter => letter is >= '!' and <= '~') ? plain : null;
    }

    /// <summary>The name of a system, a colon, and whatever it calls the person.</summary>
    private static string? Foreign(string text)
    {
        var plain = text.Trim();
        var colon = plain.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1 || colon == plain.Length - 1 || plain.Length > MostLettersOfForeign || !IsWellFormed(plain)) return null;
        return plain.AsSpan(0, colon).IndexOfAnyExcept(LettersOfSystem) < 0 && !plain.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter)) ? plain : null;
    }

    private static bool IsWellFormed(string text)
    {
        for (var place = 0; place < text.Length; place++)
        {
            if (char.IsHighSurrogate(text[place]) && place + 1 < text.Length && char.IsLowSurrogate(text[place + 1])) place++;
            else if (char.IsSurrogate(text[place])) return false;
        }
        return true;
    }
}
