using System.Net;
using System.Net.Sockets;

namespace Chat.TestKit;

/// <summary>Ports for processes that must know theirs before they start, or come back on the same one.</summary>
public static class FreePort
{
    /// <summary>A port that nobody listens on now. Somebody may take it before the process does: the start is then tried again.</summary>
    public static int Next()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
