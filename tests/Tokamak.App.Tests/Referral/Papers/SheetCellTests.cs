using Tokamak.App.Referral.Papers;

namespace Tokamak.App.Tests.Referral.Papers;

public sealed class SheetCellTests
{
    [Theory]
    [InlineData("=1+1")]
    [InlineData("+886912345678")]
    [InlineData("-2+3")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1+1")]
    [InlineData("\r=1+1")]
    [InlineData("\n=1+1")]
    [InlineData("＝1+1")]
    [InlineData("＋1")]
    [InlineData("－1")]
    [InlineData("＠SUM(A1)")]
    [InlineData("﹦1+1")]
    [InlineData(" =1+1")]
    [InlineData("　＝1+1")]
    [InlineData("\uFEFF=1+1")]
    [InlineData("\u200B=1+1")]
    [InlineData("=HYPERLINK(\"http://example.test\",\"薪資\")")]
    [InlineData("'already")]
    public void A_text_that_a_spreadsheet_might_run_gets_an_apostrophe(string text) => Assert.Equal("'" + text, SheetCell.Text(text));

    [Theory]
    [InlineData("00123")]
    [InlineData("123456789012")]
    [InlineData("20260110000000000001")]
    [InlineData("1E15")]
    [InlineData("12e3")]
    [InlineData("1.50")]
    [InlineData("1/2")]
    [InlineData("3-4")]
    [InlineData("2026-01")]
    [InlineData("12:30")]
    [InlineData("5%")]
    [InlineData("$5")]
    [InlineData("(5)")]
    [InlineData("3月5日")]
    [InlineData("MAR1")]
    [InlineData("sept-2")]
    [InlineData("1-Jan")]
    [InlineData("TRUE")]
    [InlineData("false")]
    [InlineData("００１２３")]
    [InlineData("１２３")]
    public void A_text_that_a_spreadsheet_would_change_gets_an_apostrophe(string text) => Assert.Equal("'" + text, SheetCell.Text(text));

    [Theory]
    [InlineData("林怡君")]
    [InlineData("大安店")]
    [InlineData("S01")]
    [InlineData("POS-20260110-001")]
    [InlineData("0")]
    [InlineData("101")]
    [InlineData("12345678901")]
    [InlineData("7-ELEVEN")]
    [InlineData("a=b")]
    [InlineData("March Hare")]
    [InlineData("K-0001")]
    [InlineData("O'Neil, \"Bo\"")]
    [InlineData("\uD800")]
    public void What_a_spreadsheet_leaves_as_it_is_stays_as_it_is(string text) => Assert.Equal(text, SheetCell.Text(text));

    [Fact]
    public void Nothing_is_an_empty_cell()
    {
        Assert.Equal("", SheetCell.Text(null));
        Assert.Equal("", SheetCell.Text(""));
    }

    [Theory]
    [InlineData(1234567, 0, "1234567")]
    [InlineData(-1234567, 0, "-1234567")]
    [InlineData(0, 2, "0.00")]
    [InlineData(-5, 2, "-0.05")]
    [InlineData(123456, 2, "1234.56")]
    [InlineData(-12345, 4, "-1.2345")]
    public void Amounts_are_plain_numbers(long amount, int decimals, string written) => Assert.Equal(written, SheetCell.Amount(amount, decimals));
}
