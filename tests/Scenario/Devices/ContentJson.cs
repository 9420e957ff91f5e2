using System.Text.Json;
using System.Text.Json.Nodes;

using Chat.Protocol.Codes;
using Chat.Sdk;

namespace Chat.Scenario.Devices;

/// <summary>What a message is beside its text, as both SDKs and the REST interface are asked for it and compared by it.</summary>
internal static class ContentJson
{
    /// <summary>The word of the wire for a number's C# name, such as <c>member_added</c>.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static T Value<T>(JsonNode? word)
        where T : struct, Enum => Enum.Parse<T>(word!.GetValue<string>().Replace("_", "", StringComparison.Ordinal), ignoreCase: true);

    public static MessageContent? Read(JsonNode? json) => json is null
        ? null
        : new MessageContent
        {
            Kind = Value<ContentKind>(json["kind"]),
            Marks = [.. Items(json["marks"]).Select(mark => new TextMark(
                Value<MarkKind>(mark["kind"]), Whole(mark["start"]), Whole(mark["length"]), mark["principalId"]?.GetValue<long>()))],
            Media = ReadMedia(json["media"]),
            Location = json["location"] is { } place
                ? new GeoLocation(place["latitude"]!.GetValue<double>(), place["longitude"]!.GetValue<double>(), place["name"]?.GetValue<string>())
                : null,
            Contact = json["contact"]?.GetValue<string>(),
        };

    public static object? Write(MessageContent? content) => content is null
        ? null
        : new
        {
            kind = Word(content.Kind),
            forwarded = content.Forwarded,
            marks = content.Marks.Select(mark => new
            {
                kind = Word(mark.Kind),
                start = mark.Start,
                length = mark.Length,
                principalId = mark.PrincipalId,
            }),
            media = content.Media is { } media
                ? new
                {
                    blobId = media.BlobId,
                    contentType = media.ContentType,
                    bytes = media.Bytes,
                    fileName = media.FileName,
                    width = media.Width,
                    height = media.Height,
                    durationMs = (long?)media.Duration?.TotalMilliseconds,
                    preview = media.Preview,
                    waveform = media.Waveform.Select(value => (int)value),
                }
                : null,
            location = content.Location is { } place ? new { latitude = place.Latitude, longitude = place.Longitude, name = place.Name } : null,
            contact = content.Contact,
        };

    private static MessageMedia? ReadMedia(JsonNode? json) => json is null
        ? null
        : new MessageMedia
        {
            BlobId = json["blobId"]!.GetValue<string>(),
            ContentType = json["contentType"]!.GetValue<string>(),
            Bytes = json["bytes"]!.GetValue<long>(),
            FileName = json["fileName"]?.GetValue<string>(),
            Width = json["width"]?.GetValue<int>(),
            Height = json["height"]?.GetValue<int>(),
            Duration = json["durationMs"]?.GetValue<long>() is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
            Preview = json["preview"]?.GetValue<string>(),
            Waveform = [.. Items(json["waveform"]).Select(value => (byte)Whole(value))],
        };

    private static IEnumerable<JsonNode> Items(JsonNode? array) => array is JsonArray items ? items.Select(item => item!) : [];

    private static int Whole(JsonNode? number) => number!.GetValue<int>();
}
