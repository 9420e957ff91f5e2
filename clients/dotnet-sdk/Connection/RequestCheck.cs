using System.Buffers;

using Chat.Protocol.Frames;
using Chat.Protocol.Framing;

namespace Chat.Sdk.Connection;

/// <summary>Judges what an app asks for as the server will, which ends a connection for good over a frame that it cannot read (protocol-spec.md §7).</summary>
internal static class RequestCheck
{
    /// <exception cref="ArgumentOutOfRangeException">A number in it is not from 0 to 2^53−1.</exception>
    public static void ThrowIfUnreadable<TRequest>(in TRequest request)
        where TRequest : struct, IFrame<TRequest>
    {
        byte[] frame = FrameEncoder.Encode(in request);
        var body = new ReadOnlySequence<byte>(frame.AsMemory(FrameReader.HeaderBytes));
        if (TRequest.TryRead(body, out _, out _)) return;

        throw new ArgumentOutOfRangeException(nameof(request), $"{request}: its numbers must be from 0 to 2^53−1.");
    }
}
