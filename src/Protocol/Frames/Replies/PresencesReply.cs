using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Replies;

/// <summary>Carries presences, protocol-spec.md §6.23.</summary>
/// <param name="Presences">Those of the ones asked for that share a chat with the asker.</param>
public readonly record struct PresencesReply(IReadOnlyList<WirePresence> Presences) : IFrame<PresencesReply>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.Presences;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 1);
        writer.WriteElements(Presences);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out PresencesReply frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new PresencesReply(fields.ReadElements<WirePresence>());
        return fields.End();
    }
}
