using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Tokamak.Core.Coupons;

/// <summary>
/// A random coupon code (spec promotions, "Coupons"): 70 random bits as 14 letters and a check letter, in the 32 letters of Crockford, which leave out
/// I, L, O and U. Immutable; the default is no code. Written in groups of five (<see cref="Shown"/>), kept and compared without hyphens.
/// </summary>
/// <remarks>
/// The check is that of a Reed-Solomon code over the field of 32 elements: the letters, weighed with the powers of an element of order 31, add up to nothing. So one
/// wrong letter is always found, and so are two letters that changed places, neighbours or not. ISO 7064 (MOD 37,36) does the same for neighbours, but its
/// check letter may be one of those that are left out here.
/// </remarks>
public readonly record struct CouponCode
{
    /// <summary>Letters of a code, the check letter among them.</summary>
    public const int Letters = 15;

    /// <summary>So many random bytes make a code; two bits of the last are not used.</summary>
    public const int RandomBytes = 9;

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int BitsOfLetter = 5, LettersOfGroup = 5;

    // x⁵ + x² + 1 is primitive: x has order 31, and no code is as long.
    private const int Carry = 0b100000, Reduced = 0b100101;

    private static readonly SearchValues<char> AnyLetter = SearchValues.Create(Alphabet);

    private readonly string? _value;

    private CouponCode(string value) => _value = value;

    /// <summary>Without hyphens, as it is kept.</summary>
    public string Value => _value ?? "";

    /// <summary>In groups, as people read it: <c>7Q2MK-X40TZ-9BHWC</c>.</summary>
    public string Shown => string.Join('-', Enumerable.Range(0, Value.Length / LettersOfGroup).Select(ShownGroup));

    /// <param name="random"><see cref="RandomBytes"/> bytes from a source that nobody can foretell.</param>
    public static CouponCode Of(ReadOnlySpan<byte> random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(random.Length, RandomBytes);
        Span<char> letters = stackalloc char[Letters];
        var (held, bits, next, sum) = (0, 0, 0, 0);
        for (var place = 0; place < Letters - 1; place++)
        {
            if (bits < BitsOfLetter) (held, bits) = ((held << 8) | random[next++], bits + 8);
            bits -= BitsOfLetter;
            var letter = held >> bits;
            held &= (1 << bits) - 1;
            letters[place] = Alphabet[letter];
            sum = Times(sum) ^ letter;
        }
        letters[^1] = Alphabet[Times(sum)];
        return new CouponCode(new string(letters));
    }

    /// <summary>Reads what somebody typed, however they wrote it. False where it has another length or letters, or where a letter must be wrong.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out CouponCode code)
    {
        code = default;
        var key = CouponKey.Of(text);
        if (!IsOfShape(key) || !Holds(key)) return false;
        code = new CouponCode(key);
        return true;
    }

    /// <summary>Has it the length and the letters of a code, though its check may not hold? Then it was mistyped.</summary>
    public static bool IsOfShape(string key) => key.Length == Letters && !key.AsSpan().ContainsAnyExcept(AnyLetter);

    public override string ToString() => Shown;

    private static bool Holds(string key)
    {
        var sum = 0;
        foreach (var letter in key) sum = Times(sum) ^ Alphabet.IndexOf(letter, StringComparison.Ordinal);
        return sum == 0;
    }

    /// <summary>Times x, in the field.</summary>
    private static int Times(int element) => (element << 1) is var doubled && (doubled & Carry) != 0 ? doubled ^ Reduced : doubled;

    private string ShownGroup(int group) => Value.Substring(group * LettersOfGroup, LettersOfGroup);
}

/// <summary>How codes are compared, random or shared: without what people write differently.</summary>
public static class CouponKey
{
    /// <summary>A shared code has so many letters without spaces and hyphens: fewer than a random one, so that neither is ever taken for the other.</summary>
    public const int Least = 3, Most = CouponCode.Letters - 1;

    private const char FirstWide = '！', LastWide = '～', WideSpace = '　';
    private const int WideShift = FirstWide - '!';

    /// <summary>In capitals, without spaces and hyphens; O counts as 0, I and L as 1, letters of full width as those of half.</summary>
    public static string Of(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        Span<char> key = text.Length <= 128 ? stackalloc char[text.Length] : new char[text.Length];
        var length = 0;
        foreach (var typed in text)
        {
            var letter = char.ToUpperInvariant(typed is >= FirstWide and <= LastWide ? (char)(typed - WideShift) : typed);
            if (letter is '-' or WideSpace or '‐' or '‑' or '–' or '—' || char.IsWhiteSpace(letter)) continue;
            key[length++] = letter switch { 'O' => '0', 'I' or 'L' => '1', _ => letter };
        }
        return new string(key[..length]);
    }

    /// <summary>May a series have this as its one shared code? Letters and digits of any script, so that nothing in it is lost on paper or in a link.</summary>
    public static bool IsShared(string text)
    {
        var key = Of(text);
        return key.Length is >= Least and <= Most && key.All(char.IsLetterOrDigit) && text.All(letter => char.IsLetterOrDigit(letter) || letter is '-');
    }
}
