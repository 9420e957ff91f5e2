using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Framing;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Requests;

/// <summary>Signs a connection in, protocol-spec.md §6.1.</summary>
/// <param name="ProtocolVersion">The version that the client speaks.</param>
/// <param name="Token">The access token.</param>
/// <param name="ClientName">For logs, e.g. <c>ts-sdk/0.1.0</c>.</param>
/// <param name="Positions">
/// What the client holds. Of more than <see cref="ProtocolLimits.MaxPositions"/> read, one is kept above the limit.
/// </param>
public readonly record struct HelloRequest(
    int ProtocolVersion, string Token, string ClientName, IReadOnlyList<WirePosition> Positions)
    : IFrame<HelloRequest>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.Hello;

    /// <summary>Fields up to the last one that is present, protocol-spec.md §3.1.</summary>
    private int FieldCount => Positions is { Count: > 0 } ? 4 : 3;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        int count = FieldCount;
        writer.WriteHeader(Type, requestId, count);
        writer.WriteInt64(ProtocolVersion);
        writer.WriteString(Token);
        writer.WriteString(ClientName);
        if (count > 3) writer.WriteElements(Positions);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out HelloRequest frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new HelloRequest(
            fields.ReadInt32(),
            fields.ReadText(),
            fields.ReadText(),
            fields.ReadOptionalElements<WirePosition>(max: ProtocolLimits.MaxPositions + 1));
        return fields.End();
    }
}
