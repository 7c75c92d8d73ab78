using System.Text.Json;
using System.Text.Json.Nodes;
using Tokamak.App.Intake;
using Tokamak.Core.Kernel;
using Xunit;

namespace Tokamak.App.Tests.Intake;

public sealed class MappingShapeTests
{
    private static readonly JsonElement SchemaText =
        JsonDocument.Parse(File.ReadAllText(Repository.Path("docs", "schemas", "import-mapping.schema.json"))).RootElement;

    private static readonly string[] Samples = ["adventureworks", "oracle_co"];

    [Fact]
    public void The_schema_knows_exactly_the_fields_that_the_reader_knows()
    {
        var definitions = SchemaText.GetProperty("$defs");
        Assert.Equal(MappingShape.Objects.Select(shape => shape.Name).Order(), definitions.EnumerateObject().Select(d => d.Name).Order());
        Assert.All(MappingShape.Objects, shape =>
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
    public void The_sample_mappings_satisfy_the_schema_and_the_reader() => Assert.All(Samples, sample =>
    {
        var text = File.ReadAllText(SharedData.Sample(sample, "mapping.json"));
        Assert.True(new JsonSchema(SchemaText).Accepts(JsonDocument.Parse(text).RootElement));
        BrandFolder.Read(text);
    });

    [Fact]
    public void What_the_schema_refuses_the_reader_refuses_and_no_mutation_makes_it_crash()
    {
        var schema = new JsonSchema(SchemaText);
        var random = new Random(20260105);
        int read = 0, refused = 0;
        for (var i = 0; i < 6000; i++)
        {
            var mapping = JsonNode.Parse(File.ReadAllText(SharedData.Sample(Samples[i % 2], "mapping.json")))!;
            for (var change = random.Next(1, 3); change > 0; change--) MappingMutation.Apply(mapping, random);
            var text = mapping.ToJsonString();
            var faults = new List<Fault>();

            var accepted = MappingReader.Read(System.Text.Encoding.UTF8.GetBytes(text), faults) is not null;

            Assert.Equal(accepted, faults.Count == 0);
            Assert.All(faults, fault => Assert.StartsWith("$", fault.Path, StringComparison.Ordinal));
            if (accepted) Assert.True(schema.Accepts(JsonDocument.Parse(text).RootElement), text);
            if (accepted) read++; else refused++;
        }
        Assert.True(read > 100 && refused > 1000, $"{read} read, {refused} refused");
    }

    [Fact]
    public void Broken_bytes_are_refused_and_never_crash_the_reader()
    {
        var bytes = File.ReadAllBytes(SharedData.Sample("oracle_co", "mapping.json"));
        var random = new Random(7);
        for (var i = 0; i < 3000; i++)
        {
            var broken = bytes.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--) broken[random.Next(broken.Length)] = (byte)random.Next(256);
            var faults = new List<Fault>();
            Assert.Equal(MappingReader.Read(broken.AsMemory(0, random.Next(2) == 0 ? broken.Length : random.Next(broken.Length)), faults) is null, faults.Count > 0);
        }
    }
}
