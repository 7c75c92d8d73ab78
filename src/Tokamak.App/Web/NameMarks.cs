namespace Tokamak.App.Web;

/// <summary>
/// Names from the data in a sentence: they are set between U+2068 and U+2069 (isolates), so that a page can mark them as not belonging to
/// its language (<c>&lt;Sentence&gt;</c>).
/// </summary>
public static class NameMarks
{
    private const char Isolate = '\u2068', EndIsolate = '\u2069';

    public static string Of(string name) => $"{Isolate}{name}{EndIsolate}";

    /// <summary>A sentence in pieces, names apart from words.</summary>
    public static IEnumerable<(string Text, bool IsName)> Pieces(string sentence)
    {
        var rest = sentence;
        while (rest.IndexOf(Isolate, StringComparison.Ordinal) is var start and >= 0)
        {
            var end = rest.IndexOf(EndIsolate, start);
            if (start > 0) yield return (rest[..start], false);
            yield return (rest[(start + 1)..end], true);
            rest = rest[(end + 1)..];
        }
        if (rest.Length > 0) yield return (rest, false);
    }

    /// <summary>A sentence for a terminal, without the marks around names.</summary>
    public static string Plain(string sentence) => string.Concat(Pieces(sentence).Select(piece => piece.Text));
}
