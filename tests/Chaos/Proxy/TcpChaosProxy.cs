using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

using Chat.TestKit;

namespace Chat.Chaos.Proxy;

/// <summary>
/// Stands between TCP clients and a server and does what networks do: delays, narrows, stalls one way or both, closes half, resets, cuts in
/// the middle, refuses. Needs no rights. Changes hold at once, for open connections too. Thread-safe.
/// </summary>
internal sealed class TcpChaosProxy : IAsyncDisposable
{
    private readonly Func<FlowFilters>? _filters;
    private readonly ConcurrentDictionary<ProxiedConnection, Task> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly IPEndPoint _address;
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private volatile LinkConditions _toServer = LinkConditions.Good;
    private volatile LinkConditions _toClient = LinkConditions.Good;
    private volatile EndPoint _target;
    private long _accepted;

    /// <param name="target">The server.</param>
    /// <param name="filters">Makes the filters of each new connection. Default: none.</param>
    /// <param name="listen">Address to listen on. Default: loopback.</param>
    public TcpChaosProxy(EndPoint target, Func<FlowFilters>? filters = null, IPAddress? listen = null)
    {
        (_target, _filters) = (target, filters);
        Socket listener = ListenAnywhere(listen ?? IPAddress.Loopback);
        _address = (IPEndPoint)listener.LocalEndPoint!;
        Open(listener);
    }

    public int Port => _address.Port;

    public EndPoint Target
    {
        get => _target;
        set => _target = value;
    }

    /// <summary>From clients to the server.</summary>
    public LinkConditions ToServer
    {
        get => _toServer;
        set => _toServer = value;
    }

    /// <summary>From the server to clients.</summary>
    public LinkConditions ToClient
    {
        get => _toClient;
        set => _toClient = value;
    }

    public LinkConditions BothWays
    {
        set => (_toServer, _toClient) = (value, value);
    }

    /// <summary>Connections taken so far.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>Connections that are open.</summary>
    public int OpenConnections => _connections.Count;

    /// <summary>Nobody listens any more, until <see cref="Admit"/>: new connections are refused, open ones stay.</summary>
    public async Task RefuseAsync()
    {
        if (Interlocked.Exchange(ref _listener, null) is not { } listener) return;
        listener.Dispose();
        await _accepting;
    }

    /// <summary>Listens again on the same port.</summary>
    public void Admit()
    {
        if (_listener is null) Open(Listen(_address));
    }

    /// <summary>All open connections see a reset.</summary>
    public void ResetAll()
    {
        foreach (ProxiedConnection connection in _connections.Keys) connection.Reset();
    }

    /// <summary>All clients see the end of their stream; the server sees nothing.</summary>
    public void HalfCloseAll()
    {
        foreach (ProxiedConnection connection in _connections.Keys) connection.HalfClose();
    }

    /// <summary>Cuts everything: open connections are reset and new ones refused.</summary>
    public async Task CutAsync()
    {
        await RefuseAsync();
        ResetAll();
    }

    /// <summary>Ends all faults of this link.</summary>
    public void Heal()
    {
        BothWays = LinkConditions.Good;
        Admit();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await CutAsync();
        await Task.WhenAll(_connections.Values);
        _stopping.Dispose();
    }

    private static Socket ListenAnywhere(IPAddress address)
    {
        while (true)
        {
            try
            {
                return Listen(new IPEndPoint(address, FreePort.Next()));
            }
            catch (SocketException fault) when (fault.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                continue; // another process was faster
            }
        }
    }

    // Without SocketOptionName.ReuseAddress, which lets two listen on one port: while this one refuses, another may have taken it, and each would
    // get some of the other's clients.
    private static Socket Listen(IPEndPoint address)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(address);
        listener.Listen(4_096);
        return listener;
    }

    private void Open(Socket listener)
    {
        _listener = listener;
        _accepting = AcceptAsync(listener);
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                Socket client = await listener.AcceptAsync(_stopping.Token);
                Interlocked.Increment(ref _accepted);
                _ = RelayAsync(client);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            return; // the listener was closed
        }
    }

    private async Task RelayAsync(Socket client)
    {
        EndPoint target = _target;
        var server = new Socket(
            target.AddressFamily, SocketType.Stream, target is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        var connection = new ProxiedConnection(client, server);
        var done = new TaskCompletionSource();
        _connections[connection] = done.Task;
        try
        {
            await server.ConnectAsync(target, _stopping.Token);
            if (target is IPEndPoint) (client.NoDelay, server.NoDelay) = (true, true);
            await connection.RunAsync(() => _toServer, () => _toClient, _filters?.Invoke() ?? default, _stopping.Token);
        }
        catch (Exception refused) when (refused is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            connection.Reset(); // the server is not there: the client sees that
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            done.SetResult();
        }
    }
}
