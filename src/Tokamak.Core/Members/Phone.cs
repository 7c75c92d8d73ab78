using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Tokamak.Core.Members;

/// <summary>A phone number that there is.</summary>
/// <param name="E164">As the world dials it, such as <c>+886912345678</c>; an extension is left out.</param>
/// <param name="Region">Its country, such as <c>TW</c>; <c>001</c> for numbers of none.</param>
/// <param name="Type">What it is for.</param>
public sealed partial record Phone(string E164, string Region, PhoneType Type)
{
    private const int MostLetters = 250, MostDigits = 17, FewestDigits = 3;

    /// <summary>Whether a message can reach a person there: no service number, no switchboard.</summary>
    public bool TakesMessages => Type is PhoneType.Mobile or PhoneType.FixedLineOrMobile;

    /// <summary>Whether it can be somebody's: a number that the caller or the called pays for is a service's.</summary>
    public bool IsPersonal => Type is not (PhoneType.TollFree or PhoneType.PremiumRate or PhoneType.SharedCost or PhoneType.Uan or PhoneType.Voicemail);

    /// <summary>
    /// Reads what people type, in full-width digits, too: with or without the country, with what they dial before it, with spaces,
    /// dashes, brackets and an extension; as libphonenumber reads it.
    /// </summary>
    /// <param name="text">0912-345-678, +886 912 345 678, tel:+886-912-345-678, 02 2345 6789 #123.</param>
    /// <param name="numbering">The plans.</param>
    /// <param name="region">The country of a number that does not say; one that <see cref="Numbering.Knows"/>.</param>
    /// <param name="phone">The number.</param>
    /// <returns>False: there is no such number.</returns>
    public static bool TryRead(string text, Numbering numbering, string region, out Phone phone)
    {
        phone = null!;
        if (text.Length > MostLetters || Digits(text) is not var (digits, isInternational)) return false;
        if (digits.Length is < FewestDigits or > MostDigits) return false;
        var home = numbering.PlanOf(region);
        if (!isInternational && home.Abroad(digits) is { } dialled) (digits, isInternational) = (dialled, true);
        if (isInternational)
        {
            if (numbering.Split(digits) is not var (plans, rest)) return false;
            return TryRead(plans, plans[0].National(rest), out phone);
        }
        // Somebody leaves out the plus.
        if (digits.StartsWith(home.CallingCode, StringComparison.Ordinal) && !home.Fits(digits) && home.Fits(home.National(digits[home.CallingCode.Length..])))
            digits = digits[home.CallingCode.Length..];
        return TryRead(numbering.PlansOf(home.CallingCode), home.National(digits), out phone);
    }

    private static bool TryRead(NumberingPlan[] plans, string national, out Phone phone)
    {
        phone = null!;
        foreach (var plan in plans)
        {
            if (plan.HasLeading && !plan.Leads(national)) continue;
            if (plan.TypeOf(national) is not { } type) continue;
            phone = new Phone($"+{plan.CallingCode}{national}", plan.Region, type);
            return true;
        }
        return false;
    }

    /// <summary>The digits of a number, and whether a plus stands before them; null where no number is.</summary>
    private static (string Digits, bool IsInternational)? Digits(string text)
    {
        var plain = text.Normalize(NormalizationForm.FormKC).Trim();
        if (plain.StartsWith("tel:", StringComparison.OrdinalIgnoreCase)) plain = plain[4..];
        plain = Extension().Replace(plain, "");
        if (!Viable().IsMatch(plain)) return null;
        var digits = string.Concat(plain.Where(char.IsDigit).Select(letter => CharUnicodeInfo.GetDecimalDigitValue(letter)));
        return (digits, plain.StartsWith('+'));
    }

    // Separators as people and programs write them; the dash of a CJK keyboard is many.
    [GeneratedRegex(@"^\+?[\p{Nd}\s()\[\]./\-‐-―−ー~⁓∼*]+$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Viable();

    [GeneratedRegex(@"[\s,;]*(?:;ext=|ext(?:ension)?\.?|分機|轉|#|x)[\s:.]*\p{Nd}{1,20}#?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Extension();

    public override string ToString() => "a phone number";
}
