using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Chat.Server.Push;

/// <summary>Encrypts for a browser (RFC 8291) in one record of the content coding aes128gcm (RFC 8188). Pure.</summary>
internal static class WebPushEncryption
{
    public const int SaltBytes = 16;
    public const int PointBytes = 65;

    /// <summary>What a message may have when it is encrypted (RFC 8030 §7.2).</summary>
    public const int MaxBodyBytes = 4_096;

    /// <summary>Lengths are rounded up to it: how long a text is does not show.</summary>
    private const int PaddedTo = 256;

    private const int HeaderBytes = SaltBytes + sizeof(uint) + 1 + PointBytes;
    private const int TagBytes = 16;
    private const byte LastRecord = 2;

    public const int MaxPlainBytes = MaxBodyBytes - HeaderBytes - TagBytes - 1;

    /// <summary>Encrypts with a new key and salt.</summary>
    /// <param name="receiver">The browser's public key, a point of P-256 without compression.</param>
    /// <param name="auth">The secret shared with the browser.</param>
    public static byte[] Encrypt(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> receiver, ReadOnlySpan<byte> auth)
    {
        using ECDiffieHellman sender = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        int padded = Math.Min((plain.Length + PaddedTo) / PaddedTo * PaddedTo, MaxPlainBytes + 1);
        return Encrypt(plain, receiver, auth, sender, RandomNumberGenerator.GetBytes(SaltBytes), (padded, MaxBodyBytes));
    }

    /// <param name="sizes">Bytes of the text with what ends and pads it, more than the text has; and the size of a record that the header names.</param>
    internal static byte[] Encrypt(
        ReadOnlySpan<byte> plain, ReadOnlySpan<byte> receiver, ReadOnlySpan<byte> auth, ECDiffieHellman sender, ReadOnlySpan<byte> salt,
        (int Padded, int Record) sizes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plain.Length, MaxPlainBytes, nameof(plain));
        byte[] point = PointOf(sender);
        byte[] body = new byte[HeaderBytes + sizes.Padded + TagBytes];
        salt.CopyTo(body);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(SaltBytes), (uint)sizes.Record);
        body[SaltBytes + sizeof(uint)] = PointBytes;
        point.CopyTo(body.AsSpan(HeaderBytes - PointBytes));

        (byte[] key, byte[] nonce) = DeriveKeys(SharedSecret(sender, receiver), receiver, point, auth, salt);
        byte[] text = new byte[sizes.Padded]; // zeros are the padding
        plain.CopyTo(text);
        text[plain.Length] = LastRecord;
        using AesGcm cipher = new(key, TagBytes);
        cipher.Encrypt(nonce, text, body.AsSpan(HeaderBytes, text.Length), body.AsSpan(HeaderBytes + text.Length));
        return body;
    }

    /// <summary>The public key as 65 bytes.</summary>
    public static byte[] PointOf(ECDiffieHellman key) => PointOf(key.ExportParameters(includePrivateParameters: false).Q);

    public static byte[] PointOf(ECPoint point) => [4, .. point.X!, .. point.Y!];

    private static byte[] SharedSecret(ECDiffieHellman sender, ReadOnlySpan<byte> receiver)
    {
        ECParameters parameters = new()
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = receiver[1..33].ToArray(), Y = receiver[33..].ToArray() },
        };
        using ECDiffieHellman other = ECDiffieHellman.Create(parameters);
        return sender.DeriveRawSecretAgreement(other.PublicKey);
    }

    private static (byte[] Key, byte[] Nonce) DeriveKeys(
        byte[] secret, ReadOnlySpan<byte> receiver, ReadOnlySpan<byte> sender, ReadOnlySpan<byte> auth, ReadOnlySpan<byte> salt)
    {
        byte[] info = [.. "WebPush: info\0"u8, .. receiver, .. sender];
        byte[] input = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, auth.ToArray(), info);
        byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, input, 16, salt.ToArray(), "Content-Encoding: aes128gcm\0"u8.ToArray());
        byte[] nonce = HKDF.DeriveKey(HashAlgorithmName.SHA256, input, 12, salt.ToArray(), "Content-Encoding: nonce\0"u8.ToArray());
        return (key, nonce);
    }
}
