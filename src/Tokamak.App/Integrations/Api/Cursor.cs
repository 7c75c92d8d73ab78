using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Tokamak.App.Integrations.Api;

/// <summary>A place in a list as an answer gives it: a text to send back as it is, with nothing in it to rely on.</summary>
internal static class Cursor
{
    private const int MostLetters = 1000;

    // Half a character would be written as another: what cannot be read back was never given out.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Of(string place) => Base64Url.EncodeToString(Strict.GetBytes(place));

    public static string Of(long number) => Of(number.ToString(CultureInfo.InvariantCulture));

    /// <returns>Null: no cursor.</returns>
    public static string? Read(string text)
    {
        if (text.Length is 0 or > MostLetters || !Base64Url.IsValid(text)) return null;
        try
        {
            return Strict.GetString(Base64Url.DecodeFromChars(text));
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            return null;
        }
    }

    public static bool TryRead(string text, out long number)
    {
        number = 0;
        return Read(text) is { } place && long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
