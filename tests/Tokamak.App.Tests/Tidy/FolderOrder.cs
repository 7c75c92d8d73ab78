using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Tokamak.App.Tests.Tidy;

/// <summary>
/// The dependency rule (design.md): arrows run App → Core → BCL, and inside a project a feature names only features to
/// its left. A new folder takes its place in these lists in the commit that adds it.
/// </summary>
public static partial class FolderOrder
{
    private static readonly string[] Core =
        ["Kernel", "Ledger", "Members", "Stock", "Points", "Tiers", "Coupons", "Promotions", "Orders", "Referral", "Insight"];

    /// <summary>
    /// Brands (names, zones, fact lines), Cli (what verbs share) and Web (what pages share) and Data serve every feature;
    /// Access says who may see what;
    /// then the features of Core in its order; Books are what Referral derived, kept; Members, who are the whole picture of
    /// what the others know about a person, come after them, and Clerks, what stores and clerks work with; Intake and Integrations bring facts
    /// from outside; Serving puts it all under one address; Demo may use all.
    /// </summary>
    private static readonly string[] App =
    [
        "Brands", "Cli", "Web", "Data", "Access", "Stock", "Points", "Tiers", "Coupons", "Promotions", "Orders", "Referral", "Books",
        "Insight", "Members", "Clerks", "Intake", "Integrations", "Serving", "Demo",
    ];

    /// <summary>Where the parts are put together, and so everything is named: one line a feature.</summary>
    private static readonly string[] Assembly =
        ["src/Tokamak.App/Program.cs", "src/Tokamak.App/Cli/Verbs.cs", "src/Tokamak.App/Web/WebHost.cs", "src/Tokamak.App/_Imports.razor"];

    public static IEnumerable<Finding> Check(SourceFile file)
    {
        if (file.Parts is not ["src", "Tokamak.Core" or "Tokamak.App", _, ..] || !file.Is(".cs", ".razor") || Assembly.Contains(file.Path)) yield break;
        var inCore = file.Parts[1] == "Tokamak.Core";
        var order = inCore ? Core : App;
        var feature = file.Parts[2];
        var own = Array.IndexOf(order, feature);
        if (file.Parts.Length == 3 || own < 0)
        {
            yield return new Finding(file.Path, 0, $"put it into a feature folder that stands in the order of {nameof(FolderOrder)} (a new folder: give it its place there).");
            yield break;
        }
        foreach (var (number, line) in file.Lines)
            foreach (Match name in Named().Matches(Comment().Replace(line, "")))
            {
                var (project, other) = (name.Groups["project"].Value, name.Groups["feature"].Value);
                if (inCore && project == "App")
                    yield return new Finding(file.Path, number, "Core must not name App: move what it needs into Core, or pass it in.");
                else if (inCore == (project == "Core") && Array.IndexOf(order, other) > own)
                    yield return new Finding(file.Path, number, $"{feature} must not name {other}, which stands to its right: turn the arrow round, or move what both need to the left.");
            }
    }

    /// <summary>The namespace of a file says its folder.</summary>
    public static IEnumerable<Finding> CheckNamespace(SourceFile file)
    {
        if (file.Parts is not ["src" or "tests" or "bench", var project, _, ..] || !file.Is(".cs")) yield break;
        var expected = string.Join('.', [project, .. file.Parts[2..^1]]);
        foreach (var (number, line) in file.Lines)
            if (Namespace().Match(line) is { Success: true } match && match.Groups["name"].Value != expected)
                yield return new Finding(file.Path, number, $"the folder says namespace {expected}: rename the one or move the other.");
    }

    /// <summary>Core uses the BCL and itself; packages that only analyse may help to build it.</summary>
    public static IEnumerable<Finding> CheckCoreProject(SourceFile file)
    {
        if (file.Path.StartsWith("src/Tokamak.Core/", StringComparison.Ordinal) && file.Is(".cs"))
        {
            foreach (var (number, line) in file.Lines)
                if (Using().Match(line) is { Success: true } match && match.Groups["root"].Value is not ("System" or "Tokamak"))
                    yield return new Finding(file.Path, number, "Core names nothing but the BCL: do this in App and pass the result in.");
        }
        if (file.Path != "src/Tokamak.Core/Tokamak.Core.csproj") yield break;
        foreach (var reference in XDocument.Parse(file.Text).Descendants().Where(e => e.Name.LocalName.EndsWith("Reference", StringComparison.Ordinal)))
            if ((string?)reference.Attribute("PrivateAssets") != "all")
                yield return new Finding(file.Path, 0, $"Core references nothing but the BCL: drop {(string?)reference.Attribute("Include")}.");
    }

    [GeneratedRegex(@"(?<![\w.])(Tokamak\.)?(?<project>Core|App)\.(?<feature>[A-Z]\w*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Named();

    [GeneratedRegex(@"//.*$|@\*.*\*@", RegexOptions.None, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^(global )?using (static )?(\w+ = )?(?<root>\w+)[.;\w]*;", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Using();
}
