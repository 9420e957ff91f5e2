using System.Globalization;
using System.Net.Http.Headers;
using Chat.Domain.Push;
using Chat.Server.Outside;
using Chat.Storage.Push;

namespace Chat.Server.Push;

/// <summary>Pushes to browsers (RFC 8030), encrypted for each of them. Thread-safe.</summary>
internal sealed class WebPushTransport(OutsideHttp http, VapidKeys keys, VapidTokens tokens, TimeProvider time) : IPushTransport
{
    public PushTransport Kind => PushTransport.Web;

    public string LaneOf(PushTarget target) => new Uri(target.Endpoint).Authority;

    public async Task<string?> ReadPublicKeyAsync(CancellationToken ct) => (await keys.GetAsync(ct)).PublicKey;

    public async Task<PushAnswer> SendAsync(PushTarget target, PushNotice notice, CancellationToken ct)
    {
        if (notice.Payload.Length > WebPushEncryption.MaxPlainBytes) return new PushAnswer(PushOutcome.TooLarge, Reason: "too large to encrypt");

        Uri endpoint = new(target.Endpoint);
        using HttpRequestMessage request = new(HttpMethod.Post, endpoint);
        request.Headers.TryAddWithoutValidation("Authorization", tokens.AuthorizationFor(endpoint, await keys.GetAsync(ct)));
        request.Headers.Add("TTL", ((long)Math.Ceiling(notice.TimeToLive.TotalSeconds)).ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Urgency", notice.IsUrgent ? "high" : "normal");
        request.Headers.Add("Topic", notice.Topic);
        request.Content = new ByteArrayContent(WebPushEncryption.Encrypt(notice.Payload.Span, target.P256dh, target.Auth));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Content.Headers.ContentEncoding.Add("aes128gcm");
        return await PushReplies.AskAsync(http, request, AnswerTo, ct);
    }

    /// <summary>RFC 8030 §5, §7.3, §8.4.</summary>
    private PushAnswer AnswerTo(OutsideAnswer answer) => answer.Status switch
    {
        >= 200 and < 300 => new PushAnswer(PushOutcome.Taken),
        404 or 410 => new PushAnswer(PushOutcome.Gone),
        413 => new PushAnswer(PushOutcome.TooLarge, Reason: "413"),
        429 or >= 500 => new PushAnswer(PushOutcome.Later, PushReplies.RetryAfter(answer, time), PushReplies.Name(answer)),
        _ => new PushAnswer(PushOutcome.Refused, Reason: PushReplies.Name(answer)),
    };
}
