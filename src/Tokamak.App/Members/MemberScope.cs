using Tokamak.App.Access;

namespace Tokamak.App.Members;

/// <summary>
/// Whose whole picture somebody may open: the office everybody's, a manager those of the own store, a clerk their own members. Whoever
/// else stands at the counter is found by their key, and shown as far as a counter needs.
/// </summary>
internal static class MemberScope
{
    public static bool MaySee(Viewer viewer, Profile profile) => viewer switch
    {
        not null when Permissions.SeesAll(viewer) => true,
        { Role: AccountRole.Manager, Store: { } store } => profile.Binding?.Binding?.Store == store,
        { Staff: { } staff } => profile.Binding?.Binding?.Staff == staff,
        _ => false,
    };
}
