using System.Buffers.Text;
using System.Security.Cryptography;

namespace Chat.Domain.Chats;

/// <summary>The secret of an invite link: 128 random bits as 22 characters of base64url.</summary>
internal static class InviteCode
{
    private const int Bytes = 16;
    private const int Chars = 22;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Whether a text could be one; anything else is not looked up.</summary>
    public static bool IsOne(string? code) => code is { Length: Chars } && Base64Url.IsValid(code);
}
