using System.Text;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Xunit;

namespace Tokamak.Core.Tests.Referral;

public sealed class PolicyWriterTests
{
    [Fact]
    public void What_is_written_reads_back_to_an_equal_version()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            foreach (var drawn in RandomPolicy.Of(new Random(seed), new DateOnly(2026, 1, 1)).Versions)
            {
                var version = Readable(drawn);
                var bytes = PolicyWriter.Write(version);
                var read = Read(bytes);
                Assert.Empty(PolicyChanges.Between(version, read));
                Assert.Equivalent(version, read, strict: true);
                // One form: whatever was read is written as it was.
                Assert.Equal(bytes, PolicyWriter.Write(read));
            }
        }
    }

    [Fact]
    public void Ids_in_any_script_stay_as_they_are()
    {
        var version = PolicyTemplates.Of(PolicyTemplate.CloserOnly, 1, new DateOnly(2026, 1, 1), "Asia/Taipei", "TWD") with
        {
            Services = [new("試衣<&>", 1, 1, 1, Renews: true)],
            Rates = [new(Role.Closer, 1, "資深", new Dictionary<string, int> { ["鞋'類"] = 2, ["a"] = 1 }, null, 0)],
        };
        Assert.Equivalent(version, Read(PolicyWriter.Write(version)), strict: true);
        Assert.Contains("試衣<&>", Encoding.UTF8.GetString(PolicyWriter.Write(version)), StringComparison.Ordinal);
    }

    internal static PolicyVersion Read(byte[] json)
    {
        var faults = new List<Fault>();
        var policy = PolicyReader.Read(json, name => name is "Asia/Taipei" ? Zone.Utc : null, faults);
        Assert.Empty(faults);
        return Assert.Single(policy!.Versions);
    }

    /// <summary>Drawn versions leave out what only files say: the zone, and that owners and closers take no pay for handovers.</summary>
    internal static PolicyVersion Readable(PolicyVersion version) => version with
    {
        Timezone = "Asia/Taipei",
        Rates = [.. version.Rates.Select(rule => rule.Role == Role.Handover ? rule : rule with { PerHandover = null, PerHandoverMinNet = 0 })],
    };
}
