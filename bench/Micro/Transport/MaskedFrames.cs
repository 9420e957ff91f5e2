using System.Buffers.Binary;

using Chat.Micro.Protocol;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Server.Transport;

namespace Chat.Micro.Transport;

/// <summary>What a browser sends: a final, binary, masked WebSocket frame around one request.</summary>
internal static class MaskedFrames
{
    public const uint Key = 0x5A17_C3E9;

    private const byte MaskBit = 0x80;
    private const int KeyBytes = 4;

    public static byte[] Send(int textBytes)
    {
        SendMessageRequest request = SampleFrames.Send(textBytes);
        return Of(FrameEncoder.Encode(in request, requestId: 7));
    }

    private static byte[] Of(ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[WebSocketFrameWriter.MaxHeaderBytes];
        int lengthEnd = WebSocketFrameWriter.WriteHeader(header, WebSocketOpcode.Binary, payload.Length);
        header[1] |= MaskBit;

        byte[] frame = new byte[lengthEnd + KeyBytes + payload.Length];
        header[..lengthEnd].CopyTo(frame);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(lengthEnd), Key);
        WebSocketMask.Apply(payload, frame.AsSpan(lengthEnd + KeyBytes), Key);
        return frame;
    }
}
