using System.Text.RegularExpressions;
using Tokamak.App.Web;

namespace Tokamak.App.Tests.Web;

public sealed partial class TextsTests
{
    private static readonly IReadOnlyDictionary<string, string> Chinese = Texts.Read(Language.Chinese);
    private static readonly IReadOnlyDictionary<string, string> English = Texts.Read(Language.English);

    private static readonly string Sources = string.Join('\n',
        from pattern in new[] { "*.razor", "*.cs" }
        from file in Directory.EnumerateFiles(Repository.Path("src", "Tokamak.App"), pattern, SearchOption.AllDirectories)
        where !Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj", "node_modules"]).Any()
        select File.ReadAllText(file));

    [Fact]
    public void Every_key_has_a_text_in_both_languages() => Assert.Equal(Chinese.Keys.Order(), English.Keys.Order());

    [Fact]
    public void No_text_is_empty() => Assert.DoesNotContain(Chinese.Concat(English), entry => string.IsNullOrWhiteSpace(entry.Value));

    [Fact]
    public void Both_languages_take_the_same_arguments() =>
        Assert.All(Chinese, entry => Assert.Equal(Arguments(entry.Value), Arguments(English[entry.Key])));

    [Fact]
    public void English_texts_hold_no_Chinese() => Assert.DoesNotContain(English, entry => Han().IsMatch(entry.Value));

    [Fact]
    public void Every_text_that_a_page_asks_for_exists()
    {
        var asked = AskedFor().Matches(Sources).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.NotEmpty(asked);
        Assert.Empty(asked.Except(Chinese.Keys));
    }

    [Fact]
    public void A_page_asks_for_texts_by_keys_that_can_be_searched_for() =>
        Assert.Empty(AskedForByVariable().Matches(Sources).Select(match => match.Value));

    [Fact]
    public void Every_text_is_used() => Assert.DoesNotContain(Chinese.Keys, key => !Sources.Contains($"[\"{key}\"", StringComparison.Ordinal));

    [Fact]
    public void A_missing_text_is_a_bug_and_not_an_empty_place() =>
        Assert.Throws<KeyNotFoundException>(() => Texts.In(Language.English)["no.such.key"]);

    [Fact]
    public void Arguments_stand_where_the_language_wants_them() =>
        Assert.Equal("Page 2 of 1,000", Texts.In(Language.English)["pager.position", "2", "1,000"]);

    private static IEnumerable<string> Arguments(string text) => Argument().Matches(text).Select(match => match.Value).Distinct().Order();

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Argument();

    [GeneratedRegex(@"[\u3400-\u9fff\uf900-\ufaff\u3000-\u303f\uff00-\uffef]")]
    private static partial Regex Han();

    [GeneratedRegex("""\b[Tt]\["([^"]+)"[\],]""")]
    private static partial Regex AskedFor();

    [GeneratedRegex("""\bT\[[^"\]]+""")]
    private static partial Regex AskedForByVariable();
}
