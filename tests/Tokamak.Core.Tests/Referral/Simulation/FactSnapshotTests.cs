using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Tokamak.Core.Referral.Simulation;
using Xunit;

namespace Tokamak.Core.Tests.Referral.Simulation;

/// <summary>What a snapshot notices of facts that R1 refuses; which figures they would give, the agreement with a replay tells.</summary>
public sealed class FactSnapshotTests
{
    private const string Joined = "{type:staff,id:j,@,staff:S,event:joined,store:A}";
    private const string Sold = "{type:sale,id:s,@2,channel:online,lines:[L]}";

    [Theory]
    [InlineData("{type:cancel,id:c,@3,sale:s,lines:[{line:1,quantity:1}]}")]
    [InlineData("{type:void,id:v,@3,fact:s}")]
    [InlineData("{type:void,id:v,@3,fact:j}")]
    public void Facts_that_fit_are_sound(string fact) => Assert.True(IsSound(Joined, Sold, fact));

    [Theory]
    [InlineData("{type:sale,id:s,@3,channel:online,lines:[L]}")]
    [InlineData("{type:cancel,id:c,@3,sale:no,lines:[{line:1,quantity:1}]}")]
    [InlineData("{type:cancel,id:c,@3,sale:j,lines:[{line:1,quantity:1}]}")]
    [InlineData("{type:void,id:v,@3,fact:no}")]
    [InlineData("{type:void,id:v,@1,fact:s}")]
    [InlineData("{type:void,id:v,@3,fact:v}")]
    [InlineData("{type:staff,id:j2,@3,staff:S,event:joined,store:A}")]
    public void Facts_that_R1_refuses_are_not(string fact)
    {
        Assert.False(IsSound(Joined, Sold, fact));
        Assert.False(IsSound(fact, Joined, Sold));
    }

    [Fact]
    public void A_fact_about_a_sale_may_come_before_it_in_a_file() => Assert.True(IsSound("{type:cancel,id:c,@3,sale:s,lines:[{line:1,quantity:1}]}", Sold));

    [Theory]
    [InlineData("{type:cancel,id:c,@3,sale:s,lines:[{line:1,quantity:2}]}")]
    [InlineData("{type:cancel,id:c,@1,sale:s,lines:[{line:1,quantity:1}]}")]
    [InlineData("{type:service,id:x,@3,member:M,kind:k,store:A,staff:nobody}")]
    public void What_only_a_replay_sees_is_a_fault_of_the_run(string fact)
    {
        var snapshot = Simulated.Snapshot(Given.Facts(Joined, Sold, fact));
        var january = Month.Of(new DateOnly(2026, 1, 1));
        var run = new SimulationRun(new SimulationScope(snapshot, Zone.Utc, new Stretch(january, january)), Given.Policy, whole: true);
        var worker = run.NewWorker();
        for (var place = 0; place < run.PartitionCount; place++) worker.Take(place);
        Assert.True(run.Finish([worker]).HasFaults);
    }

    [Fact]
    public void Ids_of_every_length_and_letter_are_told_apart()
    {
        var ids = Enumerable.Range(1, 100).SelectMany(n => new[] { new string('x', n), new string('客', n), new string('x', n - 1) + "é" }).Distinct().ToList();
        var facts = ids.ConvertAll(id => (Fact)new CancelFact(new FactId(id), default, 0, new FactId("s"), [new LineChange(1, 1, null)]));
        var snapshot = Simulated.Snapshot([.. Given.Facts(Sold), .. facts]);
        Assert.Equal((ids.Count + 1, true), (snapshot.FactCount, snapshot.IsSound));
        foreach (var fact in facts)
        {
            var doubled = Simulated.Snapshot([.. Given.Facts(Sold), .. facts]);
            doubled.Add(fact);
            Assert.Equal((ids.Count + 1, false), (doubled.FactCount, doubled.IsSound));
        }
    }

    private static bool IsSound(params string[] facts)
    {
        var snapshot = Simulated.Snapshot(Given.Facts(facts));
        var january = Month.Of(new DateOnly(2026, 1, 1));
        return new SimulationScope(snapshot, Zone.Utc, new Stretch(january, january)).IsSound;
    }
}
