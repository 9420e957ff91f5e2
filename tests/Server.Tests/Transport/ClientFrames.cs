using System.Buffers.Binary;
using System.Text;
using Chat.Server.Transport;

namespace Chat.Server.Tests.Transport;

/// <summary>Encodes what a client sends, right or deliberately wrong.</summary>
internal static class ClientFrames
{
    public const int Text = 1;
    public const int Binary = 2;
    public const int Continuation = 0;
    public const int Close = 8;
    public const int Ping = 9;
    public const int Pong = 10;

    public static byte[] Encode(int opcode, ReadOnlySpan<byte> payload, bool fin = true, int rsv = 0, bool masked = true, int lengthBytes = -1)
    {
        if (lengthBytes < 0) lengthBytes = payload.Length < 126 ? 0 : payload.Length <= 65_535 ? 2 : 8;
        byte[] frame = new byte[2 + lengthBytes + (masked ? 4 : 0) + payload.Length];
        frame[0] = (byte)((fin ? 0x80 : 0) | (rsv << 4) | opcode);
        frame[1] = (byte)((masked ? 0x80 : 0) | (lengthBytes switch { 0 => payload.Length, 2 => 126, _ => 127 }));
        if (lengthBytes == 2) BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        if (lengthBytes == 8) BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(2), payload.Length);
        int at = 2 + lengthBytes;
        if (masked)
        {
            byte[] key = [0x37, 0xFA, 0x21, 0x3D];
            key.CopyTo(frame, at);
            at += 4;
            for (int i = 0; i < payload.Length; i++) frame[at + i] = (byte)(payload[i] ^ key[i & 3]);
        }
        else
        {
            payload.CopyTo(frame.AsSpan(at));
        }

        return frame;
    }

    public static byte[] Encode(int opcode, string payload, bool fin = true) => Encode(opcode, Encoding.UTF8.GetBytes(payload), fin);

    public static byte[] EncodeClose(int code, string reason = "")
    {
        byte[] payload = [(byte)(code >> 8), (byte)code, .. Encoding.UTF8.GetBytes(reason)];
        return Encode(Close, payload);
    }

    /// <summary>Only a header that declares <paramref name="length"/> bytes in its longest form.</summary>
    public static byte[] Declare(int opcode, ulong length)
    {
        byte[] header = new byte[14];
        (header[0], header[1]) = ((byte)(0x80 | opcode), 0xFF);
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(2), length);
        return header;
    }

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    /// <summary>Opcode and payload of the server's frame at the front; null when it is not whole. Fails on what a server must not
    /// send.</summary>
    public static (int Opcode, byte[] Payload, int FrameBytes)? ReadServerFrame(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2) return null;
        Assert.That(bytes[0] & 0xF0, Is.EqualTo(0x80), "the server neither fragments nor sets reserved bits");
        Assert.That(bytes[1] & 0x80, Is.Zero, "the server never masks");
        long length = bytes[1];
        int header = length switch { 126 => 4, 127 => 10, _ => 2 };
        if (bytes.Length < header) return null;
        if (header == 4) length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (header == 10) length = BinaryPrimitives.ReadInt64BigEndian(bytes[2..]);
        return bytes.Length < header + length ? null : (bytes[0] & 0x0F, bytes.Slice(header, (int)length).ToArray(), header + (int)length);
    }

    public static WebSocketOptions WideOptions { get; } = new()
    {
        MaxFrameBytes = 16 << 20,
        MaxMessageBytes = 16 << 20,
        MaxFragments = 1_000_000,
        ControlFrameBurst = 1_000_000,
    };
}
