using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Pushes;

/// <summary>Says that the token ends soon, protocol-spec.md §6.30.</summary>
/// <param name="ExpiresAtMs">Unix ms.</param>
public readonly record struct TokenExpiringPush(long ExpiresAtMs) : IFrame<TokenExpiringPush>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.TokenExpiring;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 1);
        writer.WriteInt64(ExpiresAtMs);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out TokenExpiringPush frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new TokenExpiringPush(fields.ReadInteger());
        return fields.End();
    }
}
