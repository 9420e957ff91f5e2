using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Pushes;

/// <summary>Announces the end of the connection, protocol-spec.md §6.31.</summary>
/// <param name="Code">The code that the close will have.</param>
/// <param name="Reason">For the developer, in English.</param>
/// <param name="ReconnectAfterMs">Come back not earlier than this, ms.</param>
public readonly record struct GoodbyePush(DisconnectCode Code, string Reason, int ReconnectAfterMs) : IFrame<GoodbyePush>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.Goodbye;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 3);
        writer.WriteInt64((long)Code);
        writer.WriteString(Reason);
        writer.WriteInt64(ReconnectAfterMs);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out GoodbyePush frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new GoodbyePush((DisconnectCode)fields.ReadNumber(ushort.MaxValue), fields.ReadText(), fields.ReadInt32());
        return fields.End();
    }
}
