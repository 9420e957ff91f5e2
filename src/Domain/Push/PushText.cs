using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Chat.Domain.Push;

/// <summary>Texts as they stand in a notification, which has little room.</summary>
internal static class PushText
{
    /// <summary>What one UTF-16 unit takes at most: an escape.</summary>
    private const int MaxBytesOfChar = 6;

    private const string Ellipsis = "…";

    /// <summary>Letters of every script as they are; what a reader of JSON must have escaped is.</summary>
    public static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>The text, or as much of its beginning as takes no more bytes in JSON, cut between what people see as characters.</summary>
    public static string Cut(string text, int maxBytes)
    {
        if (text.Length * MaxBytesOfChar <= maxBytes || CountBytes(text) <= maxBytes) return text;

        int left = maxBytes - Encoding.UTF8.GetByteCount(Ellipsis);
        int end = 0;
        while (end < text.Length)
        {
            int length = StringInfo.GetNextTextElementLength(text, end);
            left -= CountBytes(text.Substring(end, length));
            if (left < 0) break;
            end += length;
        }

        return text[..end] + Ellipsis;
    }

    private static int CountBytes(string text) => Encoding.UTF8.GetByteCount(Encoder.Encode(text));
}
