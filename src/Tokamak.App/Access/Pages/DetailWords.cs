using Tokamak.App.Web;

namespace Tokamak.App.Access.Pages;

/// <summary>Details that the sign-in writes, in words; what others write is shown as it stands.</summary>
internal static class DetailWords
{
    private const string Arrow = " → ";

    /// <summary>Whether these are words of ours, and not data.</summary>
    public static bool IsOurs(AuditEntry entry) => entry.What is AuditKind.SignedIn or AuditKind.SignInRefused or AuditKind.LockedOut or AuditKind.Invited or AuditKind.RoleChanged;

    public static string? Of(Texts t, AuditEntry entry) => entry.What switch
    {
        AuditKind.Invited or AuditKind.RoleChanged => entry.Detail is { } roles ? string.Join(Arrow, roles.Split(Arrow).Select(role => Enum.TryParse<AccountRole>(role, out var known) ? RoleName.Of(t, known) : role)) : null,
        AuditKind.SignedIn or AuditKind.SignInRefused or AuditKind.LockedOut => Way(t, entry.Detail),
        _ => entry.Detail,
    };

    private static string? Way(Texts t, string? detail) => detail switch
    {
        SignInWay.Password => t["audit.way.password"],
        SignInWay.Code => t["audit.way.code"],
        SignInWay.RecoveryCode => t["audit.way.recovery"],
        SignInWay.Passkey => t["audit.way.passkey"],
        SignInWay.Demo => t["audit.way.demo"],
        SignInWay.UnknownName => t["audit.way.name"],
        SignInWay.Account => t["audit.way.account"],
        SignInWay.Roster => t["audit.way.roster"],
        SignInWay.AtOnce => t["audit.way.atonce"],
        _ => detail,
    };
}
