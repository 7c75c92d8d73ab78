using Tokamak.App.Members;
using Tokamak.App.Tests.Intake;
using Tokamak.Core.Members;
using Xunit;

namespace Tokamak.App.Tests.Members;

public sealed class PhoneTests
{
    [Fact]
    public void Numbers_read_as_libphonenumber_reads_them()
    {
        var (read, wrong) = (0, new List<string>());
        // No value has a comma or a quotation mark in it.
        var rows = File.ReadLines(Path.Combine(SharedData.Folder("identity_vectors"), "tw_phone.csv")).Select(line => line.Split(',').Select(value => value.Trim('"')).ToArray()).ToList();
        foreach (var row in rows.Skip(1))
        {
            read++;
            string Of(string column) => row[Array.IndexOf(rows[0], column)];
            var expected = Of("is_valid_for_any") == "1" ? $"{Of("e164")} {Of("region")} {Of("type").Replace("_", "", StringComparison.Ordinal).ToLowerInvariant()}" : "none";
            var found = Phone.TryRead(Of("input"), NumberingFile.Plans, Of("default_region"), out var phone) ? $"{phone.E164} {phone.Region} {phone.Type.ToString().ToLowerInvariant()}" : "none";
            if (found != expected) wrong.Add($"'{Of("input")}' is {expected}, and was read as {found}");
        }
        Assert.Equal(60, read);
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("0912-345-678 分機 12", "+886912345678")]
    [InlineData("＋８８６９１２３４５６７８", "+886912345678")]
    [InlineData("(02) 2345-6789轉123", "+886223456789")]
    [InlineData("+41 44 668 18 00", "+41446681800")]
    [InlineData("+39 06 1234 5678", "+390612345678")]
    [InlineData("+7 912 345 67 89", "+79123456789")]
    [InlineData("+1 242 322 1234", "+12423221234")]
    [InlineData("+54 9 11 2345 6789", "+5491123456789")]
    [InlineData("+800 1234 5678", "+80012345678")]
    public void Numbers_of_the_world(string typed, string e164)
    {
        Assert.True(Phone.TryRead(typed, NumberingFile.Plans, "TW", out var phone));
        Assert.Equal(e164, phone.E164);
        Assert.True(Phone.TryRead(phone.E164, NumberingFile.Plans, "US", out var again));
        Assert.Equal(phone with { }, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("0912345")]
    [InlineData("王小明")]
    [InlineData("0912345678 0922333444")]
    [InlineData("+999 1234567")]
    [InlineData("++886912345678")]
    [InlineData("0912\u0000345678")]
    [InlineData("\ud83d0912345678")]
    public void What_is_no_number(string typed) => Assert.False(Phone.TryRead(typed, NumberingFile.Plans, "TW", out _));

    [Fact]
    public void Whatever_is_typed_is_read_in_time_and_without_fault()
    {
        var dice = new Random(20261122);
        const string Letters = "0123456789+-() #x;,.*/~ー＋０９分機extEXT\u200f\t";
        for (var round = 0; round < 20_000; round++)
        {
            var typed = string.Concat(Enumerable.Range(0, dice.Next(0, 60)).Select(_ => Letters[dice.Next(Letters.Length)]));
            if (Phone.TryRead(typed, NumberingFile.Plans, "TW", out var phone)) Assert.Matches("^\\+[1-9][0-9]{5,16}$", phone.E164);
        }
        Assert.False(Phone.TryRead(new string('0', 100_000), NumberingFile.Plans, "TW", out _));
    }
}
