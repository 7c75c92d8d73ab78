using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace Tokamak.App.Web;

/// <summary>
/// Numbers as people type them, exactly: full-width digits, thousands in groups, a sign of per cent or money around them. With two decimals
/// 3.5 is 350; more decimals than there are is no number, and never rounded.
/// </summary>
public static partial class TypedNumber
{
    private const int MostLetters = 40;

    public static bool TryRead(string? typed, int decimals, out long value)
    {
        value = 0;
        if (typed is null or { Length: > MostLetters } || typed.Contains('\uFFFE', StringComparison.Ordinal)) return false;
        var match = Form().Match(typed.Normalize(NormalizationForm.FormKC).Trim());
        var fraction = match.Groups["fraction"].Value.TrimEnd('0');
        if (!match.Success || fraction.Length > decimals) return false;
        var digits = match.Groups["whole"].Value.Replace(",", "", StringComparison.Ordinal) + fraction.PadRight(decimals, '0');
        var whole = BigInteger.Parse(match.Groups["sign"].Value + digits, CultureInfo.InvariantCulture);
        if (whole < long.MinValue || whole > long.MaxValue) return false;
        value = (long)whole;
        return true;
    }

    /// <summary>As it stands in a field: without groups, and without decimals that say nothing where they are per cent.</summary>
    public static string Write(long value, int decimals)
    {
        if (decimals == 0) return value.ToString(CultureInfo.InvariantCulture);
        var one = BigInteger.Pow(10, decimals);
        var whole = BigInteger.DivRem(BigInteger.Abs(value), one, out var rest);
        var fraction = rest.ToString(CultureInfo.InvariantCulture).PadLeft(decimals, '0').TrimEnd('0');
        return $"{(value < 0 ? "-" : "")}{whole.ToString(CultureInfo.InvariantCulture)}{(fraction.Length == 0 ? "" : "." + fraction)}";
    }

    [GeneratedRegex(@"^(NT\$|\$)?\s*(?<sign>-?)(?<whole>[0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.(?<fraction>[0-9]+))?\s*%?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Form();
}
