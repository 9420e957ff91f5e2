using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Replies;

/// <summary>Carries principals, protocol-spec.md §6.22.</summary>
/// <param name="Principals">Those of the ones asked for that the asker may know.</param>
public readonly record struct PrincipalsReply(IReadOnlyList<WirePrincipal> Principals) : IFrame<PrincipalsReply>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.Principals;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 1);
        writer.WriteElements(Principals);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out PrincipalsReply frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new PrincipalsReply(fields.ReadElements<WirePrincipal>());
        return fields.End();
    }
}
