using Xunit;

namespace Tokamak.App.Tests.Intake;

public sealed class JsonRowsTests
{
    private const string Shop = """
        { "mapping": 1, "brand": "Test", "timezone": "Asia/Taipei", "money": { "currency": "TWD", "scale": 100 },
          "sources": { "orders": { "file": "orders.jsonl", "format": "jsonl", "each": "items" } },
          "facts": [ { "type": "sale", "source": "orders", "id": { "template": "W{no}" }, "at": "created", "channel": { "const": "online" },
            "member": "customer.id",
            "lines": { "line": "items.no", "category": "items.kind", "quantity": "items.qty", "net": "items.total", "fulfil": { "const": "ship" } } } ] }
        """;

    [Fact]
    public void Nested_fields_and_each_element_of_a_list_become_rows()
    {
        using var folder = new BrandFolder().Write("orders.jsonl",
            "{\"no\":7,\"created\":\"2026-01-05T12:00:00+08:00\",\"customer\":{\"id\":\"M1\"},\"items\":[{\"no\":2,\"kind\":\"鞋\",\"qty\":1,\"total\":12.50},{\"no\":1,\"kind\":\"bag\",\"qty\":2,\"total\":\"3\"}]}\n"
            + "{\"no\":8,\"created\":\"2026-01-06T12:00:00+08:00\",\"items\":[{\"no\":1,\"kind\":\"bag\",\"qty\":2,\"total\":3}]}\n"
            + "{\"no\":9,\"created\":\"2026-01-06T12:00:00+08:00\",\"items\":[]}\n");

        var result = folder.Import(Shop);

        Assert.Equal(0, result.Rejects.Rows);
        Assert.Equal(
            """
            {"type":"sale","id":"W7","at":"2026-01-05T12:00:00+08:00","channel":"online","member":"M1","lines":[{"line":1,"category":"bag","quantity":2,"net":300,"fulfil":"ship"},{"line":2,"category":"鞋","quantity":1,"net":1250,"fulfil":"ship"}]}
            {"type":"sale","id":"W8","at":"2026-01-06T12:00:00+08:00","channel":"online","lines":[{"line":1,"category":"bag","quantity":2,"net":300,"fulfil":"ship"}]}

            """, BrandFolder.Lines(result));
    }

    [Fact]
    public void Lines_that_are_no_JSON_objects_are_rejected_and_the_rest_comes_in()
    {
        using var folder = new BrandFolder().Write("orders.jsonl",
            "{\"no\":1\n[1]\n{\"no\":1,\"no\":2}\n{\"no\":\"\\ud800\",\"items\":[{}]}\n{\"x\":\"" + new string('y', 2_000_000) + "\"}\n\n"
            + "{\"no\":8,\"created\":\"2026-01-06T12:00:00+08:00\",\"customer\":{\"id\":\"M1\"},\"items\":[{\"no\":1,\"kind\":\"bag\",\"qty\":2,\"total\":3}]}");

        var result = folder.Import(Shop);

        Assert.Equal("W8", Assert.Single(result.Facts).Id.Value);
        Assert.Equal([1, 2, 3, 4, 5], result.Rejects.InOrder().Select(r => r.Place.Line));
    }

    [Fact]
    public void A_field_that_no_line_has_is_a_fault_of_the_mapping()
    {
        using var folder = new BrandFolder().Write("orders.jsonl", "{\"no\":8,\"created\":\"2026-01-06T12:00:00+08:00\",\"items\":[{\"no\":1,\"kind\":\"bag\",\"qty\":2,\"total\":3}]}");
        Assert.Equal("$.facts[0].member", Assert.Single(folder.Refused(Shop)).Path);
    }
}
