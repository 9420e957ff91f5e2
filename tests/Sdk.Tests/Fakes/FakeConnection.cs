using System.Buffers;
using System.Threading.Channels;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames;
using Chat.Protocol.Framing;
using Chat.Sdk.Transport;

namespace Chat.Sdk.Tests.Fakes;

/// <summary>The server's end of one in-memory connection.</summary>
public sealed class FakeConnection(FakeServer server) : ITransportConnection
{
    private readonly Channel<TransportMessage> _toClient = Channel.CreateUnbounded<TransportMessage>();
    private readonly List<FrameType> _received = [];

    public bool IsOpen { get; private set; } = true;

    /// <summary>Pushes reach the client; false from the moment on that the server has gone silent.</summary>
    public bool IsOnline { get; set; }

    public IReadOnlyList<FrameType> Received
    {
        get { lock (_received) return [.. _received]; }
    }

    public void Send<T>(in T frame, uint requestId = 0)
        where T : struct, IFrame<T> => SendBytes(FrameEncoder.Encode(in frame, requestId));

    public void SendBytes(byte[] message) => _toClient.Writer.TryWrite(new TransportMessage(message));

    public void Close(int code, string reason = "")
    {
        (IsOpen, IsOnline) = (false, false);
        _toClient.Writer.TryWrite(new TransportMessage(default, code, reason));
        _toClient.Writer.TryComplete();
    }

    /// <summary>Cuts the connection without a word.</summary>
    public void Break()
    {
        (IsOpen, IsOnline) = (false, false);
        _toClient.Writer.TryComplete(new IOException("reset by peer"));
    }

    /// <summary>The transport itself fails, in a way that it does not say it may.</summary>
    public void Fail(Exception fault)
    {
        (IsOpen, IsOnline) = (false, false);
        _toClient.Writer.TryComplete(fault);
    }

    public async ValueTask<TransportMessage> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _toClient.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException closed) when (closed.InnerException is null or IOException)
        {
            throw new IOException("reset by peer", closed);
        }
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (!IsOpen) throw new IOException("reset by peer");

        var input = new ReadOnlySequence<byte>(message.ToArray());
        while (!input.IsEmpty)
        {
            Assert.That(FrameReader.TryRead(ref input, ProtocolLimits.MaxClientFrameBytes, out ReadOnlySequence<byte> body), Is.EqualTo(FrameReadResult.Complete));
            Assert.That(FrameHeader.TryReadRequest(body, out FrameHeader header), Is.EqualTo(FrameDecodeResult.Ok));
            lock (_received) _received.Add(header.Type);
            server.OnRequest(this, header, body);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask CloseAsync(int code, string reason, CancellationToken cancellationToken)
    {
        Close(code, reason);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        (IsOpen, IsOnline) = (false, false);
        return ValueTask.CompletedTask;
    }
}
