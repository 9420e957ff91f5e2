using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;

namespace Chat.Domain.Links;

/// <summary>
/// Signs what the service found on a page, so that a message can carry it and nobody else can make it up (protocol-spec.md §6.43). Verifying asks
/// no database, and holds on every node and for ever: the key is derived from that of the tokens, as that of download links is. Thread-safe.
/// </summary>
public sealed class LinkTokens(TokenOptions tokens)
{
    private const int TokenBytes = 16;
    private const int TokenChars = 22; // of base64url without padding

    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, tokens.SigningKey, 32, info: "link previews"u8.ToArray());

    /// <summary>The link with the token that stands for all else of it.</summary>
    public WireLink Sign(in WireLink link)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Authenticate(in link, mac);
        return link with { Token = Base64Url.EncodeToString(mac[..TokenBytes]) };
    }

    /// <summary>Null when this service made the link, with all that it says.</summary>
    public Failure? Judge(in WireLink link)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes], given = stackalloc byte[TokenBytes];
        Authenticate(in link, mac);
        bool isMade = link.Token.Length == TokenChars && Base64Url.IsValid(link.Token)
            && Base64Url.TryDecodeFromChars(link.Token, given, out int written) && written == TokenBytes
            && CryptographicOperations.FixedTimeEquals(given, mac[..TokenBytes]);
        return isMade ? null : new Failure(
            ErrorCode.LinkTokenInvalid,
            "content.link is not as the service made it: ask for the preview again (POST /api/link-previews), or send the message without it.",
            Field: "content");
    }

    /// <summary>Each field with its length before it, so that no two links have the same bytes; what cannot be in a picture of a page counts, too.</summary>
    private void Authenticate(in WireLink link, Span<byte> mac)
    {
        ArrayBufferWriter<byte> signed = new(512);
        Append(signed, link.Url);
        Append(signed, link.Title);
        Append(signed, link.Description);
        Append(signed, link.SiteName);
        Append(signed, link.Image is null ? 0 : 1);
        if (link.Image is { } image)
        {
            Append(signed, image.BlobId);
            Append(signed, image.ContentType);
            Append(signed, image.Bytes);
            Append(signed, image.FileName);
            AppendOptional(signed, image.Width);
            AppendOptional(signed, image.Height);
            AppendOptional(signed, image.DurationMs);
            Append(signed, image.Preview);
            Append(signed, image.Waveform.Count);
            foreach (long value in image.Waveform) Append(signed, value);
        }

        HMACSHA256.HashData(_key, signed.WrittenSpan, mac);
    }

    private static void Append(ArrayBufferWriter<byte> signed, long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(signed.GetSpan(sizeof(long)), number);
        signed.Advance(sizeof(long));
    }

    /// <summary>Whether it is there stands before it: no number may have the bytes of none.</summary>
    private static void AppendOptional(ArrayBufferWriter<byte> signed, long? number)
    {
        signed.GetSpan(1)[0] = number is null ? (byte)0 : (byte)1;
        signed.Advance(1);
        if (number is { } value) Append(signed, value);
    }

    private static void Append(ArrayBufferWriter<byte> signed, string? text)
    {
        Append(signed, text is null ? -1 : Encoding.UTF8.GetByteCount(text));
        if (text is not null) signed.Advance(Encoding.UTF8.GetBytes(text, signed.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
    }
}
