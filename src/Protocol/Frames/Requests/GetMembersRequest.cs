using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Requests;

/// <summary>Asks for a page of a chat's members, protocol-spec.md §6.8.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="AfterPrincipalId">The last one of the page before.</param>
/// <param name="Limit">Most members wanted.</param>
public readonly record struct GetMembersRequest(long ChatId, long? AfterPrincipalId = null, int? Limit = null) : IFrame<GetMembersRequest>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.GetMembers;

    /// <summary>Fields up to the last one that is present, protocol-spec.md §3.1.</summary>
    private int FieldCount =>
        Limit is not null ? 3
        : AfterPrincipalId is not null ? 2
        : 1;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        int count = FieldCount;
        writer.WriteHeader(Type, requestId, count);
        writer.WriteInt64(ChatId);
        if (count > 1) writer.WriteOptional(AfterPrincipalId);
        if (count > 2) writer.WriteOptional(Limit);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out GetMembersRequest frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new GetMembersRequest(fields.ReadInteger(), fields.ReadOptionalInteger(), fields.ReadOptionalInt32());
        return fields.End();
    }
}
