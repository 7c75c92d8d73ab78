using Tokamak.App.Intake;
using Xunit;

namespace Tokamak.App.Tests.Intake;

public sealed class CsvRowsTests
{
    private const string Good = "2026-01-05,S1,M1,1,bag,2,500\n";

    [Fact]
    public void A_bad_row_is_rejected_with_file_line_column_and_reason_and_the_rest_comes_in()
    {
        using var folder = new BrandFolder().Write("orders.csv", BrandFolder.OrdersHeader
            + "1," + Good
            + "2,2026-13-05,S1,M1,1,bag,2,500\n"
            + "\n"
            + "3,2026-01-05,S1,M1,1,bag,0,500\n"
            + "4,2026-01-05,S1,M1,1,bag,1,5.5\n"
            + "5,2026-01-05,S1,M1,1,bag\n"
            + "6,2026-01-05,S 1,M1,1,bag,1,5\n"
            + "7,2026-01-05,S1,M1,1,,1,5\n"
            + "8," + Good);

        var result = folder.Import(BrandFolder.Orders);

        Assert.Equal(["O1", "O8"], result.Facts.Select(fact => fact.Id.Value));
        Assert.Equal(
            [
                "orders.csv:3 when: '2026-13-05' is no date in the format iso",
                "orders.csv:5 qty: quantity '0' must be a whole number from 1 to 1000000",
                "orders.csv:6 net: net has more decimals than the currency's scale 1 keeps, or is too big; raise \"scale\" or name a \"round\"",
                "orders.csv:7 : has 6 columns where 8 are expected; is there a delimiter or a quote too many or too few?",
                "orders.csv:8 store: 'S 1' is no store: an id has 1 to 100 characters without white space, comma or double quote",
                "orders.csv:9 category: category is empty, and a sale needs it",
            ],
            BrandFolder.Rejected(result));
    }

    [Fact]
    public void Quoted_fields_may_hold_delimiters_and_line_breaks_and_lines_are_counted_as_in_the_file()
    {
        using var folder = new BrandFolder().Write("orders.csv",
            "note,order,when,store,member,line,category,qty,net\n"
            + "\"Redwood Shores\n500 Oracle Parkway, \"\"CA\"\"\",1," + Good
            + "\"x\ny\",2,never,S1,M1,1,bag,2,500\n"
            + "z,3,never,S1,M1,1,bag,2,500\n");

        var result = folder.Import(BrandFolder.Orders);

        Assert.Equal("O1", Assert.Single(result.Facts).Id.Value);
        Assert.Equal(["orders.csv:4 when", "orders.csv:6 when"], BrandFolder.Rejected(result).Select(r => r[..r.IndexOf(": ", StringComparison.Ordinal)]));
    }

