using System.Buffers.Binary;
using System.Security.Cryptography;
using Chat.Domain.Media;

namespace Chat.Server.Media;

/// <summary>
/// Encrypts and decrypts the segments of one blob with AES-256-GCM. Every blob has a key of its own, derived from the server's and a random
/// salt that stands in its header; a segment's nonce is its number and whether it is the last, so that none can be moved, left out or
/// cut off, and the blob's name is authenticated too, so that no blob can take another's place. One caller.
/// </summary>
/// <remarks>Header: "CBE1", 16 bytes of salt. Segments: up to 64 KiB of ciphertext and a tag of 16 bytes; only the last may be
/// shorter.</remarks>
internal sealed class BlobCipher : IDisposable
{
    public const int HeaderBytes = 4 + SaltBytes;
    public const int SegmentBytes = 64 * 1024;
    public const int TagBytes = 16;
    public const int KeyBytes = 32;

    private const int SaltBytes = 16;
    private const int NonceBytes = 12;

    private readonly AesGcm _aes;
    private readonly byte[] _name;

    private BlobCipher(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, BlobName name)
    {
        Span<byte> own = stackalloc byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, own, salt, "chat blob"u8);
        _aes = new AesGcm(own, TagBytes);
        CryptographicOperations.ZeroMemory(own);
        _name = name.Value.ToByteArray();
    }

    private static ReadOnlySpan<byte> Magic => "CBE1"u8;

    /// <summary>A cipher for a new blob, and the header to write before its segments.</summary>
    public static BlobCipher Create(ReadOnlySpan<byte> key, BlobName name, out byte[] header)
    {
        header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        RandomNumberGenerator.Fill(header.AsSpan(Magic.Length));
        return new BlobCipher(key, header.AsSpan(Magic.Length), name);
    }

    /// <summary>The cipher of a stored blob.</summary>
    /// <exception cref="InvalidDataException">It was not encrypted by us.</exception>
    public static BlobCipher Open(ReadOnlySpan<byte> key, BlobName name, ReadOnlySpan<byte> header)
    {
        if (header.Length != HeaderBytes || !header.StartsWith(Magic))
            throw new InvalidDataException($"The object {name} is not encrypted: was it stored before Blobs:EncryptionKey was set?");
        return new BlobCipher(key, header[Magic.Length..], name);
    }

    /// <summary>Bytes that a blob takes once it is encrypted.</summary>
    public static long EncryptedLength(long plain) =>
        HeaderBytes + plain + (Math.Max(1, (plain + SegmentBytes - 1) / SegmentBytes) * TagBytes);

    /// <summary>Bytes of a blob whose encrypted form has <paramref name="encrypted"/>.</summary>
    /// <exception cref="InvalidDataException">There is no such length.</exception>
    public static long PlainLength(long encrypted)
    {
        long body = encrypted - HeaderBytes;
        long segments = (body + SegmentBytes + TagBytes - 1) / (SegmentBytes + TagBytes);
        long plain = body - (segments * TagBytes);
        return body > 0 && EncryptedLength(plain) == encrypted ? plain : throw new InvalidDataException("An encrypted blob was cut off.");
    }

    /// <summary>Encrypts one segment; its tag goes behind it.</summary>
    public void Encrypt(long number, bool isLast, ReadOnlySpan<byte> plain, Span<byte> output)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        WriteNonce(nonce, number, isLast);
        _aes.Encrypt(nonce, plain, output[..plain.Length], output.Slice(plain.Length, TagBytes), _name);
    }

    /// <summary>Decrypts one segment with its tag.</summary>
    /// <exception cref="CryptographicException">It was altered, moved, is of another blob, or the key is another one.</exception>
    public void Decrypt(long number, bool isLast, ReadOnlySpan<byte> segment, Span<byte> output)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        WriteNonce(nonce, number, isLast);
        _aes.Decrypt(nonce, segment[..^TagBytes], segment[^TagBytes..], output[..(segment.Length - TagBytes)], _name);
    }

    public void Dispose() => _aes.Dispose();

    private static void WriteNonce(Span<byte> nonce, long number, bool isLast)
    {
        BinaryPrimitives.WriteInt64BigEndian(nonce, number);
        BinaryPrimitives.WriteInt32BigEndian(nonce[8..], isLast ? 1 : 0);
    }
}
