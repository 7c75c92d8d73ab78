using System.Collections.Frozen;
using System.Text.Json;

namespace Tokamak.App.Web;

/// <summary>
/// The words of the pages in one language, from <c>Texts/*.json</c>. A key without text is a bug and throws;
/// the tests hold both files to the same keys.
/// </summary>
public sealed class Texts
{
    private static readonly FrozenDictionary<Language, Texts> Loaded =
        Language.All.ToFrozenDictionary(language => language, language => new Texts(language, Read(language)));

    private readonly IReadOnlyDictionary<string, string> _byKey;

    private Texts(Language language, IReadOnlyDictionary<string, string> byKey) => (Language, _byKey) = (language, byKey);

    public Language Language { get; }

    public static Texts In(Language language) => Loaded[language];

    public string this[string key] =>
        _byKey.TryGetValue(key, out var text) ? text : throw new KeyNotFoundException($"No text '{key}' in {Language.Code}.json.");

    /// <summary>The text with <c>{0}</c>, <c>{1}</c>… replaced by arguments already written by <see cref="Show"/>.</summary>
    public string this[string key, params string[] arguments] => string.Format(null, this[key], [.. arguments]);

    public static IReadOnlyDictionary<string, string> Read(Language language)
    {
        using var file = typeof(Texts).Assembly.GetManifestResourceStream($"Texts.{language.Code}.json")
            ?? throw new InvalidOperationException($"The texts in {language.Code} are not in the build.");
        return JsonSerializer.Deserialize<Dictionary<string, string>>(file, Strict)!.ToFrozenDictionary();
    }

    private static readonly JsonSerializerOptions Strict = new() { AllowDuplicateProperties = false };
}
