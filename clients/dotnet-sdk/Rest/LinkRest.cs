using System.Text.Json.Serialization;

namespace Chat.Sdk.Rest;

/// <summary>The call that makes a card of a page. Thread-safe.</summary>
internal sealed class LinkRest(RestClient rest, SignedInCalls calls)
{
    public Task<LinkBody> MakeAsync(LinkPreviewBody body, CancellationToken ct) =>
        calls.AskAsync(
            bearer => rest.SendAsync(
                HttpMethod.Post, "link-previews", body, LinkJson.Default.LinkPreviewBody, LinkJson.Default.LinkBody, bearer, ct), ct);
}

internal sealed record LinkPreviewBody(string Url, long? ChatId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LinkPreviewBody))]
[JsonSerializable(typeof(LinkBody))]
internal sealed partial class LinkJson : JsonSerializerContext;
