using Chat.Sdk.Transport;

namespace Chat.Chaos.Workload;

/// <summary>
/// One client's way round the nodes: each connection goes to the next one, REST to the one that answered last. Thread-safe.
/// </summary>
internal sealed class NodeRoute(IReadOnlyList<Uri> nodes, int first)
{
    private int _socket = first - 1;
    private int _rest = first;

    /// <summary>The node of the present connection, as an index.</summary>
    public int Node => (int)((uint)Volatile.Read(ref _socket) % (uint)nodes.Count);

    /// <summary>Carries REST requests to a node that answers.</summary>
    public HttpClient CreateHttp() => new(new Handler(this)) { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Opens each connection to the next node.</summary>
    public ITransport CreateTransport() => new Transport(this);

    private Uri RestNode => nodes[(int)((uint)Volatile.Read(ref _rest) % (uint)nodes.Count)];

    /// <summary>Goes on to the next node, and says what of it an address of the first one is.</summary>
    private Uri NextSocket(Uri url)
    {
        Interlocked.Increment(ref _socket);
        return At(nodes[Node], url);
    }

    private static Uri At(Uri node, Uri url) => new UriBuilder(url) { Host = node.Host, Port = node.Port }.Uri;

    private sealed class Transport(NodeRoute route) : ITransport
    {
        private readonly ClientWebSocketTransport _inner = new();

        public Task<ITransportConnection> ConnectAsync(Uri url, CancellationToken cancellationToken) =>
            _inner.ConnectAsync(route.NextSocket(url), cancellationToken);
    }

    private sealed class Handler(NodeRoute route) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = At(route.RestNode, request.RequestUri!);
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (HttpRequestException)
            {
                Interlocked.Increment(ref route._rest); // the caller hears of it, and its next request goes elsewhere
                throw;
            }
        }
    }
}
