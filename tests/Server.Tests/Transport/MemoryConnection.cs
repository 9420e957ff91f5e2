using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Chat.Server.Tests.Transport;

/// <summary>A connection without a socket: what the transport gets is a pair of pipes.</summary>
internal sealed class MemoryConnection(PipeReader input, PipeWriter output) : ConnectionContext, IDuplexPipe
{
    public bool IsAborted { get; private set; }

    public PipeReader Input => input;

    public PipeWriter Output => output;

    public override string ConnectionId { get; set; } = "memory";

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport
    {
        get => this;
        set => throw new NotSupportedException();
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        IsAborted = true;
        input.CancelPendingRead();
        output.CancelPendingFlush();
    }
}
