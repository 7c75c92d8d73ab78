using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Tokamak.App.Web;

namespace Tokamak.App.Tests.Browser;

/// <summary>What holds for every page, in both languages, on a phone, a tablet and a desk.</summary>
internal static partial class PageChecks
{
    public static readonly int[] Widths = [390, 820, 1440];

    private static readonly Lazy<string> Axe = new(() =>
    {
        var path = Repository.Path("src", "Tokamak.App", "node_modules", "axe-core", "axe.min.js");
        return File.Exists(path) ? File.ReadAllText(path) : throw new FileNotFoundException("axe-core comes with the build of Tokamak.App (npm ci).", path);
    });

    /// <summary>Rows of a theory: each path in each language and width.</summary>
    public static TheoryData<string, string, int> Every(params string[] paths)
    {
        var rows = new TheoryData<string, string, int>();
        foreach (var path in paths)
            foreach (var language in Language.All)
                foreach (var width in Widths)
                    rows.Add(path, language.Code, width);
        return rows;
    }

    public static async Task CheckAsync(Chromium chromium, Uri host, string path, string language, int width, int status = 200, string? person = "hq", string? picture = null)
    {
        await using var opened = await OpenedPage.OpenAsync(chromium, host, path, Language.Find(language)!, width, person: person);
        await TakePictureAsync(opened.Page, picture ?? (person is "hq" ? path : $"{person ?? "nobody"}-{path}"), language, width);

        Assert.Equal(status, opened.Status);
        AssertNone(opened.Complaints);
        Assert.Equal(language, await opened.Page.EvaluateAsync<string>("document.documentElement.lang"));
        await AssertFitsAsync(opened.Page);
        await AssertWordsAsync(opened.Page, language);
        await AssertAccessibleAsync(opened.Page);
    }

    private static async Task AssertFitsAsync(IPage page)
    {
        // Something wide is fine inside a box that scrolls; the page itself must not.
        var tooWide = await page.EvaluateAsync<string[]>("""
            () => document.scrollingElement.scrollWidth <= innerWidth ? [] :
              [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
                .map(e => `${e.tagName} ${e.className}`).slice(0, 8).concat('the page scrolls sideways')
            """);
        AssertNone(tooWide);
    }

    private static async Task AssertWordsAsync(IPage page, string language)
    {
        var words = await page.EvaluateAsync<string[]>("""
            () => {
              const own = '[data-data], [lang="zh-TW"]:not(html)';
              const words = [];
              const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (walker.nextNode()) {
                const parent = walker.currentNode.parentElement;
                if (!parent.closest(own) && !parent.closest('script, style')) words.push(walker.currentNode.textContent.trim());
              }
              for (const e of document.body.querySelectorAll('[aria-label], [title], [alt], [placeholder]'))
                if (!e.closest(own)) words.push(...['aria-label', 'title', 'alt', 'placeholder'].map(name => e.getAttribute(name) ?? ''));
              return words.filter(word => word !== '');
            }
            """);
        Assert.NotEmpty(words);
        Assert.DoesNotContain(words, LanguageKey().IsMatch);
        if (language == Language.English.Code) Assert.DoesNotContain(words, Han().IsMatch);
    }

    private static async Task AssertAccessibleAsync(IPage page)
    {
        // Evaluated by the browser itself and not loaded by the page, so the content security policy stays as it is.
        await page.EvaluateAsync(Axe.Value);
        var findings = await page.EvaluateAsync<string[]>("""
            () => axe.run(document, { resultTypes: ['violations'] }).then(result => result.violations
              .filter(rule => ['serious', 'critical'].includes(rule.impact))
              .map(rule => `${rule.id}: ${rule.help}: ${rule.nodes.slice(0, 3).map(node => node.html + ' ' + node.any.map(a => a.message).join(' ')).join(' | ')}`))
            """);
        AssertNone(findings);
    }

    // Assert.Empty cuts each finding off after a few words.
    private static void AssertNone(IReadOnlyCollection<string> findings) => Assert.True(findings.Count == 0, string.Join('\n', findings));

    private static async Task TakePictureAsync(IPage page, string path, string language, int width)
    {
        var name = NotInNames().Replace(path.Trim('/'), "-");
        await page.ScreenshotAsync(new PageScreenshotOptions
        {
            FullPage = true, Path = Repository.Path("artifacts", "pages", $"{(name.Length == 0 ? "home" : name)}.{language}.{width}.png"),
        });
    }

    private static readonly string Sections = string.Join('|', Texts.Read(Language.Chinese).Keys.Select(key => key.Split('.')[0]).Distinct());

    private static Regex LanguageKey() => new($@"\b({Sections})\.[a-z][a-z.]*\b", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"[\u3400-\u9fff\uf900-\ufaff]")]
    private static partial Regex Han();

    [GeneratedRegex("[^a-zA-Z0-9]+")]
    private static partial Regex NotInNames();
}
