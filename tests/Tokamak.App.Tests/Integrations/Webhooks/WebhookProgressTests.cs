using System.Net;
using Tokamak.App.Data;
using Tokamak.App.Integrations.Webhooks;
using Tokamak.App.Web.Outgoing;

namespace Tokamak.App.Tests.Integrations.Webhooks;

public sealed class WebhookProgressTests
{
    private static readonly WebhookRow Sending = new()
    {
        Id = "wh1", Url = "https://example.com/", Types = "", Pay = false, MadeBy = "k", CreatedAtTicks = 0, Secret = "whsec_AAAA", CursorSeq = 10, SendingSeq = 20, BegunAtTicks = 5,
    };

    [Fact]
    public void Waits_double_from_five_seconds_to_twelve_hours()
    {
        Assert.Equal([5, 10, 20, 40, 80], Enumerable.Range(1, 5).Select(attempts => (int)WebhookProgress.WaitAfter(attempts, 0).TotalSeconds));
        Assert.Equal(TimeSpan.FromHours(12), WebhookProgress.WaitAfter(15, 0));
        Assert.Equal(TimeSpan.FromHours(12), WebhookProgress.WaitAfter(1000, 1));
        Assert.Equal(TimeSpan.FromSeconds(5), WebhookProgress.WaitAfter(1, -1));
        Assert.Equal(TimeSpan.FromSeconds(8), WebhookProgress.WaitAfter(2, -1));
        Assert.Equal(TimeSpan.FromSeconds(12), WebhookProgress.WaitAfter(2, 1));
    }

    [Fact]
    public void Whoever_fails_for_three_days_is_paused_and_goes_on_from_where_it_stands()
    {
        var (row, now, attempts) = (Sending, 0L, 0);
        while (row.State == WebhookState.Active)
        {
            row = WebhookProgress.Tried(row, new PostOutcome(500), now, 0);
            now = row.NextTryTicks;
            Assert.InRange(++attempts, 1, 100);
        }
        Assert.Equal(WebhookState.Paused, row.State);
        Assert.InRange(TimeSpan.FromTicks(row.LastTryTicks!.Value), TimeSpan.FromDays(3), TimeSpan.FromDays(3.5));
        var again = WebhookProgress.Replayed(row, null);
        Assert.Equal((WebhookState.Active, 0, 10L, 20L, 0L), (again.State, again.Attempts, again.CursorSeq, again.SendingSeq!.Value, again.Round));
    }

    [Fact]
    public void What_arrived_moves_the_cursor_and_forgets_the_failures()
    {
        var failed = WebhookProgress.Tried(Sending, new PostOutcome(null, SignedPost.Timeout), 100, 0);
        Assert.Equal((1, 100L, 10L, 20L), (failed.Attempts, failed.FailingSinceTicks!.Value, failed.CursorSeq, failed.SendingSeq!.Value));
        var arrived = WebhookProgress.Tried(failed, new PostOutcome(202), 200, 0);
        Assert.Equal((0, null, 20L, null, 200L), (arrived.Attempts, arrived.FailingSinceTicks, arrived.CursorSeq, arrived.SendingSeq, arrived.ArrivedAtTicks));
        Assert.Null(arrived.LastFault);
    }

    [Theory]
    [InlineData("1.1.1.1", true)]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.15.255.255", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("100.63.255.255", true)]
    [InlineData("2606:4700:4700::1111", true)]
    [InlineData("64:ff9b::808:808", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.9.9.9", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.0.0.192", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("239.255.255.255", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:192.168.0.1", false)]
    [InlineData("::127.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("64:ff9b::a9fe:a9fe", false)]
    [InlineData("64:ff9b:1::1", false)]
    [InlineData("100::1", false)]
    [InlineData("2001::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("ff02::1", false)]
    public void Only_addresses_of_the_open_Internet_are_sent_to(string address, bool isPublic) => Assert.Equal(isPublic, PublicAddress.Is(IPAddress.Parse(address)));
}
