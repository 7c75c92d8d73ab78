using System.Buffers;
using System.Text;

namespace Tokamak.App.Promotions.Offering;

/// <summary>Lists of names in one field: apart by commas of either script or by lines; a name that holds one stands between quotation marks.</summary>
public static class TypedNames
{
    private const char Quote = '"';
    private static readonly SearchValues<char> Apart = SearchValues.Create(",、，;；\r\n");

    public static IReadOnlyList<string> Read(string? typed)
    {
        var names = new List<string>();
        var text = typed ?? "";
        for (var at = 0; at < text.Length;)
        {
            if (Apart.Contains(text[at]) || char.IsWhiteSpace(text[at])) at++;
            else names.Add(text[at] == Quote && Quoted(text, ref at) is { } name ? name : Plain(text, ref at));
        }
        return names;
    }

    public static string Write(IEnumerable<string> names) => string.Join(", ", names.Select(Written));

    private static string Written(string name) =>
        name.AsSpan().ContainsAny(Apart) || name.Length == 0 || name[0] == Quote || name != name.Trim() ? $"{Quote}{name.Replace("\"", "\"\"", StringComparison.Ordinal)}{Quote}" : name;

    private static string Plain(string text, ref int at)
    {
        var length = text.AsSpan(at).IndexOfAny(Apart) is var found and >= 0 ? found : text.Length - at;
        var name = text.Substring(at, length).TrimEnd();
        at += length;
        return name;
    }

    /// <summary>Null for a mark that nothing closes: it is a letter like others.</summary>
    private static string? Quoted(string text, ref int at)
    {
        var name = new StringBuilder();
        for (var i = at + 1; i < text.Length; i++)
        {
            if (text[i] != Quote) name.Append(text[i]);
            else if (i + 1 < text.Length && text[i + 1] == Quote) name.Append(text[i++]);
            else
            {
                at = i + 1;
                return name.ToString();
            }
        }
        return null;
    }
}
