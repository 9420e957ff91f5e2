using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Requests;

/// <summary>Asks for one chat, protocol-spec.md §6.7.</summary>
/// <param name="ChatId">The chat.</param>
public readonly record struct GetChatRequest(long ChatId) : IFrame<GetChatRequest>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.GetChat;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 1);
        writer.WriteInt64(ChatId);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out GetChatRequest frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new GetChatRequest(fields.ReadInteger());
        return fields.End();
    }
}
