using Tokamak.App.Intake;
using Xunit;

namespace Tokamak.App.Tests.Intake;

public sealed class MappingReaderTests
{
    [Theory]
    [InlineData("\"store\": \"store\"", "\"shop\": \"store\"", "$.facts[0].shop", "not known")]
    [InlineData("\"source\": \"orders\"", "\"source\": \"order\"", "$.facts[0].source", "\"order\" is not among the sources (\"orders\")")]
    [InlineData("\"member\": \"member\"", "\"member\": 5", "$.facts[0].member", "name of a column")]
    [InlineData("\"net\": \"net\"", "\"net\": { \"column\": \"net\", \"round\": \"up\" }", "$.facts[0].lines.net.round", "\"refuse\" or \"half-away-from-zero\"")]
    [InlineData("\"scale\": 1", "\"scale\": 7", "$.money.scale", "1, 10, 100")]
    [InlineData("\"TWD\"", "\"NT$\"", "$.money.currency", "three capital letters")]
    [InlineData("Asia/Taipei", "Asia/Taipeh", "$.timezone", "IANA")]
    [InlineData("orders.csv", "../orders.csv", "$.sources.orders.file", "inside the data folder")]
    [InlineData("orders.csv", "/etc/passwd", "$.sources.orders.file", "inside the data folder")]
    [InlineData("\"at\": \"when\"", "\"at\": { \"column\": \"when\", \"format\": \"HH:mm\" }", "$.facts[0].at.format", "names year, month and day")]
    [InlineData("O{order}", "O{order", "$.facts[0].id.template", "stray brace")]
    [InlineData("\"channel\": { \"const\": \"store\" }", "\"channel\": { \"const\": \"store\", \"column\": \"c\" }", "$.facts[0].channel", "exactly one of")]
    [InlineData("\"type\": \"sale\"", "\"type\": \"order\"", "$.facts[0].type", "\"sale\"")]
    [InlineData("\"qty\"", "{ \"column\": \"qty\", \"otherwise\": \"x\" }", "$.facts[0].lines.quantity.otherwise", "goes with map")]
    [InlineData("\"const\": \"taken\"", "\"const\": \"took\"", "$.facts[0].lines.fulfil", "taken or pickup or ship")]
    [InlineData("\"store\": \"store\"", "\"store\": { \"const\": \"S 1\" }", "$.facts[0].store", "without white space")]
    [InlineData("\"id\": {", "\"joins\": [ { \"source\": \"orders\", \"as\": \"o\", \"on\": { \"o.x\": \"x\" } } ], \"id\": {", "$.facts[0].joins[0].on", "put that join before")]
    [InlineData("\"orders.csv\"", "\"orders.csv\", \"delimiter\": \"，\"", "$.sources.orders.delimiter", "ASCII")]
    public void A_fault_is_named_with_its_path_and_what_to_do(string good, string bad, string path, string says)
    {
        var faults = Assert.Throws<WrongInputException>(() => BrandFolder.Read(BrandFolder.Orders.Replace(good, bad, StringComparison.Ordinal))).Faults;
        Assert.Contains(faults, fault => fault.Path == path && fault.Message.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void All_faults_are_named_at_once()
    {
        var mapping = BrandFolder.Orders.Replace("Asia/Taipei", "Mars", StringComparison.Ordinal).Replace("\"store\": \"store\",", "", StringComparison.Ordinal)
            .Replace("\"qty\"", "7", StringComparison.Ordinal).Replace("\"member\": \"member\"", "\"membr\": \"member\"", StringComparison.Ordinal);

        var faults = Assert.Throws<WrongInputException>(() => BrandFolder.Read(mapping)).Faults;

        Assert.Equal(["$.facts[0].lines.quantity", "$.facts[0].membr", "$.timezone"], faults.Select(f => f.Path!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Text_that_is_no_JSON_is_refused_with_line_and_byte()
    {
        var faults = Assert.Throws<WrongInputException>(() => BrandFolder.Read("{\n \"mapping\": 1,,\n}")).Faults;
        Assert.Contains("line 2", Assert.Single(faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_stands_twice_is_refused()
    {
        var faults = Assert.Throws<WrongInputException>(() => BrandFolder.Read(BrandFolder.Orders.Replace("\"scale\": 1", "\"scale\": 1, \"scale\": 100", StringComparison.Ordinal))).Faults;
        Assert.Contains(faults, fault => fault.Path == "$.money.scale" && fault.Message.Contains("twice", StringComparison.Ordinal));
    }
}
