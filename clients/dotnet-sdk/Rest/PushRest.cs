using System.Text.Json.Serialization;
using Chat.Sdk.Push;

namespace Chat.Sdk.Rest;

/// <summary>Subscriptions to notifications over REST. Thread-safe.</summary>
internal sealed class PushRest(RestClient rest, SignedInCalls calls)
{
    private const string Path = "push";

    public Task<PushAnswer> ReadAsync(CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<NameBody, PushAnswer>(HttpMethod.Get, Path, null, null, PushJson.Default.PushAnswer, bearer, ct), ct);

    public Task<PushSubscriptionAnswer> SetAsync(PushBody body, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync(
            HttpMethod.Put, Path, body, PushJson.Default.PushBody, PushJson.Default.PushSubscriptionAnswer, bearer, ct), ct);

    public Task RemoveAsync(CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync<NameBody>(HttpMethod.Delete, Path, null, null, bearer, ct), ct);
}

internal sealed record PushBody(PushTransport Transport, string Endpoint, string? P256dh, string? Auth, PushContent Content);

internal sealed record PushSubscriptionAnswer(
    PushTransport Transport, string Endpoint, PushContent Content, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt)
{
    public PushSubscription ToSubscription() => new(Transport, Endpoint, Content, CreatedAt, ChangedAt);
}

internal sealed record PushAnswer(string? PublicKey, IReadOnlyList<PushTransport> Transports, PushSubscriptionAnswer? Subscription)
{
    public PushState ToState() => new(PublicKey, Transports, Subscription?.ToSubscription());
}

/// <summary>The JSON of subscriptions, generated: the library may be trimmed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(PushTransportConverter), typeof(PushContentConverter)])]
[JsonSerializable(typeof(PushBody))]
[JsonSerializable(typeof(PushAnswer))]
[JsonSerializable(typeof(PushSubscriptionAnswer))]
internal sealed partial class PushJson : JsonSerializerContext;

/// <summary>How a device is reached.</summary>
internal sealed class PushTransportConverter : KnownNameConverter<PushTransport>;

/// <summary>What a notification may say.</summary>
internal sealed class PushContentConverter : KnownNameConverter<PushContent>;
