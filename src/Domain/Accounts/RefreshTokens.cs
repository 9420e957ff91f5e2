using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Chat.Domain.Accounts;

/// <summary>A refresh token that was just made. The text goes to the client, the hash to storage.</summary>
internal readonly record struct NewRefreshToken(string Text, byte[] Hash, DateTimeOffset ExpiresAt)
{
    public override string ToString() => nameof(NewRefreshToken);
}

/// <summary>Makes refresh tokens: 256 random bits in base64url. Only their SHA-256 is stored; random input needs no slow hash.</summary>
internal static class RefreshTokens
{
    private const int TokenBytes = 32;
    private const int TokenChars = 43;

    public static NewRefreshToken Create(DateTimeOffset expiresAt)
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(TokenBytes);
        return new NewRefreshToken(Base64Url.EncodeToString(bytes), SHA256.HashData(bytes), expiresAt);
    }

    /// <summary>False for anything that cannot be a token of ours.</summary>
    public static bool TryHash(string? token, [NotNullWhen(true)] out byte[]? hash)
    {
        hash = null;
        if (token is not { Length: TokenChars } || !Base64Url.IsValid(token)) return false;

        Span<byte> bytes = stackalloc byte[TokenBytes];
        if (!Base64Url.TryDecodeFromChars(token, bytes, out int written) || written != TokenBytes) return false;

        hash = SHA256.HashData(bytes);
        return true;
    }
}
