using System.Buffers;
using Chat.Protocol.Frames;
using Chat.Protocol.Framing;

namespace Chat.Domain.Tests;

/// <summary>Reads one frame out of one unmasked WebSocket frame, as a client would.</summary>
internal static class PushFrames
{
    public static T Read<T>(byte[] webSocketFrame)
        where T : struct, IFrame<T>
    {
        int header = (webSocketFrame[1] & 0x7F) switch { 126 => 4, 127 => 10, _ => 2 };
        ReadOnlySequence<byte> input = new(webSocketFrame, header, webSocketFrame.Length - header);
        FrameReadResult cut = FrameReader.TryRead(ref input, ProtocolLimits.MaxServerFrameBytes, out ReadOnlySequence<byte> body);
        Assert.Multiple(() =>
        {
            Assert.That(webSocketFrame[0], Is.EqualTo(0x82), "one final binary WebSocket frame");
            Assert.That(cut, Is.EqualTo(FrameReadResult.Complete));
            Assert.That(input.IsEmpty, "one frame and nothing behind it");
        });
        Assert.That(T.TryRead(body, out uint requestId, out T frame));
        Assert.That(requestId, Is.Zero, "a push");
        return frame;
    }
}
