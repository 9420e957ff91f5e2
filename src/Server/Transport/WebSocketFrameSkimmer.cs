using System.Buffers;
using System.Buffers.Binary;

namespace Chat.Server.Transport;

/// <summary>Discards what a peer sends after it was told to go, and finds its close frame there if the framing still holds.</summary>
/// <remarks>Lenient on purpose: the frame that broke the rules is at the front. Connection loop only.</remarks>
/// <param name="payloadBytesLeft">Bytes of a frame in progress to skip first.</param>
internal struct WebSocketFrameSkimmer(long payloadBytesLeft)
{
    private ulong _toSkip = (ulong)payloadBytesLeft;

    /// <summary>Consumes <paramref name="input"/> up to a header that is not whole; true once a close frame is at its front.</summary>
    public bool TryFindClose(ref ReadOnlySequence<byte> input)
    {
        Span<byte> header = stackalloc byte[10];
        while (true)
        {
            long skipped = (long)Math.Min(_toSkip, (ulong)input.Length);
            input = input.Slice(skipped);
            _toSkip -= (ulong)skipped;
            if (input.Length < 2) return false;

            int available = (int)Math.Min(input.Length, header.Length);
            input.Slice(0, available).CopyTo(header);
            if ((header[0] & 0x0F) == (int)WebSocketOpcode.Close) return true;

            int code = header[1] & 0x7F, lengthEnd = code switch { 126 => 4, 127 => 10, _ => 2 };
            if (available < lengthEnd) return false;

            ulong length = code switch
            {
                126 => BinaryPrimitives.ReadUInt16BigEndian(header[2..]),
                127 => BinaryPrimitives.ReadUInt64BigEndian(header[2..]) & long.MaxValue,
                _ => (ulong)code,
            };
            _toSkip = (ulong)lengthEnd + ((header[1] & 0x80) != 0 ? 4u : 0u) + length;
        }
    }
}
