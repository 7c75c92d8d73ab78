namespace Tokamak.App.Members;

/// <summary>Texts about people: the same wherever they come from.</summary>
internal static class MemberText
{
    public const int MostLettersOfName = 100, MostLettersOfWording = 60;

    public static bool IsName(string text) => text.Length is > 0 and <= MostLettersOfName && !text.Any(IsNone);

    /// <summary>No character that a name has: a control character, or what Unicode keeps for no character at all.</summary>
    private static bool IsNone(char letter) => char.IsControl(letter) || letter is '\uFFFE' or '\uFFFF';

    /// <summary>A purpose or the version of a wording.</summary>
    public static bool IsWord(string text, int mostLetters) =>
        text.Length > 0 && text.Length <= mostLetters && text.All(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
