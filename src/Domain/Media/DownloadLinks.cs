using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Chat.Protocol.Codes;

namespace Chat.Domain.Media;

/// <summary>
/// Signs short-lived permissions to read one blob. Whoever holds a link may read until it expires, so whether a person may have
/// one is asked before it is signed. Verifying asks no database. Thread-safe.
/// </summary>
public sealed class DownloadLinks
{
    private const int SignatureChars = 43; // 32 bytes in base64url without padding

    private readonly byte[] _key;
    private readonly TimeSpan _lifetime;
    private readonly TimeProvider _time;

    /// <param name="secret">The server's secret, at least 32 bytes. A key of its own is derived, so that no link can pass for a
    /// token.</param>
    /// <param name="lifetime">From signing to expiry, counted in whole seconds; more than zero.</param>
    public DownloadLinks(ReadOnlySpan<byte> secret, TimeSpan lifetime, TimeProvider time)
    {
        if (secret.Length < HMACSHA256.HashSizeInBytes)
        {
            throw new ArgumentException(
                $"The secret has {secret.Length} bytes: give at least {HMACSHA256.HashSizeInBytes}.", nameof(secret));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(lifetime, TimeSpan.FromSeconds(1));
        _key = new byte[HMACSHA256.HashSizeInBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, _key, salt: [], info: "chat download links"u8);
        (_lifetime, _time) = (lifetime, time);
    }

    /// <summary>Signs a link of <paramref name="blob"/>, valid from now.</summary>
    /// <param name="holder">Who it is given to, without a device; its downloads count as that one's.</param>
    /// <param name="expiresAt">Unix seconds; from this second on it is expired.</param>
    /// <returns>43 characters of base64url.</returns>
    public string Sign(BlobName blob, Caller holder, out long expiresAt)
    {
        expiresAt = _time.GetUtcNow().ToUnixTimeSeconds() + (long)_lifetime.TotalSeconds;
        return Base64Url.EncodeToString(Signature(blob, holder, expiresAt));
    }

    /// <summary>Judges the signature first: the time of a forged link says nothing.</summary>
    public LinkVerdict Verify(BlobName blob, Caller holder, long expiresAt, string? signature)
    {
        if (signature is not { Length: SignatureChars } || !Base64Url.IsValid(signature)) return LinkVerdict.Forged;

        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (!Base64Url.TryDecodeFromChars(signature, given, out int written) || written != given.Length) return LinkVerdict.Forged;
        if (!CryptographicOperations.FixedTimeEquals(given, Signature(blob, holder, expiresAt))) return LinkVerdict.Forged;

        return _time.GetUtcNow().ToUnixTimeSeconds() < expiresAt ? LinkVerdict.Valid : LinkVerdict.Expired;
    }

    private byte[] Signature(BlobName blob, Caller holder, long expiresAt)
    {
        const int Length = (2 * sizeof(long)) + BlobName.Chars;
        Span<byte> signed = stackalloc byte[Length + 1];
        BinaryPrimitives.WriteInt64BigEndian(signed, expiresAt);
        BinaryPrimitives.WriteInt64BigEndian(signed[sizeof(long)..], holder.PrincipalId);
        Encoding.ASCII.GetBytes(blob.ToString(), signed[(2 * sizeof(long))..]);
        signed[Length] = (byte)holder.Kind;

        // A person's is signed without the kind, as all were once: nodes of both versions read each other's.
        return HMACSHA256.HashData(_key, holder.Kind == PrincipalKind.Person ? signed[..Length] : signed);
    }
}
