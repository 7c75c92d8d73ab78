using System.Text;
using Tokamak.App.Brands;
using Xunit;

namespace Tokamak.App.Tests.Brands;

public sealed class BrandNamesTests
{
    [Fact]
    public void An_id_without_a_name_is_shown_as_itself()
    {
        var (names, faults) = Parse("""{"brand":"嶼晴織","stores":{"S01":"台北大安店"},"staff":{"K001":"林怡君"}}""");
        Assert.Empty(faults);
        Assert.Equal("嶼晴織", names!.Brand);
        Assert.Null(names.Warehouse);
        Assert.Equal("台北大安店", names.StoreName(new("S01")));
        Assert.Equal("S99", names.StoreName(new("S99")));
        Assert.Equal("林怡君", names.StaffName(new("K001")));
        Assert.Equal("K999", BrandNames.None.StaffName(new("K999")));
    }

    [Theory]
    [InlineData("[]", "$")]
    [InlineData("{", "$")]
    [InlineData("""{"brand":"a","brand":"b"}""", "$")]
    [InlineData("""{"brand":1}""", "$.brand")]
    [InlineData("""{"shops":{}}""", "$.shops")]
    [InlineData("""{"stores":["S01"]}""", "$.stores")]
    [InlineData("""{"staff":{"K001":""}}""", "$.staff['K001']")]
    public void A_malformed_file_is_refused_with_the_place(string json, string path)
    {
        var (names, faults) = Parse(json);
        Assert.Null(names);
        Assert.Equal(path, Assert.Single(faults).Path);
    }

    [Fact]
    public void Every_fault_is_named_at_once() => Assert.Equal(2, Parse("""{"brand":1,"stores":{"S01":2}}""").Faults.Count);

    private static (BrandNames? Names, IReadOnlyList<Core.Kernel.Fault> Faults) Parse(string json) => BrandNames.Parse(Encoding.UTF8.GetBytes(json));
}
