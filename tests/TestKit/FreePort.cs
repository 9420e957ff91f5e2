using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Chat.TestKit;

/// <summary>Ports for processes that must know theirs before they start, or come back on the same one.</summary>
public static class FreePort
{
    /// <summary>Below the ports that the system gives to connections (ip(7), ip_local_port_range): whoever is started again finds its own free.</summary>
    private const int First = 20_000, End = 32_768;

    private static readonly HashSet<int> Given = [];

    /// <summary>
    /// A port that nobody listens on now, and that was not given before. Another process may take it first: the start is then tried again.
    /// Thread-safe.
    /// </summary>
    public static int Next()
    {
        while (true)
        {
            int port = RandomNumberGenerator.GetInt32(First, End);
            if (IsFree(port) && TryGive(port)) return port;
        }
    }

    private static bool TryGive(int port)
    {
        lock (Given) return Given.Add(port);
    }

    private static bool IsFree(int port)
    {
        try
        {
            using TcpListener probe = new(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
