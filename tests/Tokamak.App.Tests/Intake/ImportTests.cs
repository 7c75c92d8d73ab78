using System.Text;
using System.Text.Json.Nodes;
using Tokamak.App.Intake;
using Xunit;

namespace Tokamak.App.Tests.Intake;

public sealed class ImportTests
{
    /// <summary>Every fact type, joins, staff, maps and conditions at once.</summary>
    private const string Everything = """
        { "mapping": 1, "brand": "Test", "timezone": "Asia/Taipei", "money": { "currency": "TWD", "scale": 1 },
          "sources": { "items": { "file": "items.csv" }, "orders": { "file": "orders.csv" }, "clerks": { "file": "clerks.csv" } },
          "facts": [
            { "type": "staff", "source": "clerks", "id": { "template": "{event}-{clerk}" }, "at": "day", "staff": "clerk",
              "event": { "column": "event", "map": { "in": "joined", "out": "left" } }, "store": "shop", "code": { "template": "code-{clerk}" } },
            { "type": "sale", "source": "items", "joins": [ { "source": "orders", "as": "o", "on": { "order": "id" } } ],
              "where": [ { "column": "qty", "above": 0 }, { "column": "o.status", "notIn": ["void"] } ],
              "id": { "template": "O{order}" }, "at": "o.when",
              "channel": { "column": "o.shop", "map": { "": "online" }, "otherwise": { "const": "store" } }, "store": "o.shop", "member": "o.member", "staff": "o.clerk",
              "lines": { "line": "line", "category": { "const": "bag" }, "quantity": "qty", "net": { "column": "price", "times": "qty", "minus": ["off"] },
                "fulfil": { "column": "o.shop", "map": { "": "pickup" }, "otherwise": { "const": "taken" } } } },
            { "type": "handover", "source": "items", "joins": [ { "source": "orders", "as": "o", "on": { "order": "id" } } ],
              "where": [ { "column": "qty", "above": 0 }, { "column": "o.shop", "empty": true }, { "column": "o.status", "notIn": ["void"] } ], "id": { "template": "H{order}" }, "at": { "column": "o.when", "addDays": 1 },
              "sale": { "template": "O{order}" }, "store": { "const": "S9" }, "lines": { "line": "line", "quantity": "qty" } },
            { "type": "return", "source": "items", "joins": [ { "source": "orders", "as": "o", "on": { "order": "id" } } ],
              "where": [ { "column": "qty", "below": 0 } ], "id": { "template": "R{order}" }, "at": { "column": "o.when", "addDays": 2 },
              "sale": { "template": "O{order}" }, "lines": { "line": "line", "quantity": { "column": "qty", "negate": true } } } ],
          "names": { "stores": { "source": "clerks", "id": "shop", "name": { "template": "{shop} 店" } } } }
        """;

    private const string Clerks = "clerk,event,day,shop\nA,in,2026-01-01,S1\nB,in,2026-01-01,S2\nB,out,2026-02-01,\n";

