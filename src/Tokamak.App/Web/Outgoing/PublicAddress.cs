using System.Net;
using System.Net.Sockets;

namespace Tokamak.App.Web.Outgoing;

/// <summary>
/// Whether a network address is one of the open Internet. All others are refused: this machine and its neighbours, clouds' addresses
/// of keys and settings, and whatever is reserved, multicast, or leads to such an address by another way of writing it.
/// </summary>
internal static class PublicAddress
{
    // The special-purpose registries of IANA, and one address that clouds answer at which no registry names.
    private static readonly IPNetwork[] Refused =
    [
        .. ((string[])
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        ]).Select(IPNetwork.Parse),
    ];

    /// <summary>Global unicast: what is outside it is this machine, a neighbour, multicast or reserved.</summary>
    private static readonly IPNetwork Unicast = IPNetwork.Parse("2000::/3");

    /// <summary>IPv4 behind a translator: the last four bytes say which.</summary>
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return Is(address.MapToIPv4());
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            if (Translated.Contains(address)) return Is(new IPAddress(address.GetAddressBytes()[^4..]));
            if (!Unicast.Contains(address)) return false;
        }
        return Array.TrueForAll(Refused, network => !network.Contains(address));
    }
}

/// <summary>A receiver's name leads to addresses of which none is of the open Internet.</summary>
internal sealed class PrivateAddressException : IOException
{
    public PrivateAddressException() : base("The receiver's name leads to no address of the open Internet.")
    {
    }
}
