using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Replies;

/// <summary>Carries a page of chats, protocol-spec.md §6.19.</summary>
/// <param name="Chats">Most recently active first.</param>
/// <param name="NextCursor">Null on the last page.</param>
public readonly record struct ChatsReply(IReadOnlyList<WireChat> Chats, string? NextCursor = null) : IFrame<ChatsReply>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.Chats;

    /// <summary>Fields up to the last one that is present, protocol-spec.md §3.1.</summary>
    private int FieldCount => NextCursor is not null ? 2 : 1;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        int count = FieldCount;
        writer.WriteHeader(Type, requestId, count);
        writer.WriteElements(Chats);
        if (count > 1) writer.WriteOptional(NextCursor);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out ChatsReply frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new ChatsReply(fields.ReadElements<WireChat>(), fields.ReadOptionalText());
        return fields.End();
    }
}