    [Fact]
    public void The_same_rows_in_any_order_give_the_same_bytes()
    {
        var random = new Random(11);
        var orders = Enumerable.Range(1, 60).Select(i => $"{i},2026-01-{(i % 28) + 1:00} 10:00,{(i % 3 == 0 ? "" : "S1")},M{i % 7},{(i % 3 == 1 ? "A" : "")},{(i % 10 == 0 ? "void" : "ok")}").ToList();
        var items = Enumerable.Range(1, 60).SelectMany(i => Enumerable.Range(1, 3).Select(line => $"{i},{line},{line},{100 + i},{(line == 2 ? "5" : "")}")).ToList();
        items.AddRange(Enumerable.Range(1, 9).Select(i => $"{i},1,-1,100,"));
        items.Add("61,1,1,1,");
        items.Add("5,9,x,1,");
        string? first = null;
        for (var round = 0; round < 8; round++)
        {
            using var folder = new BrandFolder().Write("clerks.csv", Clerks)
                .Write("orders.csv", "id,when,shop,member,clerk,status\n" + string.Concat(orders.Select(row => row + "\n")))
                .Write("items.csv", "order,line,qty,price,off\n" + string.Concat(items.Select(row => row + "\n")));
            var result = folder.Import(Everything);
            var lines = BrandFolder.Lines(result);
            Assert.Equal(first ??= lines, lines);
            Assert.True(result.Rejects.Rows == 6, string.Join('\n', BrandFolder.Rejected(result)));
            (orders, items) = ([.. orders.OrderBy(_ => random.Next())], [.. items.OrderBy(_ => random.Next())]);
        }
        Assert.Contains("""{"type":"return","id":"R1","at":""", first, StringComparison.Ordinal);
        Assert.DoesNotContain("\"O5\"", first, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_imported_is_what_R1_accepts()
    {
        using var folder = new BrandFolder().Write("clerks.csv", Clerks)
            .Write("orders.csv", "id,when,shop,member,clerk,status\n1,2026-01-05 10:00,S1,M1,A,ok\n2,2026-01-06 10:00,,M1,,ok\n")
            .Write("items.csv", "order,line,qty,price,off\n1,1,2,500,100\n2,1,1,300,\n1,1,-1,,\n");

        Assert.Equal(
            """
            {"type":"staff","id":"in-A","at":"2026-01-01T00:00:00+08:00","staff":"A","event":"joined","store":"S1","code":"code-A"}
            {"type":"staff","id":"in-B","at":"2026-01-01T00:00:00+08:00","staff":"B","event":"joined","store":"S2","code":"code-B"}
            {"type":"sale","id":"O1","at":"2026-01-05T10:00:00+08:00","channel":"store","store":"S1","member":"M1","staff":"A","lines":[{"line":1,"category":"bag","quantity":2,"net":900,"fulfil":"taken"}]}
            {"type":"sale","id":"O2","at":"2026-01-06T10:00:00+08:00","channel":"online","member":"M1","lines":[{"line":1,"category":"bag","quantity":1,"net":300,"fulfil":"pickup"}]}
            {"type":"handover","id":"H2","at":"2026-01-07T10:00:00+08:00","sale":"O2","store":"S9","lines":[{"line":1,"quantity":1}]}
            {"type":"return","id":"R1","at":"2026-01-07T10:00:00+08:00","sale":"O1","lines":[{"line":1,"quantity":1}]}
            {"type":"staff","id":"out-B","at":"2026-02-01T00:00:00+08:00","staff":"B","event":"left"}

            """, BrandFolder.Lines(folder.Import(Everything)));
    }

    [Fact]
    public void What_other_facts_give_no_ground_for_is_rejected_and_all_that_hangs_on_it()
    {
        using var folder = new BrandFolder().Write("clerks.csv", Clerks + "C,out,2026-02-01,\n")
            .Write("orders.csv", "id,when,shop,member,clerk,status\n1,2026-01-05 10:00,S1,M1,A,ok\n2,2026-01-06 10:00,S1,M1,Z,ok\n3,2026-01-06 10:00,S1,M1,,void\n")
            .Write("items.csv", "order,line,qty,price,off\n1,1,2,500,\n1,1,-3,,\n2,1,2,500,\n2,1,-1,,\n3,1,1,1,\n3,1,-1,,\n");

        var result = folder.Import(Everything);

        Assert.Equal(["in-A", "in-B", "O1", "out-B"], result.Facts.Select(fact => fact.Id.Value));
        var rejected = BrandFolder.Rejected(result);
        Assert.Contains(rejected, r => r.StartsWith("clerks.csv:5 : staff out-C is left out: C left while not employed", StringComparison.Ordinal));
        Assert.Contains(rejected, r => r.StartsWith("items.csv:3 : return R1 is left out: 3 of line 1 of sale O1 is more than the 2", StringComparison.Ordinal));
        Assert.Contains(rejected, r => r.StartsWith("items.csv:4 : sale O2 is left out: no staff fact names the staff member Z", StringComparison.Ordinal));
        Assert.Contains(rejected, r => r.StartsWith("items.csv:5 : return R2 is left out: there is no sale O2", StringComparison.Ordinal));
        Assert.Contains(rejected, r => r.StartsWith("items.csv:7 : return R3 is left out: there is no sale O3", StringComparison.Ordinal));
    }

    [Fact]
    public void A_fact_comes_in_whole_or_not_at_all()
    {
        using var folder = new BrandFolder().Write("orders.csv", BrandFolder.OrdersHeader
            + "1,2026-01-05,S1,M1,1,bag,2,500\n1,2026-01-05,S1,M1,2,bag,many,500\n2,2026-01-05,S1,M1,1,bag,2,500\n2,2026-01-05,S1,M2,2,bag,2,500\n"
            + "3,2026-01-05,S1,M1,1,bag,2,500\n3,2026-01-05,S1,M1,1,bag,1,500\n4,2026-01-05,S1,M1,1,bag,1,500\n");

        var result = folder.Import(BrandFolder.Orders);

        Assert.Equal("O4", Assert.Single(result.Facts).Id.Value);
        Assert.Equal(6, result.Rejects.Rows);
        Assert.Contains("orders.csv:2 : sale O1 is left out: another of its rows (orders.csv line 3) is bad", BrandFolder.Rejected(result));
        Assert.Contains(BrandFolder.Rejected(result), r => r.StartsWith("orders.csv:5 : sale O2 is left out: its rows disagree", StringComparison.Ordinal));
        Assert.Contains(BrandFolder.Rejected(result), r => r.StartsWith("orders.csv:7 : sale O3 is left out: line 1 stands twice", StringComparison.Ordinal));
    }

    [Fact]
    public void A_joined_source_must_tell_which_row_is_meant()
    {
        using var folder = new BrandFolder().Write("clerks.csv", Clerks)
            .Write("orders.csv", "id,when,shop,member,clerk,status\n1,2026-01-05 10:00,S1,M1,A,ok\n1,2026-01-05 10:00,S2,M1,A,ok\n2,2026-01-05 10:00,S1,M1,A,ok\n2,2026-01-05 10:00,S1,M1,A,ok\n")
            .Write("items.csv", "order,line,qty,price,off\n1,1,2,500,\n2,1,2,500,\n3,1,1,1,\n");

        var result = folder.Import(Everything);

        Assert.Contains(result.Facts, fact => fact.Id.Value == "O2");
        Assert.DoesNotContain(result.Facts, fact => fact.Id.Value == "O1");
        var rejected = BrandFolder.Rejected(result);
        Assert.Equal(2, rejected.Count(r => r.StartsWith("orders.csv:", StringComparison.Ordinal) && r.EndsWith("id: stands on several rows that differ, so nothing can be looked up by it", StringComparison.Ordinal)));
        Assert.Contains("items.csv:2 order: more than one row of the source \"orders\" has id '1'", rejected);
        Assert.Contains("items.csv:4 order: no row of the source \"orders\" has id '3'", rejected);
    }

    [Fact]
    public void No_mutation_of_a_mapping_makes_an_import_crash()
    {
        using var folder = new BrandFolder().Write("clerks.csv", Clerks)
            .Write("orders.csv", "id,when,shop,member,clerk,status\n1,2026-01-05 10:00,S1,M1,A,ok\n2,2026-01-06 10:00,,M1,,ok\n")
            .Write("items.csv", "order,line,qty,price,off\n1,1,2,500,100\n2,1,1,300,\n1,1,-1,,\n");
        var random = new Random(17);
        int imported = 0, refused = 0;
        for (var i = 0; i < 4000; i++)
        {
            var mapping = JsonNode.Parse(Everything)!;
            for (var change = random.Next(1, 3); change > 0; change--) MappingMutation.Apply(mapping, random);
            try
            {
                BrandFolder.Lines(folder.Import(mapping.ToJsonString()));
                imported++;
            }
            catch (WrongInputException)
            {
                refused++;
            }
        }
        Assert.True(imported > 200 && refused > 1000, $"{imported} imported, {refused} refused");
    }

    [Fact]
    public void Random_files_never_crash_an_import_and_never_give_facts_that_a_reader_refuses()
    {
        var random = new Random(5);
        for (var round = 0; round < 60; round++)
        {
            using var folder = new BrandFolder().Write("clerks.csv", Clerks)
                .Write("orders.csv", Noise("id,when,shop,member,clerk,status\n", ["1", "2", "3", "2026-01-05 10:00", "S1", "M1", "A", "", "ok", "\"", "online", "x y", "\"a\nb\""], 6))
                .Write("items.csv", Noise("order,line,qty,price,off\n", ["1", "2", "3", "0", "-1", "", "999999999999999999", "1.5", "\"", "鞋"], 5));
            ImportResult result;
            try
            {
                result = folder.Import(Everything);
            }
            catch (WrongInputException)
            {
                continue;
            }
            var reader = new Core.Referral.FactReader();
            foreach (var line in BrandFolder.Lines(result).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                Assert.True(reader.TryRead(Encoding.UTF8.GetBytes(line), 1, out _, out var fault), fault?.ToString());
        }

        string Noise(string header, string[] cells, int width) => header + string.Concat(Enumerable.Range(0, random.Next(1, 60))
            .Select(_ => string.Join(',', Enumerable.Range(0, random.Next(20) == 0 ? width + 1 : width).Select(_ => cells[random.Next(cells.Length)])) + "\n"));
    }
}
