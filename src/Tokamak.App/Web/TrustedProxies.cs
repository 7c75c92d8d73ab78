using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Tokamak.App.Web;

/// <summary>
/// Who is believed when they say where a request came from and whether it came by https (<c>X-Forwarded-For</c>, <c>X-Forwarded-Proto</c>). The
/// host name is taken from nobody but the request itself: it says which brand is asked for.
/// </summary>
/// <param name="Networks">Addresses, each a network of its own, and networks.</param>
public sealed record TrustedProxies(IReadOnlyList<IPNetwork> Networks)
{
    /// <summary>Reads an address such as <c>10.0.0.4</c>, or a network such as <c>10.0.0.0/28</c>.</summary>
    public static bool TryRead(string text, out IPNetwork network)
    {
        if (text.Contains('/', StringComparison.Ordinal)) return IPNetwork.TryParse(text, out network);
        network = default;
        // Half an address is one for the parser: 10 would be 0.0.0.10, and nobody's proxy.
        if (!IPAddress.TryParse(text, out var address) || (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != text)) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }

    /// <summary>First of all, so that whatever comes after knows the visitor only.</summary>
    public void AddTo(WebApplication app)
    {
        // With an empty list the framework believes everybody.
        if (Networks.Count == 0) return;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            // As far back as each one is known: a proxy may stand behind another.
            ForwardLimit = null,
        };
        // The framework brings this very machine along: it is believed only if it is named.
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var network in Networks) options.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(options);
    }
}
