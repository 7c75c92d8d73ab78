using System.Globalization;

namespace Tokamak.App.Data;

/// <summary>A host name as the catalogue keeps it: lower case, without port and final dot, other scripts as <c>xn--</c>.</summary>
internal static class HostName
{
    public static string? Normal(string host)
    {
        host = host.Trim().TrimEnd('.');
        try
        {
            if (!host.All(char.IsAscii)) host = new IdnMapping().GetAscii(host);
        }
        catch (ArgumentException)
        {
            return null;
        }
        return Uri.CheckHostName(host) == UriHostNameType.Unknown ? null : host.ToLowerInvariant();
    }

    public static string Checked(string host) =>
        Normal(host) ?? throw new WrongDatabaseException($"'{host}' is not a host name: write it as shop.example.com, without https:// and port.");
}
