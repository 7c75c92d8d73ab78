using Tokamak.App.Data;
using Tokamak.App.Web;
using Tokamak.Core.Referral;
using Tokamak.Core.Referral.Simulation;

namespace Tokamak.App.Referral.Simulating;

/// <summary>What is said about simulations, in the language of the page.</summary>
internal static class SimulationWords
{
    public static string StateOf(SimulationRow row, SimulationProgress? progress, Texts t, Show show) => (row.State, progress) switch
    {
        (SimulationState.Done, _) => t["simulations.state.done"],
        (SimulationState.Failed, _) => t["simulations.state.failed"],
        (SimulationState.Stopped, _) => t["simulations.state.stopped"],
        (_, { Waits: true }) => t["simulations.state.waits"],
        (_, { DoneBps: 0 } reading) => t["simulations.state.reads", show.Count(reading.Facts)],
        (_, { } runs) => t["simulations.state.runs", show.Rate(runs.DoneBps)],
        _ => t["simulations.state.elsewhere"],
    };

    public static string GroupOf(MemberGroup group, Texts t) => group switch
    {
        MemberGroup.NoMember => t["group.nomember"],
        MemberGroup.FirstPurchase => t["group.first"],
        MemberGroup.OneChannel => t["group.one"],
        MemberGroup.BothChannels => t["group.both"],
        _ => throw new ArgumentOutOfRangeException(nameof(group), group, null),
    };

    public static string ChannelOf(Channel channel, Texts t) => channel == Channel.Online ? t["channel.online"] : t["channel.store"];
}
