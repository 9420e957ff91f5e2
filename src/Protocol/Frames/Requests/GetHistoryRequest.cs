using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Requests;

/// <summary>Asks for events of a chat, protocol-spec.md §6.5.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="After">Events with a higher sequence, the lowest first wanted.</param>
/// <param name="Before">Events with a lower sequence, the highest first wanted.</param>
/// <param name="Limit">Most events wanted.</param>
public readonly record struct GetHistoryRequest(
    long ChatId, long? After = null, long? Before = null, int? Limit = null)
    : IFrame<GetHistoryRequest>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.GetHistory;

    /// <summary>Fields up to the last one that is present, protocol-spec.md §3.1.</summary>
    private int FieldCount =>
        Limit is not null ? 4
        : Before is not null ? 3
        : After is not null ? 2
        : 1;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        int count = FieldCount;
        writer.WriteHeader(Type, requestId, count);
        writer.WriteInt64(ChatId);
        if (count > 1) writer.WriteOptional(After);
        if (count > 2) writer.WriteOptional(Before);
        if (count > 3) writer.WriteOptional(Limit);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out GetHistoryRequest frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new GetHistoryRequest(
            fields.ReadInteger(),
            fields.ReadOptionalInteger(),
            fields.ReadOptionalInteger(),
            fields.ReadOptionalInt32());
        return fields.End();
    }
}
