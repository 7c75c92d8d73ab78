using System.Globalization;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.Appeals;

/// <summary>How the office puts right what it upholds.</summary>
public enum RemedyKind
{
    CorrectSale,
    AddService,
    VoidService,
    RightAlready,
}

/// <summary>A ruling as the form brings it, and the same again for the form that confirms it.</summary>
public sealed class AskedRuling
{
    private const string LocalTime = "yyyy-MM-dd'T'HH:mm";

    public AppealState? State { get; set; }
    public string? Reason { get; set; }
    public RemedyKind? Remedy { get; set; }
    public string? SaleStaff { get; set; }
    public string? SaleCode { get; set; }
    public string? SaleMember { get; set; }
    public bool SaleLines { get; set; }
    public string? ServiceKind { get; set; }
    public string? ServiceAt { get; set; }
    public string? ServiceStaff { get; set; }
    public string? ServiceStore { get; set; }
    public string? ServiceMember { get; set; }
    public string? Voided { get; set; }
    public string? Already { get; set; }

    /// <summary>The digest of what was shown.</summary>
    public string? Shown { get; set; }

    /// <summary>Everything but the digest, by the names of the form.</summary>
    public IEnumerable<(string Name, string? Value)> Kept =>
    [
        (nameof(State), State?.ToString()), (nameof(Reason), Reason), (nameof(Remedy), Remedy?.ToString()), (nameof(SaleStaff), SaleStaff), (nameof(SaleCode), SaleCode), (nameof(SaleMember), SaleMember),
        (nameof(SaleLines), SaleLines ? "true" : "false"), (nameof(ServiceKind), ServiceKind), (nameof(ServiceAt), ServiceAt), (nameof(ServiceStaff), ServiceStaff), (nameof(ServiceStore), ServiceStore),
        (nameof(ServiceMember), ServiceMember), (nameof(Voided), Voided), (nameof(Already), Already),
    ];

    /// <summary>What they decide; null where something is missing or is none.</summary>
    /// <param name="kinds">Service kinds that can be added.</param>
    /// <param name="zone">The brand's, whose clock the form shows.</param>
    public Ruling? Read(IEnumerable<string> kinds, Zone zone)
    {
        if (AppealSteps.Read(Reason) is not { } reason) return null;
        if (State == AppealState.Rejected) return new Ruling(AppealState.Rejected, reason, null);
        return State is AppealState.Upheld or AppealState.Partly && RemedyOf(kinds, zone) is { } remedy ? new Ruling(State.Value, reason, remedy) : null;
    }

    private Remedy? RemedyOf(IEnumerable<string> kinds, Zone zone) => Remedy switch
    {
        RemedyKind.CorrectSale => IsIdOrNone(SaleStaff) && IsIdOrNone(SaleCode) && IsIdOrNone(SaleMember)
            ? new CorrectSale(Id(SaleStaff) is { } staff ? new StaffId(staff) : null, Id(SaleCode), Id(SaleMember) is { } member ? new MemberId(member) : null, SaleLines) : null,
        RemedyKind.AddService => ServiceKind is { } kind && kinds.Contains(kind) && DateTime.TryParseExact(ServiceAt, LocalTime, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            && Id(ServiceStaff) is { } by && Id(ServiceStore) is { } at && Id(ServiceMember) is { } whom && IsIdOrNone(by) && IsIdOrNone(at) && IsIdOrNone(whom)
            ? new ServiceToAdd(kind, zone.InstantOf(local), new StaffId(by), new StoreId(at), new MemberId(whom)) : null,
        RemedyKind.VoidService => Id(Voided) is { } voided && IsIdOrNone(voided) ? new ServiceToVoid(new FactId(voided)) : null,
        RemedyKind.RightAlready => Id(Already) is { } already && IsIdOrNone(already) ? new RightAlready(new FactId(already)) : null,
        _ => null,
    };

    private static string? Id(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();

    private static bool IsIdOrNone(string? typed) => Id(typed) is not { } id || FactForm.IsId(id);
}
