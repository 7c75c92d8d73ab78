using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Tokamak.App.Tests.Tidy;

/// <summary>Every version pinned exactly, and in one place: the same packages today and in a year.</summary>
public static partial class PackageVersions
{
    private const string Central = "Directory.Packages.props";

    public static IEnumerable<Finding> Check(SourceFile file) =>
        file.Is(".csproj", ".props", ".targets") ? CheckBuild(file)
        : file.Parts[^1] == "package.json" ? CheckNpm(file)
        : [];

    private static IEnumerable<Finding> CheckBuild(SourceFile file)
    {
        foreach (var element in XDocument.Parse(file.Text, LoadOptions.SetLineInfo).Descendants())
        {
            var line = ((IXmlLineInfo)element).LineNumber;
            var package = (string?)element.Attribute("Include") ?? (string?)element.Attribute("Update");
            var version = (string?)element.Attribute("Version") ?? (string?)element.Element("Version");
            switch (element.Name.LocalName)
            {
                case "PackageReference" or "GlobalPackageReference" when version is not null || element.Attribute("VersionOverride") is not null:
                    yield return new Finding(file.Path, line, $"{package}: its version belongs into {Central}.");
                    break;
                case "PackageVersion" when file.Path != Central:
                    yield return new Finding(file.Path, line, $"{package}: versions stand in {Central} only.");
                    break;
                case "PackageVersion" when version is null || !Exact().IsMatch(version):
                    yield return new Finding(file.Path, line, $"{package} {version}: pin one exact version, neither floating nor a range.");
                    break;
            }
        }
    }

    private static IEnumerable<Finding> CheckNpm(SourceFile file)
    {
        using var json = JsonDocument.Parse(file.Text);
        foreach (var list in new[] { "dependencies", "devDependencies", "optionalDependencies", "overrides" })
        {
            if (!json.RootElement.TryGetProperty(list, out var packages)) continue;
            foreach (var package in packages.EnumerateObject())
                if (package.Value.ValueKind == JsonValueKind.String && !Exact().IsMatch(package.Value.GetString()!))
                    yield return new Finding(file.Path, 0, $"{package.Name} {package.Value}: pin one exact version, neither ^ nor ~.");
        }
    }

    [GeneratedRegex(@"^\d+\.\d+\.\d+(\.\d+)?(-[\w.]+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Exact();
}
