using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

using Chat.Protocol.Codes;
using Chat.Protocol.Framing;

namespace Chat.Load.Wire;

/// <summary>
/// One client on a raw socket: the upgrade, WebSocket frames without fragments, frames of the protocol. Receiving happens on the socket
/// engine's thread; sending on any, under a lock, and at once.
/// </summary>
internal sealed class LoadConnection(int index, IFrameSink sink) : IDisposable
{
    private const int FirstBufferBytes = 16 * 1_024;
    private const int OpcodePing = 9;
    private const int OpcodeClose = 8;
    private const int OpcodeBinary = 2;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly SocketAsyncEventArgs _receiving = new();
    private readonly Lock _sending = new();
    private byte[] _buffer = new byte[FirstBufferBytes];
    private int _have;
    private int _isClosed;

    public int Index => index;

    /// <summary>Its place among the members of its group.</summary>
    public int Member { get; set; }

    /// <summary>Connects and upgrades; then frames go to the sink until <see cref="Dispose"/> or the server's close.</summary>
    public async Task OpenAsync(IPEndPoint server, CancellationToken ct)
    {
        await _socket.ConnectAsync(server, ct);
        string upgrade =
            $"GET /ws HTTP/1.1\r\nHost: {server}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
        await _socket.SendAsync(Encoding.ASCII.GetBytes(upgrade), ct);
        while (true)
        {
            int read = await _socket.ReceiveAsync(_buffer.AsMemory(_have), ct);
            if (read == 0) throw new IOException("The server closed the connection instead of upgrading it.");

            _have += read;
            int end = _buffer.AsSpan(0, _have).IndexOf("\r\n\r\n"u8);
            if (end < 0) continue;
            if (!_buffer.AsSpan(0, end).StartsWith("HTTP/1.1 101"u8))
                throw new IOException($"The upgrade was refused: {Encoding.ASCII.GetString(_buffer, 0, Math.Min(end, 200))}");

            Consume(end + 4);
            break;
        }

        _receiving.Completed += (_, _) => Receive(isCompletion: true);
        Receive(isCompletion: false);
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (Volatile.Read(ref _isClosed) != 0) return;

        try
        {
            lock (_sending)
            {
                while (!bytes.IsEmpty) bytes = bytes[_socket.Send(bytes)..];
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            Close(ended.Message);
        }
    }

    public void Dispose()
    {
        Interlocked.Exchange(ref _isClosed, 1);
        _socket.Dispose();
        _receiving.Dispose();
    }

    private void Receive(bool isCompletion)
    {
        try
        {
            bool isDone = isCompletion;
            while (Volatile.Read(ref _isClosed) == 0)
            {
                if (isDone)
                {
                    if (_receiving.SocketError != SocketError.Success || _receiving.BytesTransferred == 0)
                    {
                        Close(_receiving.SocketError.ToString());
                        return;
                    }

                    _have += _receiving.BytesTransferred;
                    TakeWebSocketFrames(Stopwatch.GetTimestamp());
                }
                else if (_have > 0)
                {
                    TakeWebSocketFrames(Stopwatch.GetTimestamp()); // came with the upgrade's answer
                }

                _receiving.SetBuffer(_buffer, _have, _buffer.Length - _have);
                if (_socket.ReceiveAsync(_receiving)) return;

                isDone = true;
            }
        }
        catch (ObjectDisposedException)
        {
            Close("disposed");
        }
    }

    private void TakeWebSocketFrames(long now)
    {
        int at = 0;
        while (_have - at >= 2)
        {
            ReadOnlySpan<byte> input = _buffer.AsSpan(at, _have - at);
            int length = input[1] & 0x7f;
            int header = length switch { 126 => 4, 127 => 10, _ => 2 };
            if (input.Length < header) break;
            if (length == 126) length = BinaryPrimitives.ReadUInt16BigEndian(input[2..]);
            else if (length == 127) length = checked((int)BinaryPrimitives.ReadUInt64BigEndian(input[2..]));

            if (header + length > _buffer.Length) Array.Resize(ref _buffer, Math.Max(header + length, _buffer.Length * 2));
            if (_have - at < header + length) break;

            TakeWebSocketFrame(input[0], _buffer.AsSpan(at + header, length), now);
            at += header + length;
        }

        Consume(at);
    }

    private void TakeWebSocketFrame(byte first, ReadOnlySpan<byte> payload, long now)
    {
        switch (first & 0x0f)
        {
            case OpcodeBinary when (first & 0x80) != 0:
                TakeFrames(payload, now);
                break;
            case OpcodePing:
                Send(ClientFrames.Pong(payload));
                break;
            case OpcodeClose:
                Close(payload.Length < 2 ? "close" : $"close {BinaryPrimitives.ReadUInt16BigEndian(payload)}");
                break;
            default:
                Close($"a WebSocket frame that starts with 0x{first:x2}");
                break;
        }
    }

    private void TakeFrames(ReadOnlySpan<byte> input, long now)
    {
        while (input.Length >= FrameReader.HeaderBytes)
        {
            int length = (int)BinaryPrimitives.ReadUInt32LittleEndian(input);
            if (length < 0 || input.Length - FrameReader.HeaderBytes < length) break;

            ReadOnlySpan<byte> body = input.Slice(FrameReader.HeaderBytes, length);
            var reader = new WireReader(body);
            reader.ReadArray();
            var type = (FrameType)reader.ReadInteger();
            uint requestId = (uint)reader.ReadInteger();
            sink.OnFrame(this, type, requestId, body, now);
            input = input[(FrameReader.HeaderBytes + length)..];
        }

        if (!input.IsEmpty) Close("a frame that is cut short");
    }

    private void Consume(int bytes)
    {
        _have -= bytes;
        if (_have > 0) Buffer.BlockCopy(_buffer, bytes, _buffer, 0, _have);
    }

    private void Close(string why)
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0) sink.OnClosed(this, why);
    }
}
