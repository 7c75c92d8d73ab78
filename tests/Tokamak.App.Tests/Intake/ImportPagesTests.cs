using System.Text;
using System.Text.RegularExpressions;
using Tokamak.App.Cli;
using Tokamak.App.Intake;
using Tokamak.App.Intake.People;
using Tokamak.App.Tests.Intake.People;
using Xunit;

namespace Tokamak.App.Tests.Intake;

/// <summary>The worked example of docs/import.md, run.</summary>
public sealed partial class ImportPagesTests
{
    [Theory]
    [InlineData("import.md")]
    [InlineData("import.zh-TW.md")]
    public void The_worked_example_gives_what_the_page_says(string page)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var blocks = Block().Matches(File.ReadAllText(Repository.Path("docs", page))).ToDictionary(block => block.Groups["file"].Value, block => block.Groups["text"].Value);
        using var folder = new BrandFolder()
            .Write("pos.csv", Encoding.GetEncoding("big5").GetBytes(blocks["pos.csv"]))
            .Write("shop.jsonl", blocks["shop.jsonl"]).Write("mapping.json", blocks["mapping.json"])
            .Write("key", "a key for this page only, not for use");
        var errors = new StringWriter();

        var code = ImportCommand.Run(
            new ImportPaths(folder.In("mapping.json"), folder.Path, folder.In("facts.jsonl"), folder.In("rejects.csv"), folder.In("names.json"), folder.In("key")),
            dryRun: false, TextWriter.Null, errors);

        Assert.Equal((ExitCodes.Done, ""), (code, errors.ToString()));
        Assert.Equal(blocks["facts.jsonl"], File.ReadAllText(folder.In("facts.jsonl")));
        Assert.Equal(blocks["rejects.csv"], File.ReadAllText(folder.In("rejects.csv")));
    }

    [Theory]
    [InlineData("import.md")]
    [InlineData("import.zh-TW.md")]
    public void The_mapping_of_members_on_the_page_is_one(string page)
    {
        var blocks = Block().Matches(File.ReadAllText(Repository.Path("docs", page)));
        Assert.Equal(3, MemberFiles.Read(blocks.Single(block => block.Groups["file"].Value == "members.json").Groups["text"].Value).Rules.Single().Keys.Count);
    }

    [Fact]
    public void Both_pages_name_every_field_of_the_mapping()
    {
        var fields = MappingShape.Objects.Concat(MemberShape.Objects).SelectMany(shape => shape.All).Where(field => field != "$schema").Distinct();
        foreach (var page in (string[])["import.md", "import.zh-TW.md"])
        {
            var text = File.ReadAllText(Repository.Path("docs", page));
            Assert.All(fields, field => Assert.True(text.Contains($"`{field}`", StringComparison.Ordinal) || text.Contains($"\"{field}\"", StringComparison.Ordinal), $"{page} does not name {field}"));
        }
    }

    [GeneratedRegex("```[a-z]+ (?<file>[a-z.]+)\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Block();
}
