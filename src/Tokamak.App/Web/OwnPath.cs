namespace Tokamak.App.Web;

/// <summary>Addresses to return to are given by the browser: only paths of this host are followed.</summary>
public static class OwnPath
{
    public static string Or(string? path, string instead) => Is(path) ? path! : instead;

    /// <summary>A path of this host and nothing a browser could read as another one ("//evil", "/\evil").</summary>
    private static bool Is(string? path) =>
        path is ['/', ..] && path is not ['/', '/' or '\\', ..] && !path.Any(char.IsControl);
}
