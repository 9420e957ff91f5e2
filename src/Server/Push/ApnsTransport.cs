using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chat.Domain.Push;
using Chat.Server.Outside;
using Chat.Storage.Push;

namespace Chat.Server.Push;

/// <summary>
/// Pushes to apps on Apple's systems over HTTP/2. The alert names a text of the app's, for its kind; the payload stands beside it, for the app's
/// notification service extension to write what may be said. Apple can read it. Thread-safe.
/// </summary>
internal sealed class ApnsTransport(ApnsOptions options, ECDsa key, OutsideHttp http, TimeProvider time) : IPushTransport
{
    /// <summary>Apple wants a new one no earlier than after 20 minutes, and takes none that is an hour old.</summary>
    private static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(40);

    private readonly Uri _server = new(options.Server);
    private readonly Lock _signing = new();
    private (string Value, DateTimeOffset SignedAt)? _token;

    public PushTransport Kind => PushTransport.Apns;

    public string LaneOf(PushTarget target) => _server.Authority;

    public Task<string?> ReadPublicKeyAsync(CancellationToken ct) => Task.FromResult<string?>(null);

    public async Task<PushAnswer> SendAsync(PushTarget target, PushNotice notice, CancellationToken ct)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(_server, $"/3/device/{Uri.EscapeDataString(target.Endpoint)}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(Write(notice), JsonSerializerOptions.Default)),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("bearer", Token());
        request.Headers.Add("apns-topic", options.Topic);
        request.Headers.Add("apns-push-type", "alert");
        request.Headers.Add("apns-priority", notice.IsUrgent ? "10" : "5");
        request.Headers.Add("apns-expiration", (time.GetUtcNow() + notice.TimeToLive).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("apns-collapse-id", notice.Topic);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await PushReplies.AskAsync(http, request, AnswerTo, ct);
    }

    private static JsonObject Write(PushNotice notice)
    {
        JsonObject push = JsonNode.Parse(notice.Payload.Span)!.AsObject();
        JsonObject aps = new()
        {
            ["alert"] = new JsonObject { ["loc-key"] = $"push_{(string)push["kind"]!}" },
            ["mutable-content"] = 1,
        };
        if ((int?)push["badge"] is { } badge) aps["badge"] = badge;
        return new JsonObject { ["aps"] = aps, ["push"] = push };
    }

    private string Token()
    {
        lock (_signing)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (_token is { } known && now - known.SignedAt < TokenLife) return known.Value;
            string value = SignedToken.Write(
                new JsonObject { ["alg"] = "ES256", ["kid"] = options.KeyId },
                new JsonObject { ["iss"] = options.TeamId, ["iat"] = now.ToUnixTimeSeconds() },
                signed => key.SignData(signed, HashAlgorithmName.SHA256));
            _token = (value, now);
            return value;
        }
    }

    /// <summary>A token that Apple does not know is 400 or 410 by whether it ever did.</summary>
    private PushAnswer AnswerTo(OutsideAnswer answer) => answer.Status switch
    {
        200 => new PushAnswer(PushOutcome.Taken),
        410 => new PushAnswer(PushOutcome.Gone),
        403 => new PushAnswer(PushOutcome.Denied, Reason: PushReplies.Name(answer)), // a token or certificate of this service's
        413 => new PushAnswer(PushOutcome.TooLarge, Reason: "413"),
        429 or >= 500 => new PushAnswer(PushOutcome.Later, PushReplies.RetryAfter(answer, time), PushReplies.Name(answer)),
        _ => new PushAnswer(PushOutcome.Refused, Reason: PushReplies.Name(answer)),
    };
}
