using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Chat.Server.Transport;

/// <summary>A connection that was upgraded inside the HTTP server: its stream as pipes, without a socket to reach past them.</summary>
internal sealed class UpgradedConnection : ConnectionContext
{
    private readonly HttpContext _http;

    public UpgradedConnection(HttpContext http, Stream stream)
    {
        (_http, ConnectionId, ConnectionClosed) = (http, http.Connection.Id, http.RequestAborted);
        if (http.Connection.RemoteIpAddress is { } address) RemoteEndPoint = new IPEndPoint(address, http.Connection.RemotePort);
        Transport = new StreamPipe(
            PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true)),
            PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true)));
    }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; }

    public override void Abort(ConnectionAbortedException abortReason) => _http.Abort();

    private sealed record StreamPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
