using System.Security.Cryptography;

namespace Chat.Domain.Accounts;

/// <summary>
/// Encrypts secrets for storage (AES-256-GCM) with a key that is derived from that of the tokens, one for each purpose. Under another token key they
/// cannot be read. Thread-safe.
/// </summary>
/// <param name="purpose">What the secrets are for.</param>
public sealed class SecretSeal(TokenOptions tokens, string purpose)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, tokens.SigningKey, 32, info: System.Text.Encoding.ASCII.GetBytes(purpose));

    /// <param name="owner">Binds what is stored to whose it is: a row moved to another owner is worth nothing.</param>
    public byte[] Encrypt(ReadOnlySpan<byte> owner, ReadOnlySpan<byte> secret)
    {
        byte[] sealedSecret = new byte[NonceBytes + secret.Length + TagBytes];
        RandomNumberGenerator.Fill(sealedSecret.AsSpan(0, NonceBytes));
        using AesGcm cipher = new(_key, TagBytes);
        cipher.Encrypt(
            sealedSecret.AsSpan(0, NonceBytes), secret, sealedSecret.AsSpan(NonceBytes, secret.Length), sealedSecret.AsSpan(NonceBytes + secret.Length), owner);
        return sealedSecret;
    }

    /// <summary>Null when it was encrypted with another key, or for another owner.</summary>
    public byte[]? TryDecrypt(ReadOnlySpan<byte> owner, byte[] sealedSecret)
    {
        if (sealedSecret.Length <= NonceBytes + TagBytes) return null;
        byte[] secret = new byte[sealedSecret.Length - NonceBytes - TagBytes];
        using AesGcm cipher = new(_key, TagBytes);
        try
        {
            cipher.Decrypt(
                sealedSecret.AsSpan(0, NonceBytes), sealedSecret.AsSpan(NonceBytes, secret.Length), sealedSecret.AsSpan(NonceBytes + secret.Length),
                secret, owner);
            return secret;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
