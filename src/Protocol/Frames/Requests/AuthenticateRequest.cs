using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Requests;

/// <summary>Brings a fresh token, protocol-spec.md §6.2.</summary>
/// <param name="Token">The access token, of the same principal and device.</param>
public readonly record struct AuthenticateRequest(string Token) : IFrame<AuthenticateRequest>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.Authenticate;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 1);
        writer.WriteString(Token);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out AuthenticateRequest frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new AuthenticateRequest(fields.ReadText());
        return fields.End();
    }
}
