using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Chat.Protocol.Frames.Elements;

namespace Chat.Domain.Messages;

/// <summary>What a message is beside its text, as the JSON that storage keeps: members in camelCase, kinds as their frozen numbers.</summary>
internal static class ContentJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(WireContent content) => JsonSerializer.Serialize(content, Options);

    public static string WriteMedia(in WireMedia media) => JsonSerializer.Serialize(media, Options);

    /// <summary>Reads what <see cref="WriteMedia"/> wrote.</summary>
    public static WireMedia ReadMedia(string json)
    {
        WireMedia media = JsonSerializer.Deserialize<WireMedia>(json, Options);
        return Complete(media);
    }

    /// <summary>Reads what <see cref="Write"/> wrote; lists that are missing are empty.</summary>
    public static WireContent Read(string json)
    {
        WireContent content = JsonSerializer.Deserialize<WireContent>(json, Options)!;
        return content with
        {
            Marks = content.Marks ?? [],
            Media = content.Media is { } media ? Complete(media) : null,
            Link = content.Link is { Image: { } image } link ? link with { Image = Complete(image) } : content.Link,
        };
    }

    private static WireMedia Complete(in WireMedia media) => media with { Waveform = media.Waveform ?? [] };
}
