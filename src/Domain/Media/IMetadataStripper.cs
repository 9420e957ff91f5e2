using System.Buffers;

namespace Chat.Domain.Media;

/// <summary>
/// Copies a file of one type, piece by piece, without what it tells about its maker: place, time, device, names, comments, and whatever
/// was appended. What is seen and heard stays to the bit. One file, one caller.
/// </summary>
public interface IMetadataStripper
{
    /// <summary>Nothing is missing of the file, and it was what its type says. Asked at the end; otherwise the copy is to be thrown
    /// away.</summary>
    bool IsWhole { get; }

    /// <summary>Width times height where that stands behind the head of the file; otherwise 0.</summary>
    long Pixels { get; }

    /// <summary>Takes the next bytes of the file and writes what is known to stay of all so far.</summary>
    void Write(ReadOnlySpan<byte> input, IBufferWriter<byte> output);
}

/// <summary>The types of files that are stored without what they tell about their maker.</summary>
public static class MetadataStrippers
{
    /// <summary>Most by which a copy can be longer than its file: an orientation that stood in damaged Exif is written whole.</summary>
    public const int MostAddedBytes = 16;

    /// <summary>For one file of that type; null when such files are stored as they are.</summary>
    /// <param name="type">As <see cref="ContentSniffer"/> gives it.</param>
    public static IMetadataStripper? Create(string type) => type switch
    {
        ContentSniffer.Jpeg => new JpegStripper(),
        "image/png" => new PngStripper(),
        "image/webp" => new WebpStripper(),
        "video/mp4" or "video/quicktime" or "audio/mp4" => new Mp4Stripper(),
        _ => null,
    };
}
