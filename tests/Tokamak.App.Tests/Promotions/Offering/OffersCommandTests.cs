using System.Text.Json;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Promotions.Offering;

/// <summary><c>tokamak offers import</c> and <c>export</c> as processes.</summary>
public sealed class OffersCommandTests
{
    [Fact]
    public async Task The_sample_goes_in_once_and_comes_out_as_it_was()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite, null!);
        var sample = Repository.Path("samples", "promotions", "offers.json");
        string[] import = ["offers", "import", "--file", sample, "--db", database.Text, "--brand", "shop"];
        Assert.Contains("12 changes; edition 12", await Programs.DoneAsync(import), StringComparison.Ordinal);
        Assert.Contains("stored already", await Programs.DoneAsync(import), StringComparison.Ordinal);
        var (before, after) = (JsonElement.Parse(await File.ReadAllTextAsync(sample, TestContext.Current.CancellationToken)), JsonElement.Parse(await Programs.DoneAsync("offers", "export", "--db", database.Text)));
        foreach (var name in new[] { "timezone", "floorPercent", "points", "onReturn" }) Assert.True(JsonElement.DeepEquals(before.GetProperty(name), after.GetProperty(name)), name);
        var offers = after.GetProperty("offers").EnumerateArray().ToDictionary(offer => offer.GetProperty("id").GetString()!);
        Assert.Equal(11, offers.Count);
        foreach (var offer in before.GetProperty("offers").EnumerateArray()) Assert.True(JsonElement.DeepEquals(offer, offers[offer.GetProperty("id").GetString()!]), offer.GetRawText());
    }
}
