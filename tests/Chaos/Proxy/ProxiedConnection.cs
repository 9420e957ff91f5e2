using System.Net.Sockets;

namespace Chat.Chaos.Proxy;

/// <summary>A client's connection and the one to the server that belongs to it.</summary>
internal sealed class ProxiedConnection(Socket client, Socket server)
{
    private int _isOver;

    /// <summary>Carries bytes both ways until both streams ended, or one was cut.</summary>
    public async Task RunAsync(Func<LinkConditions> toServer, Func<LinkConditions> toClient, FlowFilters filters, CancellationToken ct)
    {
        List<Task<bool>> flows =
        [
            new ProxyFlow(client, server, toServer, filters.ToServer).RunAsync(ct),
            new ProxyFlow(server, client, toClient, filters.ToClient).RunAsync(ct),
        ];
        while (flows.Count > 0)
        {
            Task<bool> ended = await Task.WhenAny(flows);
            flows.Remove(ended);
            if (!await ended) Reset();
        }

        Close();
    }

    /// <summary>Both sides see "connection reset by peer". Thread-safe, as often as wanted.</summary>
    public void Reset()
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0) return;
        foreach (Socket socket in (Socket[])[client, server])
        {
            // Linger of zero: close sends RST instead of FIN.
            try
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            catch (SocketException gone) when (gone.SocketErrorCode is SocketError.InvalidArgument or SocketError.NotConnected)
            {
                // the peer was faster; it is closed below all the same
            }

            socket.Dispose();
        }
    }

    /// <summary>The client sees the end of the stream and may go on sending; the server notices nothing.</summary>
    public void HalfClose()
    {
        try
        {
            client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            return; // closed more than half already
        }
    }

    private void Close()
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0) return;
        client.Dispose();
        server.Dispose();
    }
}
