using System.Collections.Concurrent;
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

    /// <summary>Rows of a theory: each path in each language; a check goes through the widths.</summary>
    public static TheoryData<string, string> Every(params string[] paths)
    {
        var rows = new TheoryData<string, string>();
        foreach (var path in paths)
            foreach (var language in Language.All)
                rows.Add(path, language.Code);
        return rows;
    }

    /// <summary>Windows that are open and have nothing to do: a new one for every page takes longer than the checks.</summary>
    private static readonly ConcurrentDictionary<Uri, OpenedPage> Windows = new();
    private static readonly bool Unwatched = Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Loads the page on the narrowest and makes the window wider and narrow again, as a tablet that is turned does: nothing is loaded anew.</summary>
    public static async Task CheckAsync(Chromium chromium, Uri host, string path, string language, int status = 200, string? person = "hq", string? picture = null)
    {
        if (!Windows.TryRemove(host, out var opened)) opened = await OpenedPage.EmptyAsync(chromium, host, Widths[0]);
        await opened.BecomeAsync(Language.Find(language)!, person);
        await opened.GoAsync(path);
        await opened.Page.EvaluateAsync(Axe.Value);
        var findings = new List<string>();
        if (opened.Status != status) findings.Add($"{path} in {language}: the status is {opened.Status}, not {status}");
        foreach (var width in Widths)
        {
            if (width != Widths[0]) await opened.ResizeAsync(width);
            var found = (await FindingsAsync(opened, language)).Select(finding => $"{path} in {language} on {width}: {finding}").ToList();
            findings.AddRange(found);
            // Where nobody looks, a picture is for whoever reads of the fault.
            if (!Unwatched || found.Count > 0) await TakePictureAsync(opened.Page, picture ?? (person is "hq" ? path : $"{person ?? "nobody"}-{path}"), language, width);
        }
        await opened.ResizeAsync(Widths[0]);
        findings.AddRange((await TooWideAsync(opened.Page)).Concat(opened.TakeComplaints()).Select(finding => $"{path} in {language} on {Widths[0]} again: {finding}"));
        if (!Windows.TryAdd(host, opened)) await opened.DisposeAsync();
        // Assert.Empty cuts each finding off after a few words.
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    private static async Task<IEnumerable<string>> FindingsAsync(OpenedPage opened, string language)
    {
        var said = await opened.Page.EvaluateAsync<string>("document.documentElement.lang");
        string[] other = said == language ? [] : [$"the page says that its language is {said}"];
        return [.. other, .. await TooWideAsync(opened.Page), .. await StrayWordsAsync(opened.Page, language), .. await InaccessibleAsync(opened.Page), .. opened.TakeComplaints()];
    }

    // Something wide is fine inside a box that scrolls; the page itself must not.
    private static Task<string[]> TooWideAsync(IPage page) => page.EvaluateAsync<string[]>("""
            () => document.scrollingElement.scrollWidth <= innerWidth ? [] :
              [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
                .map(e => `${e.tagName} ${e.className}`).slice(0, 8).concat('the page scrolls sideways')
            """);

    private static async Task<IEnumerable<string>> StrayWordsAsync(IPage page, string language)
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
        if (words.Length == 0) return ["there are no words"];
        var key = LanguageKey();
        return words.Where(word => key.IsMatch(word) || (language == Language.English.Code && Han().IsMatch(word))).Select(word => $"stray: {word}");
    }

    // Evaluated by the browser itself and not loaded by the page, so the content security policy stays as it is.
    private static Task<string[]> InaccessibleAsync(IPage page) => page.EvaluateAsync<string[]>("""
            () => axe.run(document, { resultTypes: ['violations'] }).then(result => result.violations
              .filter(rule => ['serious', 'critical'].includes(rule.impact))
              .map(rule => `${rule.id}: ${rule.help}: ${rule.nodes.slice(0, 3).map(node => node.html + ' ' + node.any.map(a => a.message).join(' ')).join(' | ')}`))
            """);

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
