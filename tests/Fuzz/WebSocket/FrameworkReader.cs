using System.Buffers;
using System.Net.WebSockets;

namespace Chat.Fuzz.WebSocket;

/// <summary>Reads a stream with the framework's own WebSocket: messages and how it ended; it hands out no pings.</summary>
internal sealed class FrameworkReader
{
    private readonly byte[] _message = new byte[1 << 17];
    private readonly OneWayStream _stream = new();

    public async ValueTask ReadAsync(byte[] stream, Transcript into)
    {
        into.Clear();
        _stream.Restart(stream);
        using System.Net.WebSockets.WebSocket socket = System.Net.WebSockets.WebSocket.CreateFromStream(
            _stream, isServer: true, subProtocol: null, Timeout.InfiniteTimeSpan);
        int length = 0;
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult received = await socket.ReceiveAsync(_message.AsMemory(length), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    into.EndWith($"close {(int)(socket.CloseStatus ?? 0)} {socket.CloseStatusDescription}");
                    return;
                }

                length += received.Count;
                if (!received.EndOfMessage) continue;
                into.Add(received.MessageType == WebSocketMessageType.Text ? 'T' : 'B', new ReadOnlySequence<byte>(_message, 0, length));
                length = 0;
            }
        }
        catch (WebSocketException fault)
        {
            into.EndWith(fault.WebSocketErrorCode == WebSocketError.ConnectionClosedPrematurely ? "end" : "violation", why: fault.Message);
        }
    }

    /// <summary>Gives its bytes, then ends; swallows what is written.</summary>
    private sealed class OneWayStream : Stream
    {
        private byte[] _bytes = [];
        private int _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Restart(byte[] bytes) => (_bytes, _at) = (bytes, 0);

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int count = Math.Min(buffer.Length, _bytes.Length - _at);
            _bytes.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(Read(buffer.Span));

        public override void Flush()
        {
            // nothing is kept
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            // the answers of the framework's socket are of no interest here
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => default;
    }
}
