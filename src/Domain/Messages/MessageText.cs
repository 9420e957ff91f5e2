using System.Text;
using Chat.Protocol.Codes;
using Chat.Protocol.Framing;

namespace Chat.Domain.Messages;

/// <summary>What a message's text must satisfy, when it is sent and when it is edited (protocol-spec.md §6.4).</summary>
internal static class MessageText
{
    /// <summary>Null when the text may be stored. Nothing is allocated then.</summary>
    public static Failure? Judge(string? text)
    {
        if (string.IsNullOrEmpty(text)) return new Failure(ErrorCode.TextEmpty, "text is empty: send at least one character.", Field: "text");

        // A UTF-16 unit takes at most 3 bytes of UTF-8: short texts need no counting.
        if (text.Length > ProtocolLimits.MaxTextBytes / 3
            && (text.Length > ProtocolLimits.MaxTextBytes || Encoding.UTF8.GetByteCount(text) > ProtocolLimits.MaxTextBytes))
        {
            return new Failure(
                ErrorCode.TextTooLong, $"text is over {ProtocolLimits.MaxTextBytes} bytes of UTF-8: send it in parts.", Field: "text");
        }

        if (text.Contains('\0', StringComparison.Ordinal))
            return new Failure(ErrorCode.TextHasNul, "text holds U+0000: remove it.", Field: "text");
        if (TextRules.HasLoneSurrogate(text))
            return Failures.Invalid("text", "text is not valid Unicode (a lone surrogate): send whole characters.");
        return null;
    }
}
