namespace Tokamak.Core.Members;

/// <summary>
/// Keys and names as a clerk sees them: enough to agree with the person at the counter on who they are, too little to take away.
/// </summary>
public static class KeyMask
{
    private const char Hidden = '*';

    /// <summary>+886912345678 → 0912***678 is for people: here +886912***678; an address keeps its first letter and its domain.</summary>
    public static string Of(MemberKey key) => key.Kind switch
    {
        KeyKind.Phone => Middle(key.Value, Math.Max(0, key.Value.Length - 6), 3),
        KeyKind.Email => key.Value[..1] + Stars(3) + key.Value[key.Value.LastIndexOf('@')..],
        KeyKind.Foreign => key.Value[..(key.Value.IndexOf(':', StringComparison.Ordinal) + 1)] + Tail(key.Value[(key.Value.IndexOf(':', StringComparison.Ordinal) + 1)..]),
        _ => Tail(key.Value),
    };

    /// <summary>王小明 → 王*明, 王明 → 王*, Anna Lee → A*** L***.</summary>
    public static string OfName(string name)
    {
        if (name.Any(char.IsWhiteSpace) || name.All(char.IsAscii))
            return string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(part => First(part) + Stars(3)));
        var letters = System.Globalization.StringInfo.GetTextElementEnumerator(name);
        List<string> elements = [];
        while (letters.MoveNext()) elements.Add(letters.GetTextElement());
        return elements.Count <= 2 ? elements[0] + Hidden : elements[0] + Stars(elements.Count - 2) + elements[^1];
    }

    private static string First(string part) => System.Globalization.StringInfo.GetNextTextElement(part);

    private static string Middle(string text, int from, int count) => text[..from] + Stars(Math.Min(count, text.Length - from)) + text[Math.Min(text.Length, from + count)..];

    /// <summary>The last three, if that leaves more hidden than shown.</summary>
    private static string Tail(string text) => Stars(3) + (text.Length > 6 ? text[^3..] : "");

    private static string Stars(int count) => new(Hidden, count);
}
