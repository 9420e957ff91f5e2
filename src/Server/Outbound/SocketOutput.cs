using System.Buffers;
using Chat.Server.Transport.Sockets;

namespace Chat.Server.Outbound;

/// <summary>Sends straight on the socket, on the thread of its loop (ADR 0007).</summary>
internal sealed class SocketOutput : ConnectionOutput, ISocketSender
{
    private readonly SocketConnection _connection;
    private byte[]? _rest; // pump only
    private int _restStart;
    private int _restEnd;

    public SocketOutput(SocketConnection connection, OutboundPump pump, OutboundOptions options, TimeProvider time)
        : base(pump, options, time)
    {
        _connection = connection;
        connection.SendDirectly(this);
    }

    public void OnWritable()
    {
        if (_rest is null) return;

        int sent = SendNow(_rest.AsSpan(_restStart.._restEnd));
        if (sent > 0) NoteProgress();
        _restStart += Math.Max(0, sent);
        if (sent >= 0 && _restStart < _restEnd) return; // told again when there is more room

        ArrayPool<byte>.Shared.Return(_rest);
        _rest = null;
        EndSend(isSent: sent >= 0);
    }

    protected override int SendNow(ReadOnlySpan<byte> bytes)
    {
        int sent = _connection.TrySend(bytes);
        return sent >= 0 ? sent : sent is -LinuxSocket.WouldBlock or -LinuxSocket.Interrupted ? 0 : -1;
    }

    protected override void SendLater(byte[] rest, int length)
    {
        (_rest, _restStart, _restEnd) = (rest, 0, length);
        OnWritable(); // asked once more: the socket tells of room only after a send that found none
    }
}
