using System.Net;

namespace Chat.Server.Transport.Proxies;

/// <summary>The balancers whose word about the client's address is taken. Immutable.</summary>
internal sealed class TrustedProxies(IEnumerable<string> networks)
{
    private readonly IPNetwork[] _networks =
        [.. networks.Select(text => TryParse(text, out IPNetwork network) ? network : throw new FormatException(text))];

    /// <summary>Whether the peer of a connection is one of them.</summary>
    public bool Contains(EndPoint? peer)
    {
        if (_networks.Length == 0 || peer is not IPEndPoint { Address: var address }) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        foreach (IPNetwork network in _networks)
            if (network.Contains(address)) return true;
        return false;
    }

    /// <summary>Reads an address, which stands for itself alone, or a network such as <c>10.0.0.0/8</c>.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        if (IPNetwork.TryParse(text, out network)) return true;
        if (text.Contains('/', StringComparison.Ordinal) || !IPAddress.TryParse(text, out IPAddress? address)) return false;
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }
}
