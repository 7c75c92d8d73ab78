using Tokamak.App.Web;
using Tokamak.Core.Promotions;

namespace Tokamak.App.Promotions.Offering;

/// <summary>Stages of an offer's life in words and colours.</summary>
internal static class OfferStageWords
{
    public static string Of(Texts t, OfferStage stage) => stage switch
    {
        OfferStage.Scheduled => t["offers.stage.scheduled"],
        OfferStage.Running => t["offers.stage.running"],
        OfferStage.Ended => t["offers.stage.ended"],
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, null),
    };

    /// <summary>The class of a badge.</summary>
    public static string Mark(OfferStage stage) => stage switch
    {
        OfferStage.Running => "role-handover",
        OfferStage.Scheduled => "role-owner",
        _ => "role-host",
    };
}
