using Tokamak.App.Members;
using Tokamak.Core.Members;
using Xunit;

namespace Tokamak.App.Tests.Members;

public sealed class MemberKeyTests
{
    private const string LineId = "U4af4980629aabbccddeeff0011223344";

    [Theory]
    [InlineData(KeyKind.Phone, "0912-345-678", "+886912345678", "+886912***678")]
    [InlineData(KeyKind.Phone, "+81 90-1234-5678", "+819012345678", "+819012***678")]
    [InlineData(KeyKind.Email, " Ming.Wang@Example.TW ", "ming.wang@example.tw", "m***@example.tw")]
    [InlineData(KeyKind.Email, "王小明@例子.台灣", "王小明@xn--fsqu00a.xn--kpry57d", "王***@xn--fsqu00a.xn--kpry57d")]
    [InlineData(KeyKind.Email, "ｍｉｎｇ＠example.com", "ming@example.com", "m***@example.com")]
    [InlineData(KeyKind.Line, " " + LineId, LineId, "***344")]
    [InlineData(KeyKind.Card, "vip 2900-0012 3456", "VIP290000123456", "***456")]
    [InlineData(KeyKind.Card, "１２３", "123", "***")]
    [InlineData(KeyKind.Foreign, "shopline:61f0a8c9e4b0", "shopline:61f0a8c9e4b0", "shopline:***4b0")]
    public void A_key_has_one_form_and_one_mask(KeyKind kind, string typed, string value, string masked)
    {
        Assert.True(MemberKey.TryRead(kind, typed, NumberingFile.Plans, "TW", out var key));
        Assert.Equal(new MemberKey(kind, value), key);
        Assert.Equal(masked, KeyMask.Of(key));
        Assert.True(MemberKey.TryRead(kind, key.Value, NumberingFile.Plans, "TW", out var again));
        Assert.Equal(key, again);
        Assert.DoesNotContain(value, key.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(KeyKind.Phone, "0800-123-456")]
    [InlineData(KeyKind.Phone, "0204123456")]
    [InlineData(KeyKind.Phone, "110")]
    [InlineData(KeyKind.Email, "ming")]
    [InlineData(KeyKind.Email, "ming@example")]
    [InlineData(KeyKind.Email, "ming@@example.tw")]
    [InlineData(KeyKind.Email, "ming wang@example.tw")]
    [InlineData(KeyKind.Email, ".ming@example.tw")]
    [InlineData(KeyKind.Email, "ming..wang@example.tw")]
    [InlineData(KeyKind.Email, "ming@-example.tw")]
    [InlineData(KeyKind.Email, "ming@192.168.1.1")]
    [InlineData(KeyKind.Email, "ming@exa_mple.tw")]
    [InlineData(KeyKind.Email, "\ud83d@example.tw")]
    [InlineData(KeyKind.Email, "<script>@example.tw")]
    [InlineData(KeyKind.Line, "u4af4980629aabbccddeeff0011223344")]
    [InlineData(KeyKind.Line, "U4af")]
    [InlineData(KeyKind.Card, " - ")]
    [InlineData(KeyKind.Card, "卡一號")]
    [InlineData(KeyKind.Foreign, "shopline")]
    [InlineData(KeyKind.Foreign, "shopline:")]
    [InlineData(KeyKind.Foreign, ":123")]
    [InlineData(KeyKind.Foreign, "Shop Line:123")]
    public void What_nobody_is_recognised_by(KeyKind kind, string typed) => Assert.False(MemberKey.TryRead(kind, typed, NumberingFile.Plans, "TW", out _));

    [Theory]
    [InlineData("王小明", "王*明")]
    [InlineData("王明", "王*")]
    [InlineData("歐陽小明", "歐**明")]
    [InlineData("Anna Lee", "A*** L***")]
    [InlineData("Bo", "B***")]
    [InlineData("王", "王*")]
    [InlineData("𠮷田太郎", "𠮷**郎")]
    public void Names_are_masked(string name, string masked) => Assert.Equal(masked, KeyMask.OfName(name));
}
