using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Replies;

/// <summary>Carries events of a chat, protocol-spec.md §6.18.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Epoch">The identity of its numbering.</param>
/// <param name="HeadSequence">The newest sequence that the asker may see.</param>
/// <param name="Events">Ascending by sequence.</param>
/// <param name="CoversFrom">From here …</param>
/// <param name="CoversTo">
/// … to here, both included, the asker now holds everything it may see; one below <paramref name="CoversFrom"/> for an empty range.
/// </param>
/// <param name="HasMore">There is more in the direction asked for.</param>
public readonly record struct HistoryReply(
    long ChatId, long Epoch, long HeadSequence, IReadOnlyList<WireEvent> Events, long CoversFrom, long CoversTo,
    bool HasMore)
    : IFrame<HistoryReply>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.History;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 7);
        writer.WriteInt64(ChatId);
        writer.WriteInt64(Epoch);
        writer.WriteInt64(HeadSequence);
        writer.WriteElements(Events);
        writer.WriteInt64(CoversFrom);
        writer.WriteInt64(CoversTo);
        writer.WriteBoolean(HasMore);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out HistoryReply frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new HistoryReply(
            fields.ReadInteger(),
            fields.ReadInteger(),
            fields.ReadInteger(),
            fields.ReadElements<WireEvent>(),
            fields.ReadInteger(),
            fields.ReadInteger(),
            fields.ReadBoolean());
        return fields.End();
    }
}