    [Fact]
    public void A_quote_in_the_wrong_place_rejects_its_row_alone()
    {
        using var folder = new BrandFolder().Write("orders.csv", BrandFolder.OrdersHeader + "1," + Good + "2,2026-01-05,S1,\"M\"1,1,bag,2,500\n3," + Good);
        var result = folder.Import(BrandFolder.Orders);
        Assert.Equal(["O1", "O3"], result.Facts.Select(fact => fact.Id.Value));
        Assert.StartsWith("orders.csv:3 : has a double quote in the wrong place", Assert.Single(BrandFolder.Rejected(result)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(200_000)]
    public void A_quote_never_closed_costs_its_row_and_not_the_rest_of_the_file(int rowsAfter)
    {
        using var folder = new BrandFolder().Write("orders.csv", BrandFolder.OrdersHeader + "1," + Good + "2,2026-01-05,S1,\"M1,1,bag,2,500\n"
            + string.Concat(Enumerable.Range(3, rowsAfter).Select(i => $"{i},{Good}")));

        var result = folder.Import(BrandFolder.Orders);

        Assert.Equal(1 + rowsAfter, result.Facts.Count);
        var reject = Assert.Single(BrandFolder.Rejected(result));
        Assert.StartsWith("orders.csv:3 : ", reject, StringComparison.Ordinal);
        Assert.Contains("double quote", reject, StringComparison.Ordinal);
        Assert.Contains("never closed", reject, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quote_closed_lines_later_swallows_no_row_between()
    {
        using var folder = new BrandFolder().Write("orders.csv", BrandFolder.OrdersHeader + "1," + Good + "2,2026-01-05,S1,\"M1,1,bag,2,500\n3," + Good
            + "4,2026-01-05,S1,\"M1\",1,bag,2,500\n5," + Good);

        var result = folder.Import(BrandFolder.Orders);

        Assert.Equal(["O1", "O3", "O4", "O5"], result.Facts.Select(fact => fact.Id.Value));
        Assert.StartsWith("orders.csv:3 : has a double quote", Assert.Single(BrandFolder.Rejected(result)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_huge_line_is_rejected_and_the_rest_comes_in()
    {
        var huge = new string('x', 3_000_000);
        using var folder = new BrandFolder().Write("orders.csv", BrandFolder.OrdersHeader + "1," + Good + $"2,2026-01-05,S1,{huge},1,bag,2,500\n" + "3," + Good);
        var result = folder.Import(BrandFolder.Orders);
        Assert.Equal(["O1", "O3"], result.Facts.Select(fact => fact.Id.Value));
        var reject = Assert.Single(BrandFolder.Rejected(result));
        Assert.StartsWith("orders.csv:3 ", reject, StringComparison.Ordinal);
        Assert.True(reject.Length < 300);
    }

    [Fact]
    public void Missing_columns_are_all_named_with_what_the_file_has()
    {
        using var folder = new BrandFolder().Write("orders.csv", "order,when,store,memberid,line,category,quantity,net\n");

        var faults = folder.Refused(BrandFolder.Orders);

        Assert.Equal(["$.facts[0].lines.quantity", "$.facts[0].member"], faults.Select(f => f.Path!).Order(StringComparer.Ordinal));
        Assert.Contains(faults, f => f.Message.Contains("has no column \"member\"", StringComparison.Ordinal) && f.Message.Contains("Did you mean \"memberid\"?", StringComparison.Ordinal));
    }

    [Fact]
    public void Any_delimiter_that_the_mapping_may_name_can_be_read()
    {
        var read = 0;
        for (var c = ' '; c < 127; c++)
        {
            using var folder = new BrandFolder().Write("orders.csv", (BrandFolder.OrdersHeader + "1," + Good).Replace(',', c));
            var mapping = BrandFolder.Orders.Replace("\"orders.csv\"", $"\"orders.csv\", \"delimiter\": {System.Text.Json.JsonSerializer.Serialize(c.ToString())}", StringComparison.Ordinal);
            try
            {
                read += folder.Import(mapping).Facts.Count;
            }
            catch (WrongInputException e)
            {
                Assert.Equal("$.sources.orders.delimiter", Assert.Single(e.Faults).Path);
            }
        }
        Assert.InRange(read, 25, 40);
    }

    [Fact]
    public void An_empty_file_and_a_column_that_stands_twice_are_refused()
    {
        using var folder = new BrandFolder().Write("orders.csv", "");
        Assert.Contains("is empty", Assert.Single(folder.Refused(BrandFolder.Orders)).Message, StringComparison.Ordinal);
        folder.Write("orders.csv", "net," + BrandFolder.OrdersHeader);
        Assert.Contains("two columns called \"net\"", Assert.Single(folder.Refused(BrandFolder.Orders)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_header_takes_its_column_names_from_the_mapping_and_any_delimiter()
    {
        using var folder = new BrandFolder().Write("orders.csv", "1;2026-01-05;S1;M1;1;bag;2;1,234\n");
        var mapping = BrandFolder.Orders
            .Replace("\"orders.csv\"", "\"orders.csv\", \"delimiter\": \";\", \"columns\": [\"order\", \"when\", \"store\", \"member\", \"line\", \"category\", \"qty\", \"net\"]", StringComparison.Ordinal)
            .Replace("\"scale\": 1", "\"scale\": 1, \"groupMark\": \",\"", StringComparison.Ordinal);
        Assert.Contains("\"net\":1234", BrandFolder.Lines(folder.Import(mapping)), StringComparison.Ordinal);
    }
}
