using System.Net;

namespace Chat.Domain.Outside;

/// <summary>
/// Which addresses are those of the public internet. What people name and this service asks must not lead into the network that it runs in:
/// to a database, a metadata service, a router.
/// </summary>
public static class PublicAddress
{
    private const int Ipv4Bytes = 4;

    /// <summary>
    /// Blocks that are nobody's on the internet, or everybody's (IANA's registries of special-purpose addresses); and 168.63.129.16, which in Azure
    /// is each host's own agent.
    /// </summary>
    private static readonly IPNetwork[] Special =
    [
        .. ((string[])
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        ]).Select(block => IPNetwork.Parse(block)),
    ];

    /// <summary>Only 2000::/3 is given out at all; in it are these, some of which carry an IPv4 address.</summary>
    private static readonly IPNetwork[] SpecialV6 =
        [.. ((string[])["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]).Select(block => IPNetwork.Parse(block))];

    private static readonly IPNetwork GivenOut = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Whether the address is one host's on the internet. An IPv4 address inside of an IPv6 address is judged as what it is.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return IsPublic(address.MapToIPv4());
        if (address.GetAddressBytes().Length == Ipv4Bytes) return !Array.Exists(Special, block => block.Contains(address));
        if (Translated.Contains(address)) return IsPublic(new IPAddress(address.GetAddressBytes().AsSpan(12)));
        return GivenOut.Contains(address) && !Array.Exists(SpecialV6, block => block.Contains(address));
    }
}
