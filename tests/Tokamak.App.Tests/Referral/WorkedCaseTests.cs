using System.Text.RegularExpressions;
using Xunit;

namespace Tokamak.App.Tests.Referral;

/// <summary>The rules by example: every folder of worked cases comes out as its files say.</summary>
public sealed partial class WorkedCaseTests
{
    public static TheoryData<string> OurOwn => [.. CaseFolder.NamesIn(CaseFolder.OurOwn)];

    public static TheoryData<string> Shared => CaseFolder.NamesIn(CaseFolder.Shared).ToArray() is { Length: > 0 } names ? [.. names] : ["absent"];

    [Theory]
    [MemberData(nameof(OurOwn))]
    public void Every_case_comes_out_byte_for_byte(string name) => new CaseFolder(Path.Combine(CaseFolder.OurOwn, name)).ComesOutByteForByte();

    [Theory]
    [MemberData(nameof(Shared))]
    public void Every_shared_case_comes_out_byte_for_byte(string name)
    {
        if (!Directory.Exists(CaseFolder.Shared)) Assert.Skip("The shared cases are not here.");
        new CaseFolder(Path.Combine(CaseFolder.Shared, name)).ComesOutByteForByte();
    }

    [Fact]
    public void Every_rule_has_a_case_and_every_case_says_what_it_shows()
    {
        var names = CaseFolder.NamesIn(CaseFolder.OurOwn).ToList();
        for (var rule = 1; rule <= 16; rule++) Assert.Contains(names, name => name.Contains($"-r{rule}-", StringComparison.Ordinal));
        Assert.All(names, name => Assert.Matches(
            $"^# {Regex.Escape(name)}\n\n[^\n]{{30,}}\\.\n$", File.ReadAllText(Path.Combine(CaseFolder.OurOwn, name, "README.md"))));
        Assert.All(names, name => Assert.Matches(NumberAndName(), name));
    }

    [GeneratedRegex("^[0-9]{2}(-[a-z0-9]+)+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NumberAndName();
}
