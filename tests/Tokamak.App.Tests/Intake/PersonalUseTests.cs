using System.Text;
using Tokamak.App.Intake;
using Xunit;

namespace Tokamak.App.Tests.Intake;

public sealed class PersonalUseTests
{
    private static readonly byte[] Key = Encoding.UTF8.GetBytes("0123456789abcdef0123456789abcdef");
    private const string Keyed = "\"member\": { \"keyed\": { \"column\": \"member\", \"as\": \"phone\" } }";

    [Theory]
    [InlineData("0912-345-678")]
    [InlineData("0912345678")]
    [InlineData("+886 912 345 678")]
    [InlineData("886912345678")]
    [InlineData("０９１２３４５６７８")]
    [InlineData("(02)2345-6789")]
    [InlineData("245-555-0173")]
    [InlineData("1 (11) 500 555-0162")]
    [InlineData("tammy.bryant@internalmail")]
    [InlineData("Eve@Example.com")]
    public void A_phone_number_or_an_email_as_member_id_refuses_the_mapping_and_offers_the_keyed_form(string personal)
    {
        using var folder = Folder(personal);

        var fault = Assert.Single(folder.Refused(BrandFolder.Orders));

        Assert.Equal("$.facts[0].member", fault.Path);
        Assert.Contains("\"member\": { \"keyed\": { \"column\": \"member\", \"as\": \"" + (personal.Contains('@') ? "email" : "phone") + "\" } }", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--key-file", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(personal, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"template\": \"M{member}\" }")]
    [InlineData("{ \"template\": \"+{order}{member}\" }")]
    [InlineData("{ \"column\": \"order\", \"map\": { \"x\": \"y\" }, \"otherwise\": \"member\" }")]
    public void No_detour_makes_a_phone_number_an_id(string member)
    {
        using var folder = Folder("0912345678");
        Assert.Contains("$.facts[0].member", folder.Refused(BrandFolder.Orders.Replace("\"member\": \"member\"", "\"member\": " + member, StringComparison.Ordinal))[0].Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("store")]
    [InlineData("category")]
    [InlineData("id")]
    public void Other_ids_are_watched_too(string field)
    {
        using var folder = Folder("0912345678");
        var was = field == "id" ? "\"id\": { \"template\": \"O{order}\" }" : $"\"{field}\": \"{field}\"";
        var faults = folder.Refused(BrandFolder.Orders.Replace(was, $"\"{field}\": \"member\"", StringComparison.Ordinal).Replace("\"member\": \"member\",", "", StringComparison.Ordinal));
        Assert.EndsWith(field, Assert.Single(faults).Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("phone")]
    [InlineData("customer_email")]
    [InlineData("MobileNo")]
    [InlineData("billing.e-mail")]
    [InlineData("手機號碼")]
    [InlineData("電子郵件")]
    public void A_column_whose_name_says_it_is_personal_is_refused_whatever_it_holds(string column)
    {
        using var folder = new BrandFolder().Write("orders.csv", BrandFolder.OrdersHeader.Replace("member", column, StringComparison.Ordinal) + "1,2026-01-05,S1,abc,1,bag,2,500\n");
        var faults = folder.Refused(BrandFolder.Orders.Replace("\"member\": \"member\"", $"\"member\": \"{column}\"", StringComparison.Ordinal));
        Assert.Contains("by its name", Assert.Single(faults).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("C45")]
    [InlineData("11000")]
    [InlineData("1000045123")]
    [InlineData("2021-0204-7")]
    [InlineData("hotel_id")]
    public void An_opaque_id_is_taken_as_it_stands(string member)
    {
        using var folder = Folder(member);
        Assert.Contains($"\"member\":\"{member}\"", BrandFolder.Lines(folder.Import(BrandFolder.Orders)), StringComparison.Ordinal);
    }

    [Fact]
    public void Stray_phone_numbers_one_in_a_hundred_reject_their_rows_and_are_not_shown()
    {
        using var folder = new BrandFolder().Write("orders.csv", BrandFolder.OrdersHeader
            + string.Concat(Enumerable.Range(1, 200).Select(i => $"{i},2026-01-05,S1,{(i == 77 || i == 78 ? "0912345678" : $"M{i}")},1,bag,2,500\n")));

        var result = folder.Import(BrandFolder.Orders);

        Assert.Equal(198, result.Facts.Count);
        Assert.Equal(
            ["orders.csv:78 member: the value (not shown) looks like a phone number; ids must be opaque", "orders.csv:79 member: the value (not shown) looks like a phone number; ids must be opaque"],
            BrandFolder.Rejected(result));
    }

    [Fact]
    public void A_keyed_id_is_the_same_however_the_number_was_typed_and_shows_nothing_of_it()
    {
        string[] typed = ["0912345678", "0912-345-678", "+886 912 345 678", "886912345678", "９１２３４５６７８", "+8860912345678"];
        using var folder = Folder(typed);

        var result = folder.Import(BrandFolder.Orders.Replace("\"member\": \"member\"", Keyed, StringComparison.Ordinal), Key);

        var member = Assert.Single(result.Facts.Cast<Core.Referral.SaleFact>().Select(sale => sale.Member!.Value.Value).Distinct());
        Assert.Matches("^k[a-z2-7]{26}$", member);
        Assert.Equal(typed.Length, result.Facts.Count);
        Assert.DoesNotContain("912345678", BrandFolder.Lines(result), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_key_gives_other_ids_and_no_key_is_refused()
    {
        using var folder = Folder("0912345678");
        var mapping = BrandFolder.Orders.Replace("\"member\": \"member\"", Keyed, StringComparison.Ordinal);
        Assert.NotEqual(BrandFolder.Lines(folder.Import(mapping, Key)), BrandFolder.Lines(folder.Import(mapping, [.. Key, 1])));
        Assert.Contains("--key-file", Assert.Single(folder.Refused(mapping)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rejects_never_show_the_value_of_a_keyed_column()
    {
        using var folder = new BrandFolder().Write("orders.csv", BrandFolder.OrdersHeader
            + "1,2026-01-05,S1,09SECRET,1,bag,2,500\n2,2026-01-05,S1,0912345678,0912345679,bag,2,500\n3,eve@example.com,S1,0912345678,1,bag,2,500\n4,2026-01-05,S1,0912345678,1,bag,2,500\n");

        var rejected = string.Join('\n', BrandFolder.Rejected(folder.Import(
            BrandFolder.Orders.Replace("\"member\": \"member\"", Keyed, StringComparison.Ordinal).Replace("\"quantity\": \"qty\"", "\"quantity\": \"member\"", StringComparison.Ordinal), Key)));

        Assert.Contains("orders.csv:2 member: the value (not shown) is no phone number", rejected, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", rejected, StringComparison.Ordinal);
        Assert.DoesNotContain("0912345678", rejected, StringComparison.Ordinal);
        Assert.DoesNotContain("eve@", rejected, StringComparison.Ordinal);
    }

    private static BrandFolder Folder(params string[] members) => new BrandFolder().Write("orders.csv", BrandFolder.OrdersHeader
        + string.Concat(members.Select((member, i) => $"{i + 1},2026-01-05,S1,{member},1,bag,2,500\n")));
}
