using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Requests;

/// <summary>Asks for a page of the caller's chats, protocol-spec.md §6.6.</summary>
/// <param name="Cursor">The next cursor of the page before.</param>
/// <param name="Limit">Most chats wanted.</param>
public readonly record struct GetChatsRequest(string? Cursor = null, int? Limit = null) : IFrame<GetChatsRequest>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.GetChats;

    /// <summary>Fields up to the last one that is present, protocol-spec.md §3.1.</summary>
    private int FieldCount =>
        Limit is not null ? 2
        : Cursor is not null ? 1
        : 0;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        int count = FieldCount;
        writer.WriteHeader(Type, requestId, count);
        if (count > 0) writer.WriteOptional(Cursor);
        if (count > 1) writer.WriteOptional(Limit);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out GetChatsRequest frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new GetChatsRequest(fields.ReadOptionalText(), fields.ReadOptionalInt32());
        return fields.End();
    }
}
