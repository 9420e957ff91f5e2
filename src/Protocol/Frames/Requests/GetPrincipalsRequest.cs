using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.Framing;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Requests;

/// <summary>Asks who some principals are, protocol-spec.md §6.9.</summary>
/// <param name="PrincipalIds">Who. Of more than <see cref="ProtocolLimits.MaxPrincipalIds"/> read, one is kept above the limit.</param>
public readonly record struct GetPrincipalsRequest(IReadOnlyList<long> PrincipalIds) : IFrame<GetPrincipalsRequest>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.GetPrincipals;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 1);
        writer.WriteIntegers(PrincipalIds);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out GetPrincipalsRequest frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new GetPrincipalsRequest(fields.ReadIntegers(max: ProtocolLimits.MaxPrincipalIds + 1));
        return fields.End();
    }
}
