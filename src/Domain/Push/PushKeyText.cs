using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Chat.Domain.Push;

/// <summary>Keys as browsers write them: base64url, with or without padding.</summary>
internal static class PushKeyText
{
    public static bool TryRead(string? text, int bytes, [NotNullWhen(true)] out byte[]? key)
    {
        key = null;
        if (text is null || text.Length > 2 * bytes || !Base64Url.IsValid(text)) return false;
        byte[] read = Base64Url.DecodeFromChars(text);
        if (read.Length != bytes) return false;
        key = read;
        return true;
    }

    public static string Write(ReadOnlySpan<byte> key) => Base64Url.EncodeToString(key);
}
