using System.Buffers.Binary;

namespace Chat.Domain.Media;

/// <summary>
/// Tells what a file is by its first bytes and requires that its extension says the same. What the sender declared as content
/// type is never asked. Thread-safe, no state, no allocation.
/// </summary>
public static class ContentSniffer
{
    /// <summary>As many first bytes of a file as any rule looks at. A shorter file is given whole.</summary>
    public const int HeadBytes = 64;

    /// <summary>The type of a JPEG.</summary>
    public const string Jpeg = "image/jpeg";

    private const int ZipNameOffset = 30; // APPNOTE 4.3.7: a local file header has 30 bytes before its name
    private const int ZipNameLengthOffset = 26;

    /// <summary>Judges a file.</summary>
    /// <param name="head">Its first bytes, up to <see cref="HeadBytes"/>; more are not looked at.</param>
    /// <param name="extension">As <see cref="BlobFileName.Extension"/> gives it: lower case, without the dot.</param>
    /// <param name="contentType">The type to serve it as; empty unless allowed.</param>
    public static ContentVerdict Judge(ReadOnlySpan<byte> head, string extension, out string contentType)
    {
        contentType = TypeOf(extension);
        if (contentType.Length == 0) return ContentVerdict.ExtensionNotAllowed;
        if (Agrees(head[..Math.Min(head.Length, HeadBytes)], extension)) return ContentVerdict.Allowed;

        contentType = string.Empty;
        return ContentVerdict.ContentDiffers;
    }

    /// <summary>The type that an extension promises, as <see cref="BlobFileName.Extension"/> gives it; empty when it is not
    /// taken.</summary>
    public static string TypeOf(string extension) => extension switch
    {
        "jpg" or "jpeg" => Jpeg,
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "mp4" or "m4v" => "video/mp4",
        "mov" => "video/quicktime",
        "webm" => "video/webm",
        "m4a" => "audio/mp4",
        "weba" => "audio/webm",
        "mp3" => "audio/mpeg",
        "ogg" or "oga" or "opus" => "audio/ogg",
        "wav" => "audio/wav",
        "pdf" => "application/pdf",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _ => string.Empty,
    };

    private static bool Agrees(ReadOnlySpan<byte> head, string extension) => extension switch
    {
        "jpg" or "jpeg" => head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]),
        "png" => head.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) && HasAt(head, 12, "IHDR"u8),
        "gif" => head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8),
        "webp" => head.StartsWith("RIFF"u8) && HasAt(head, 8, "WEBP"u8),
        "wav" => head.StartsWith("RIFF"u8) && HasAt(head, 8, "WAVE"u8),
        "mp4" or "m4v" or "m4a" => HasAt(head, 4, "ftyp"u8) && !IsStillImage(head) && !HasAt(head, 8, "qt  "u8),
        "mov" => HasAt(head, 4, "ftypqt  "u8),
        "webm" or "weba" => head.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]) && head.IndexOf("webm"u8) > 0,
        "mp3" => head.StartsWith("ID3"u8) || IsLayer3Frame(head),
        "ogg" or "oga" or "opus" => head.StartsWith("OggS\0"u8),
        "pdf" => head.StartsWith("%PDF-1."u8) || head.StartsWith("%PDF-2."u8), // at byte 0 only: polyglots
        "doc" => head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]),
        "docx" => IsOfficePackage(head),
        _ => false,
    };

    private static bool HasAt(ReadOnlySpan<byte> head, int offset, ReadOnlySpan<byte> expected) =>
        head.Length >= offset + expected.Length && head.Slice(offset, expected.Length).SequenceEqual(expected);

    /// <summary>True of HEIC and AVIF, which stand in the same container as MP4.</summary>
    private static bool IsStillImage(ReadOnlySpan<byte> head) =>
        HasAt(head, 8, "hei"u8) || HasAt(head, 8, "mif1"u8) || HasAt(head, 8, "avi"u8);

    /// <summary>A frame header of MPEG audio, layer III (ISO 11172-3, 2.4.2.3): the sync alone would let one of 2,048 random files
    /// through.</summary>
    private static bool IsLayer3Frame(ReadOnlySpan<byte> head) =>
        head.Length >= 4 && head[0] == 0xFF && (head[1] & 0xE6) == 0xE2 && (head[1] & 0x18) != 0x08
        && (head[2] >> 4) is not 0 and not 15 && (head[2] & 0x0C) != 0x0C;

    /// <summary>A ZIP whose first entry is one that Word writes first; another archive is no document. It is never unpacked here.</summary>
    private static bool IsOfficePackage(ReadOnlySpan<byte> head)
    {
        if (head.Length < ZipNameOffset || !head.StartsWith((ReadOnlySpan<byte>)[0x50, 0x4B, 0x03, 0x04])) return false;

        int nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(head[ZipNameLengthOffset..]);
        if (head.Length < ZipNameOffset + nameBytes) return false;

        ReadOnlySpan<byte> name = head.Slice(ZipNameOffset, nameBytes);
        return name.SequenceEqual("[Content_Types].xml"u8) || name.SequenceEqual("_rels/.rels"u8)
            || name.SequenceEqual("word/document.xml"u8);
    }
}
