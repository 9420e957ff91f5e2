using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Requests;

/// <summary>Reacts to a message, protocol-spec.md §6.34.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="ClientMessageId">Made by the client, random; the key that makes a retry safe.</param>
/// <param name="Sequence">The message.</param>
/// <param name="Emoji">In place of the caller's earlier one; null takes that back.</param>
public readonly record struct ReactRequest(long ChatId, Guid ClientMessageId, long Sequence, string? Emoji = null) : IFrame<ReactRequest>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.React;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: Emoji is null ? 3 : 4);
        writer.WriteInt64(ChatId);
        writer.WriteUuid(ClientMessageId);
        writer.WriteInt64(Sequence);
        if (Emoji is not null) writer.WriteString(Emoji);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out ReactRequest frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new ReactRequest(fields.ReadInteger(), fields.ReadUuid(), fields.ReadInteger(), fields.ReadOptionalText());
        return fields.End();
    }
}
