namespace Tokamak.App.Intake;

/// <summary>A decimal number as it was written: at most 18 digits, never rounded. The default is 0.</summary>
/// <param name="Mantissa">The digits as a whole number.</param>
/// <param name="Decimals">How many of them stand after the decimal mark.</param>
public readonly record struct ExactDecimal(Int128 Mantissa, int Decimals) : IComparable<ExactDecimal>
{
    private const int MaxDigits = 18;

    /// <summary>Reads <c>-1,234.50</c> with the marks of the style. False for anything else, an exponent or a currency sign included.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, NumberStyle style, out ExactDecimal value)
    {
        value = default;
        var negative = text.Length > 0 && text[0] == '-';
        if (text.Length > 0 && text[0] is '-' or '+') text = text[1..];
        long mantissa = 0;
        int digits = 0, decimals = -1, seen = 0;
        foreach (var c in text)
        {
            if (c is >= '0' and <= '9')
            {
                seen++;
                if (mantissa > 0 || c != '0') digits++;
                if (digits > MaxDigits) return false;
                mantissa = (mantissa * 10) + (c - '0');
                if (decimals >= 0) decimals++;
            }
            else if (c == style.DecimalMark && decimals < 0) decimals = 0;
            else if (c != style.GroupMark || decimals >= 0 || seen == 0) return false;
        }
        if (seen == 0 || decimals > MaxDigits) return false;
        value = new ExactDecimal(negative ? -mantissa : mantissa, Math.Max(decimals, 0));
        return true;
    }

    /// <exception cref="OverflowException">Beyond 38 digits.</exception>
    public static ExactDecimal operator *(ExactDecimal a, ExactDecimal b) => new(checked(a.Mantissa * b.Mantissa), a.Decimals + b.Decimals);

    /// <exception cref="OverflowException">Beyond 38 digits.</exception>
    public static ExactDecimal operator +(ExactDecimal a, ExactDecimal b)
    {
        var decimals = Math.Max(a.Decimals, b.Decimals);
        return new ExactDecimal(checked(a.WithDecimals(decimals) + b.WithDecimals(decimals)), decimals);
    }

    public static ExactDecimal operator -(ExactDecimal a) => a with { Mantissa = -a.Mantissa };

    public int CompareTo(ExactDecimal other) => (this + -other).Mantissa.CompareTo(0);

    /// <summary>This times <paramref name="scale"/> as a whole number; null where it is none and <paramref name="rounding"/> refuses.</summary>
    /// <exception cref="OverflowException">Beyond a long.</exception>
    public long? ToUnits(long scale, Rounding rounding)
    {
        var scaled = checked(Mantissa * scale);
        var unit = PowerOfTen(Decimals);
        var (whole, rest) = Int128.DivRem(scaled, unit);
        if (rest == 0) return checked((long)whole);
        var up = rounding switch
        {
            Rounding.Refuse => (bool?)null,
            Rounding.Down => false,
            Rounding.HalfAwayFromZero => Int128.Abs(rest) * 2 >= unit,
            Rounding.HalfEven => Int128.Abs(rest) * 2 > unit || (Int128.Abs(rest) * 2 == unit && Int128.IsOddInteger(whole)),
            _ => throw new ArgumentOutOfRangeException(nameof(rounding)),
        };
        return up switch { null => null, true => checked((long)(whole + Int128.Sign(scaled))), false => checked((long)whole) };
    }

    private Int128 WithDecimals(int decimals) => checked(Mantissa * PowerOfTen(decimals - Decimals));

    private static Int128 PowerOfTen(int exponent)
    {
        Int128 power = 1;
        for (var i = 0; i < exponent; i++) power = checked(power * 10);
        return power;
    }
}
