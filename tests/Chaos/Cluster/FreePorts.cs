using System.Net;
using System.Net.Sockets;

namespace Chat.Chaos.Cluster;

/// <summary>Ports for processes that must come back on the same one.</summary>
internal static class FreePorts
{
    /// <summary>A port that nobody listens on now. Somebody may take it before the process does: the start is then tried again.</summary>
    public static int Next()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
