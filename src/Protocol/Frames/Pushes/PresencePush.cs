using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Pushes;

/// <summary>Says that a watched principal came or went, protocol-spec.md §6.28.</summary>
/// <param name="PrincipalId">Who.</param>
/// <param name="Online">Whether any session of the principal is open.</param>
/// <param name="LastSeenMs">Unix ms; null while online.</param>
public readonly record struct PresencePush(long PrincipalId, bool Online, long? LastSeenMs = null) : IFrame<PresencePush>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.Presence;

    /// <summary>Fields up to the last one that is present, protocol-spec.md §3.1.</summary>
    private int FieldCount => LastSeenMs is not null ? 3 : 2;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        int count = FieldCount;
        writer.WriteHeader(Type, requestId, count);
        writer.WriteInt64(PrincipalId);
        writer.WriteBoolean(Online);
        if (count > 2) writer.WriteOptional(LastSeenMs);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out PresencePush frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new PresencePush(fields.ReadInteger(), fields.ReadBoolean(), fields.ReadOptionalInteger());
        return fields.End();
    }
}
