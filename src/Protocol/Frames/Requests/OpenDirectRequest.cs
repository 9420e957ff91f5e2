using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Requests;

/// <summary>Opens the direct chat with another principal, protocol-spec.md §6.10.</summary>
/// <param name="PrincipalId">The other one.</param>
public readonly record struct OpenDirectRequest(long PrincipalId) : IFrame<OpenDirectRequest>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.OpenDirect;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 1);
        writer.WriteInt64(PrincipalId);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out OpenDirectRequest frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new OpenDirectRequest(fields.ReadInteger());
        return fields.End();
    }
}
