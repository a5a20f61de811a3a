using System.Net;
using System.Net.Sockets;

namespace Calango.Core.Network;

/// <summary>Which addresses belong to the public internet, after IANA's registries of special purposes: the others are this machine's, its network's, or ways to either.</summary>
public static class PublicAddresses
{
    private static readonly IPNetwork[] Special4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork Unicast6 = IPNetwork.Parse("2000::/3");

    // Tunnels carry an IPv4 address inside: Teredo in the first of these, 6to4 in 2002::/16.
    private static readonly IPNetwork[] Special6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    /// <summary>Whether it is one of the public internet.</summary>
    public static bool Contain(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetwork
            ? !Array.Exists(Special4, network => network.Contains(plain))
            : Unicast6.Contains(plain) && !Array.Exists(Special6, network => network.Contains(plain));
    }
}
