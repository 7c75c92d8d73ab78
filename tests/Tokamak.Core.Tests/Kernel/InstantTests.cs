using System.Text;
using Tokamak.Core.Kernel;
using Xunit;

namespace Tokamak.Core.Tests.Kernel;

public sealed class InstantTests
{
    [Theory]
    [InlineData("2026-01-05T12:00:00+08:00", "2026-01-05T04:00:00Z")]
    [InlineData("2026-01-05T12:00:00Z", "2026-01-05T12:00:00Z")]
    [InlineData("2026-01-05t12:00:00z", "2026-01-05T12:00:00Z")]
    [InlineData("2026-01-05T12:00:00-00:00", "2026-01-05T12:00:00Z")]
    [InlineData("2026-01-01T00:00:00+23:59", "2025-12-31T00:01:00Z")]
    [InlineData("2025-12-31T23:59:59-05:30", "2026-01-01T05:29:59Z")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z")]
    [InlineData("2026-01-05T12:00:00.5Z", "2026-01-05T12:00:00.5Z")]
    [InlineData("2026-01-05T12:00:00.1234567Z", "2026-01-05T12:00:00.1234567Z")]
    [InlineData("2026-01-05T12:00:00.12345670000Z", "2026-01-05T12:00:00.1234567Z")]
    [InlineData("2026-01-05T12:00:00.000+00:30", "2026-01-05T11:30:00Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999Z")]
    public void RFC_3339_is_read_and_written_in_UTC(string text, string utc)
    {
        Assert.True(Instant.TryParse(Encoding.UTF8.GetBytes(text), out var instant));
        Assert.Equal(utc, instant.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-01-05")]
    [InlineData("2026-01-05T12:00:00")]
    [InlineData("2026-01-05T12:00Z")]
    [InlineData("2026-01-05T12:00:00 Z")]
    [InlineData("2026-01-05T12:00:00Zx")]
    [InlineData("2026-01-05T12:00:00+08")]
    [InlineData("2026-01-05T12:00:00+0800")]
    [InlineData("2026-01-05T12:00:00+24:00")]
    [InlineData("2026-01-05T12:00:00+08:60")]
    [InlineData("2026-01-05T12:00:00.Z")]
    [InlineData("2026-01-05T12:00:00.5")]
    [InlineData("2026-01-05T12:00:00,5Z")]
    [InlineData("2026-01-05T12:00:00.12345678Z")]
    [InlineData("2026-01-05T24:00:00Z")]
    [InlineData("2026-01-05T12:60:00Z")]
    [InlineData("2026-12-31T23:59:60Z")]
    [InlineData("2026-02-29T12:00:00Z")]
    [InlineData("2026-04-31T12:00:00Z")]
    [InlineData("2026-00-05T12:00:00Z")]
    [InlineData("2026-01-00T12:00:00Z")]
    [InlineData("0000-01-01T12:00:00Z")]
    [InlineData("26-01-05T12:00:00Z")]
    [InlineData("2026/01/05T12:00:00Z")]
    [InlineData("-026-01-05T12:00:00Z")]
    [InlineData("2026-01-05T12:00:00−08:00")]
    [InlineData("0001-01-01T00:00:00+00:01")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    public void Anything_else_is_refused(string text) => Assert.False(Instant.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Instants_compare_by_time()
    {
        var (early, late) = (new Instant(1), new Instant(2));
        Assert.True(early < late && early <= late && late > early && late >= early && early.CompareTo(late) < 0);
        Assert.False(late < early || late <= early || early > late || early >= late);
    }
}
