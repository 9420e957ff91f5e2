using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Replies;

/// <summary>Carries a page of members, protocol-spec.md §6.21.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Members">In the order of their ids.</param>
/// <param name="HasMore">There is a page behind this one.</param>
public readonly record struct MembersReply(long ChatId, IReadOnlyList<WireMember> Members, bool HasMore) : IFrame<MembersReply>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.Members;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 3);
        writer.WriteInt64(ChatId);
        writer.WriteElements(Members);
        writer.WriteBoolean(HasMore);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out MembersReply frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new MembersReply(fields.ReadInteger(), fields.ReadElements<WireMember>(), fields.ReadBoolean());
        return fields.End();
    }
}
