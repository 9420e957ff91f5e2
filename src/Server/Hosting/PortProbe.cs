using System.Net;
using System.Net.Sockets;

namespace Chat.Server.Hosting;

/// <summary>Asks the system whether the server could listen where it is to. Nothing listens behind it.</summary>
internal static class PortProbe
{
    /// <returns>What stands in the way; null when it could.</returns>
    public static SocketError? FindFault(ServerOptions options)
    {
        IPAddress address = options.Host switch { "*" => IPAddress.Any, "localhost" => IPAddress.Loopback, _ => IPAddress.Parse(options.Host) };
        try
        {
            using Socket probe = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(address, options.Port));
            return null;
        }
        catch (SocketException fault)
        {
            return fault.SocketErrorCode;
        }
    }
}
