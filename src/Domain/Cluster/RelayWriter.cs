using System.Buffers.Binary;
using Chat.Domain.Fanout;
using Chat.Storage.Chats;

namespace Chat.Domain.Cluster;

/// <summary>
/// Writes publications about chats, see <see cref="RelayFormat"/>. Each is an array of its own that does not change any more. One thread.
/// </summary>
internal sealed class RelayWriter
{
    private const int MaxVarintBytes = 10;

    private byte[] _buffer = new byte[1 << 10];
    private int _length;

    public static byte[] Ephemeral(long chatId, ReadOnlySpan<byte> frame)
    {
        RelayWriter writer = new() { _buffer = new byte[2 + (2 * MaxVarintBytes) + frame.Length] };
        writer.Begin(RelayFormat.Ephemeral);
        writer.Integer(1);
        writer.Integer(chatId);
        writer.Bytes(frame);
        return writer.ToArray();
    }

    public static byte[] Directed(long principalId, long deviceId, ReadOnlySpan<byte> frame)
    {
        RelayWriter writer = new() { _buffer = new byte[2 + (3 * MaxVarintBytes) + frame.Length] };
        writer.Begin(RelayFormat.Directed);
        writer.Integer(1);
        writer.Integer(principalId);
        writer.Integer(deviceId);
        writer.Bytes(frame);
        return writer.ToArray();
    }

    public static byte[] Farewell(long incarnation)
    {
        byte[] payload = new byte[1 + sizeof(long)];
        payload[0] = (byte)RelayFormat.Farewell;
        BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(1), incarnation);
        return payload;
    }

    public byte[] Heads(long incarnation, ReadOnlySpan<ChatHead> heads)
    {
        Begin(RelayFormat.Heads);
        BinaryPrimitives.WriteInt64LittleEndian(Reserve(sizeof(long)), incarnation);
        _length += sizeof(long);
        Integer(heads.Length);
        foreach (ChatHead head in heads)
        {
            Integer(head.ChatId);
            Integer(head.Sequence);
        }

        return ToArray();
    }

    public void BeginEvents(int count)
    {
        Begin(RelayFormat.Events);
        Integer(count);
    }

    public void Event(in SequencedPush push)
    {
        Integer(push.ChatId);
        Integer(push.Sequence);
        Integer(push.Kind);
        Integer(push.SubjectId);
        Bytes(push.Encoded.Span);
    }

    public byte[] ToArray() => _buffer.AsSpan(0, _length).ToArray();

    private void Begin(RelayFormat format)
    {
        _length = 0;
        Reserve(1)[0] = (byte)format;
        _length = 1;
    }

    private void Integer(long value)
    {
        Span<byte> to = Reserve(MaxVarintBytes);
        ulong rest = (ulong)value;
        int bytes = 0;
        while (rest >= 0x80)
        {
            to[bytes++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        to[bytes++] = (byte)rest;
        _length += bytes;
    }

    private void Bytes(ReadOnlySpan<byte> bytes)
    {
        Integer(bytes.Length);
        bytes.CopyTo(Reserve(bytes.Length));
        _length += bytes.Length;
    }

    private Span<byte> Reserve(int bytes)
    {
        if (_length + bytes > _buffer.Length) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes));
        return _buffer.AsSpan(_length);
    }
}
