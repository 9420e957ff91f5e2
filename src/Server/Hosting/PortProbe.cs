using System.Net;
using System.Net.Sockets;

namespace Chat.Server.Hosting;

/// <summary>Asks the system whether a server could listen somewhere. Nothing listens behind it.</summary>
internal static class PortProbe
{
    /// <returns>What stands in the way; null when it could.</returns>
    public static SocketError? FindFault(ServerOptions options)
    {
        IPAddress address = options.Host switch { "*" => IPAddress.Any, "localhost" => IPAddress.Loopback, _ => IPAddress.Parse(options.Host) };
        return FindFault(new IPEndPoint(address, options.Port));
    }

    /// <inheritdoc cref="FindFault(ServerOptions)"/>
    public static SocketError? FindFault(IPEndPoint endPoint)
    {
        try
        {
            using Socket probe = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(endPoint);
            return null;
        }
        catch (SocketException fault)
        {
            return fault.SocketErrorCode;
        }
    }
}
