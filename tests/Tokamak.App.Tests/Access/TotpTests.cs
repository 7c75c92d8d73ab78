using Tokamak.App.Access;

namespace Tokamak.App.Tests.Access;

public sealed class TotpTests
{
    /// <summary>The secret of RFC 6238, appendix B: "12345678901234567890".</summary>
    private const string Key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_111_111_109);

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1_111_111_109, "081804")]
    [InlineData(1_111_111_111, "050471")]
    [InlineData(1_234_567_890, "005924")]
    [InlineData(2_000_000_000, "279037")]
    [InlineData(20_000_000_000, "353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code) => Assert.Equal(code, Totp.CodeAt(Key, DateTimeOffset.FromUnixTimeSeconds(seconds)));

    [Theory]
    [InlineData(-60, false)]
    [InlineData(-30, true)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(60, false)]
    public void A_code_is_good_for_a_half_minute_before_and_after(int seconds, bool good) =>
        Assert.Equal(good, Totp.TryTake(Account(), Totp.CodeAt(Key, Now.AddSeconds(seconds)), Now));

    [Fact]
    public void After_a_code_only_later_ones_are_good()
    {
        var account = Account();
        var (before, now, after) = (Totp.CodeAt(Key, Now.AddSeconds(-30)), Totp.CodeAt(Key, Now), Totp.CodeAt(Key, Now.AddSeconds(30)));
        Assert.True(Totp.TryTake(account, now, Now));
        Assert.False(Totp.TryTake(account, now, Now));
        Assert.False(Totp.TryTake(account, before, Now));
        Assert.True(Totp.TryTake(account, after, Now));
        Assert.False(Totp.TryTake(account, now, Now));
    }

    [Theory]
    [InlineData("")]
    [InlineData("000000")]
    [InlineData("08180")]
    [InlineData("0818040")]
    public void Anything_else_is_no_code(string code) => Assert.False(Totp.TryTake(Account(), code, Now));

    private static Account Account() => new() { Id = Guid.Empty, Brand = "one", TotpKey = Key };
}
