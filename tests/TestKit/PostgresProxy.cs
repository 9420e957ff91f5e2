using System.Net.Sockets;
using Npgsql;

namespace Chat.TestKit;

/// <summary>
/// Stands between a client and PostgreSQL's unix socket, and can lose what a real network loses: the reply to a commit that went
/// through (<see cref="SwallowNextReply"/>), or a request before it arrived (<see cref="CutBeforeNextRequest"/>).
/// </summary>
public sealed class PostgresProxy : IAsyncDisposable
{
    // ReadyForQuery, idle: PostgreSQL says so after the commit.
    private static readonly byte[] ReadyForQuery = [(byte)'Z', 0, 0, 0, 5, (byte)'I'];

    // The same inside of a transaction: the answer to no commit.
    private static readonly byte[] ReadyInTransaction = [(byte)'Z', 0, 0, 0, 5, (byte)'T'];

    private readonly string _folder;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly UnixDomainSocketEndPoint _server;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<Socket, bool> _clients = new();
    private readonly System.Collections.Concurrent.ConcurrentBag<Socket> _forgotten = [];
    private int _swallow;
    private int _cut;

    /// <param name="folder">Where its socket is made; null makes a folder. Goes with the proxy.</param>
    public PostgresProxy(string connectionString, string? folder = null)
    {
        _folder = folder ?? Directory.CreateTempSubdirectory("chat-proxy-").FullName;
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        _server = new UnixDomainSocketEndPoint($"{builder.Host}/.s.PGSQL.{builder.Port}");
        _listener.Bind(new UnixDomainSocketEndPoint($"{_folder}/.s.PGSQL.5432"));
        _listener.Listen();
        builder.Host = _folder;
        builder.Port = 5432;
        ConnectionString = builder.ConnectionString;
        _accepting = AcceptAsync();
    }

    /// <summary>The same database, through this proxy.</summary>
    public string ConnectionString { get; }

    /// <summary>Replies swallowed so far.</summary>
    public int Swallowed { get; private set; }

    /// <summary>
    /// Lets the next request through, waits until PostgreSQL has answered it completely, and cuts the client off without a byte of the
    /// answer. Of a transaction of several requests it is the commit.
    /// </summary>
    public void SwallowNextReply() => Volatile.Write(ref _swallow, 1);

    /// <summary>Cuts the client off when it sends its next request, which never arrives.</summary>
    public void CutBeforeNextRequest() => Volatile.Write(ref _cut, 1);

    /// <summary>
    /// Cuts all clients off, while PostgreSQL is left to believe that they are there: a network that ate the goodbye. Those who come
    /// afterwards are served.
    /// </summary>
    public void ForgetClients()
    {
        foreach (Socket client in _clients.Keys)
        {
            _clients[client] = true;
            client.Shutdown(SocketShutdown.Both);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        foreach (Socket server in _forgotten) server.Dispose();
        _stopping.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(RelayAsync(await _listener.AcceptAsync(_stopping.Token)));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task RelayAsync(Socket client)
    {
        var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _clients[client] = false; // true: PostgreSQL is not told of its end
        try
        {
            await server.ConnectAsync(_server, _stopping.Token);
            await Task.WhenAny(RequestsAsync(client, server), RepliesAsync(client, server));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            return; // the end of one of the two, or of the proxy
        }
        finally
        {
            _clients.TryRemove(client, out bool forgotten);
            client.Dispose();
            if (forgotten) _forgotten.Add(server);
            else server.Dispose();
        }
    }

    private async Task RequestsAsync(Socket client, Socket server)
    {
        byte[] buffer = new byte[1 << 16];
        int read;
        while ((read = await ReceiveAsync(client, buffer)) > 0)
        {
            if (Interlocked.Exchange(ref _cut, 0) == 1) return;
            await SendAsync(server, buffer.AsMemory(0, read));
        }
    }

    private async Task RepliesAsync(Socket client, Socket server)
    {
        byte[] buffer = new byte[1 << 16];
        int read;
        while ((read = await ReceiveAsync(server, buffer)) > 0)
        {
            if (Volatile.Read(ref _swallow) == 0 || buffer.AsSpan(0, read).EndsWith(ReadyInTransaction))
            {
                await SendAsync(client, buffer.AsMemory(0, read));
                continue;
            }
            if (!buffer.AsSpan(0, read).EndsWith(ReadyForQuery)) continue;
            Volatile.Write(ref _swallow, 0);
            Swallowed++;
            return;
        }
    }

    private async ValueTask<int> ReceiveAsync(Socket socket, Memory<byte> buffer)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, SocketFlags.None, _stopping.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }

    private async ValueTask SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
                bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, _stopping.Token)..];
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            return; // the other direction ends the relay
        }
    }
}
