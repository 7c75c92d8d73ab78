using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tokamak.App.Intake.People;
using Tokamak.Core.Kernel;
using Xunit;

namespace Tokamak.App.Tests.Intake.People;

public sealed class MemberShapeTests
{
    private static readonly JsonElement SchemaText = Json(File.ReadAllText(Repository.Path("docs", "schemas", "member-mapping.schema.json")));

    /// <summary>One with every field, and the sample of a real brand.</summary>
    private static readonly string[] Samples = [MemberFiles.Mapping, File.ReadAllText(SharedData.Sample("adventureworks", "members.json"))];

    [Fact]
    public void The_schema_knows_exactly_the_fields_that_the_reader_knows()
    {
        var definitions = SchemaText.GetProperty("$defs");
        Assert.Equal(MemberShape.Objects.Select(shape => shape.Name).Order(), definitions.EnumerateObject().Select(d => d.Name).Order());
        Assert.All(MemberShape.Objects, shape =>
        {
            var definition = definitions.GetProperty(shape.Name);
            if (!definition.TryGetProperty("properties", out _)) definition = definition.GetProperty("oneOf")[1];
            Assert.Equal(shape.All.Order(), definition.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order());
            var required = definition.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(n => n.GetString()!) : [];
            Assert.Equal(shape.Required.Order(), required.Order());
            Assert.False(definition.GetProperty("additionalProperties").GetBoolean());
        });
    }

    [Fact]
    public void What_both_mappings_share_is_said_in_the_same_words()
    {
        var ofFacts = Json(File.ReadAllText(Repository.Path("docs", "schemas", "import-mapping.schema.json"))).GetProperty("$defs");
        var shared = SchemaText.GetProperty("$defs").EnumerateObject().Where(definition => ofFacts.TryGetProperty(definition.Name, out _)).ToList();
        Assert.Equal(["condition", "join", "keyed", "moment", "source", "value"], shared.Select(definition => definition.Name).Order());
        Assert.All(shared, definition => Assert.True(JsonElement.DeepEquals(ofFacts.GetProperty(definition.Name), definition.Value), definition.Name));
    }

    [Fact]
    public void The_samples_satisfy_the_schema_and_the_reader() => Assert.All(Samples, sample =>
    {
        Assert.True(new JsonSchema(SchemaText).Accepts(Json(sample)));
        Assert.NotNull(MemberFiles.Read(sample));
    });

    [Fact]
    public void What_the_schema_refuses_the_reader_refuses_and_no_mutation_makes_it_crash()
    {
        var schema = new JsonSchema(SchemaText);
        var random = new Random(20261122);
        int read = 0, refused = 0;
        for (var i = 0; i < 6000; i++)
        {
            var mapping = JsonNode.Parse(Samples[i % 2])!;
            for (var change = random.Next(1, 3); change > 0; change--) MappingMutation.Apply(mapping, random);
            var text = mapping.ToJsonString();
            var faults = new List<Fault>();

            var accepted = MemberMappingReader.Read(Encoding.UTF8.GetBytes(text), faults) is not null;

            Assert.Equal(accepted, faults.Count == 0);
            Assert.All(faults, fault => Assert.StartsWith("$", fault.Path, StringComparison.Ordinal));
            if (accepted) Assert.True(schema.Accepts(Json(text)), text);
            if (accepted) read++; else refused++;
        }
        Assert.True(read > 100 && refused > 1000, $"{read} read, {refused} refused");
    }

    [Fact]
    public void Broken_bytes_are_refused_and_never_crash_the_reader()
    {
        var bytes = Encoding.UTF8.GetBytes(MemberFiles.Mapping);
        var random = new Random(7);
        for (var i = 0; i < 3000; i++)
        {
            var broken = bytes.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--) broken[random.Next(broken.Length)] = (byte)random.Next(256);
            var faults = new List<Fault>();
            Assert.Equal(MemberMappingReader.Read(broken.AsMemory(0, random.Next(2) == 0 ? broken.Length : random.Next(broken.Length)), faults) is null, faults.Count > 0);
        }
    }

    [Theory]
    [InlineData("\"kind\": \"foreign\", \"system\": \"crm\"", "\"kind\": \"foreign\"", "must name the system")]
    [InlineData("\"kind\": \"card\"", "\"kind\": \"card\", \"system\": \"crm\"", "belongs to foreign")]
    [InlineData("\"region\": \"TW\"", "\"region\": \"tw\"", "two capital letters")]
    [InlineData("\"purpose\": \"marketing\"", "\"purpose\": \"all we like\"", "letters, digits")]
    [InlineData("\"id\": \"no\",", "", "\"proved\": { \"const\": \"yes\" }")]
    [InlineData("{ \"const\": \"yes\" }", "{ \"const\": \"maybe\" }", "can only be no or yes")]
    public void A_fault_of_form_says_what_to_write_instead(string right, string wrong, string says)
    {
        Assert.Contains(right, MemberFiles.Mapping, StringComparison.Ordinal);
        var faults = new List<Fault>();
        Assert.Null(MemberMappingReader.Read(Encoding.UTF8.GetBytes(MemberFiles.Mapping.Replace(right, wrong, StringComparison.Ordinal)), faults));
        Assert.Contains(faults, fault => fault.Message.Contains(says, StringComparison.Ordinal));
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
