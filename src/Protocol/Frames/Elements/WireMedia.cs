using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Elements;

/// <summary>A stored file that a message shows, protocol-spec.md §6.35.</summary>
/// <param name="BlobId">Names the file.</param>
/// <param name="ContentType">Such as <c>image/jpeg</c>.</param>
/// <param name="Bytes">How large it is.</param>
/// <param name="FileName">What the sender calls it.</param>
/// <param name="Width">Of an image or video, in pixels.</param>
/// <param name="Height">Of an image or video, in pixels.</param>
/// <param name="DurationMs">Of a sound or video.</param>
/// <param name="Preview">A blur hash.</param>
/// <param name="Waveform">Of a voice message: loudness, 0 … 255 each.</param>
public readonly record struct WireMedia(
    string BlobId, string ContentType, long Bytes, string? FileName, int? Width, int? Height, long? DurationMs, string? Preview,
    IReadOnlyList<long> Waveform)
    : IElement<WireMedia>
{
    /// <summary>Values of a waveform that a receiver keeps: one above the limit, which is then refused.</summary>
    private const int MaxWaveform = 129;

    /// <summary>Fields up to the last one that is present, protocol-spec.md §3.1.</summary>
    private int FieldCount =>
        Waveform is { Count: > 0 } ? 9
        : Preview is not null ? 8
        : DurationMs is not null ? 7
        : Height is not null ? 6
        : Width is not null ? 5
        : FileName is not null ? 4
        : 3;

    static void IElement<WireMedia>.Write(in WireMedia element, ref MessagePackWriter writer)
    {
        int count = element.FieldCount;
        writer.WriteArrayHeader(count);
        writer.WriteString(element.BlobId);
        writer.WriteString(element.ContentType);
        writer.WriteInt64(element.Bytes);
        if (count > 3) writer.WriteOptional(element.FileName);
        if (count > 4) writer.WriteOptional(element.Width);
        if (count > 5) writer.WriteOptional(element.Height);
        if (count > 6) writer.WriteOptional(element.DurationMs);
        if (count > 7) writer.WriteOptional(element.Preview);
        if (count > 8) writer.WriteIntegers(element.Waveform);
    }

    static WireMedia IElement<WireMedia>.Read(ref FieldReader fields) =>
        new(
            fields.ReadText(),
            fields.ReadText(),
            fields.ReadInteger(),
            fields.ReadOptionalText(),
            fields.ReadOptionalInt32(),
            fields.ReadOptionalInt32(),
            fields.ReadOptionalInteger(),
            fields.ReadOptionalText(),
            fields.ReadOptionalIntegers(MaxWaveform));
}
