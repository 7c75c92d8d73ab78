using System.Text.RegularExpressions;
using Tokamak.App.Data;
using Tokamak.App.Web;

namespace Tokamak.App.Clerks.Appeals;

/// <summary>What is said about appeals, in the language of the page.</summary>
internal static partial class AppealWords
{
    public static string Of(Texts t, AppealState state) => state switch
    {
        AppealState.Open => t["appeal.state.open"],
        AppealState.Late => t["appeal.state.late"],
        AppealState.Upheld => t["appeal.state.upheld"],
        AppealState.Partly => t["appeal.state.partly"],
        AppealState.Rejected => t["appeal.state.rejected"],
        AppealState.Withdrawn => t["appeal.state.withdrawn"],
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static string LookOf(AppealState state) => state switch
    {
        AppealState.Open or AppealState.Late => "role-closer",
        AppealState.Upheld or AppealState.Partly => "role-handover",
        _ => "role-host",
    };

    public static string Of(Texts t, Complaint complaint) => complaint switch
    {
        Complaint.MissingService => t["appeal.complaint.service"],
        Complaint.AnotherClerk => t["appeal.complaint.clerk"],
        Complaint.AnotherMember => t["appeal.complaint.member"],
        Complaint.Handover => t["appeal.complaint.handover"],
        Complaint.Other => t["appeal.complaint.other"],
        _ => throw new ArgumentOutOfRangeException(nameof(complaint), complaint, null),
    };

    public static string Of(Texts t, CommentKind kind) => kind switch
    {
        CommentKind.Clerk => t["appeal.comment.clerk"],
        CommentKind.Manager => t["appeal.comment.manager"],
        CommentKind.Office => t["appeal.comment.office"],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public static string Of(Texts t, RemedyFault fault) => fault switch
    {
        RemedyFault.SaleUnknown => t["appeal.fault.sale"],
        RemedyFault.SaleVoided => t["appeal.fault.voided"],
        RemedyFault.SameAsBefore => t["appeal.fault.same"],
        RemedyFault.FactUnknown => t["appeal.fault.fact"],
        RemedyFault.FactVoided => t["appeal.fault.gone"],
        RemedyFault.NotYet => t["appeal.fault.future"],
        RemedyFault.KindNotListed => t["appeal.fault.kind"],
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };

    /// <summary>Days of a median, which may be half ones.</summary>
    public static string Days(Texts t, Show show, int? halves) => halves is not { } days ? "–" : t["appeal.days", show.Count(days / 2) + (days % 2 == 0 ? "" : ".5")];

    /// <summary>Rules as an address brings them; empty where they are none.</summary>
    public static string RulesOf(string? asked) => asked is not null && Rules().IsMatch(asked) ? asked : "";

    [GeneratedRegex(@"^R\d{1,2}(\.\d)?( R\d{1,2}(\.\d)?){0,5}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rules();
}
