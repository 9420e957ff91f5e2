using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Replies;

/// <summary>Says why a request was not done, protocol-spec.md §6.24.</summary>
/// <param name="Code">Why; a value that the enum does not name is kept.</param>
/// <param name="Message">For the developer, in English.</param>
/// <param name="Retryable">The same request may succeed later.</param>
/// <param name="RetryAfterMs">Not earlier than this, ms.</param>
public readonly record struct ErrorReply(ErrorCode Code, string Message, bool Retryable, int? RetryAfterMs = null) : IFrame<ErrorReply>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.Error;

    /// <summary>Fields up to the last one that is present, protocol-spec.md §3.1.</summary>
    private int FieldCount => RetryAfterMs is not null ? 4 : 3;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        int count = FieldCount;
        writer.WriteHeader(Type, requestId, count);
        writer.WriteInt64((long)Code);
        writer.WriteString(Message);
        writer.WriteBoolean(Retryable);
        if (count > 3) writer.WriteOptional(RetryAfterMs);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out ErrorReply frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new ErrorReply(
            (ErrorCode)fields.ReadNumber(short.MaxValue),
            fields.ReadText(),
            fields.ReadBoolean(),
            fields.ReadOptionalInt32());
        return fields.End();
    }
}
