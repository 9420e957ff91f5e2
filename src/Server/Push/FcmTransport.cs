using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chat.Domain.Push;
using Chat.Server.Outside;
using Chat.Storage.Push;

namespace Chat.Server.Push;

/// <summary>
/// Pushes to apps on Android, by the HTTP v1 interface of Firebase Cloud Messaging. What is sent is data only, the payload as text in the member
/// <c>push</c>: the app shows it. Google can read it. Thread-safe.
/// </summary>
internal sealed class FcmTransport(FcmOptions options, FcmAccount account, FcmTokens tokens, OutsideHttp http, TimeProvider time) : IPushTransport
{
    private readonly Uri _address = new(new Uri(options.Server), $"/v1/projects/{Uri.EscapeDataString(account.Project)}/messages:send");

    public PushTransport Kind => PushTransport.Fcm;

    public string LaneOf(PushTarget target) => _address.Authority;

    public Task<string?> ReadPublicKeyAsync(CancellationToken ct) => Task.FromResult<string?>(null);

    public async Task<PushAnswer> SendAsync(PushTarget target, PushNotice notice, CancellationToken ct)
    {
        PushAnswer? refused = null;
        string? token = null;
        try
        {
            token = await tokens.FindAsync(answer => refused = new PushAnswer(PushOutcome.Later, Reason: $"sign-in {PushReplies.Name(answer)}"), ct);
        }
        catch (Exception fault) when (PushReplies.IsSilence(fault, ct))
        {
            return new PushAnswer(PushOutcome.Later, IsSilent: true);
        }

        if (token is null) return refused ?? new PushAnswer(PushOutcome.Later, Reason: "sign-in");
        using HttpRequestMessage request = new(HttpMethod.Post, _address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(Write(target, notice), JsonSerializerOptions.Default));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        PushAnswer answer = await PushReplies.AskAsync(http, request, AnswerTo, ct);
        if (answer.Reason == "401") tokens.Forget(token);
        return answer;
    }

    private static JsonObject Write(PushTarget target, PushNotice notice) => new()
    {
        ["message"] = new JsonObject
        {
            ["token"] = target.Endpoint,
            ["data"] = new JsonObject { ["push"] = Encoding.UTF8.GetString(notice.Payload.Span) },
            ["android"] = new JsonObject
            {
                ["priority"] = notice.IsUrgent ? "HIGH" : "NORMAL",
                ["ttl"] = $"{(long)notice.TimeToLive.TotalSeconds}s",
                ["collapse_key"] = notice.Topic,
            },
        },
    };

    /// <summary>Only 404 says that the app is gone; another account's token is 403 with SENDER_ID_MISMATCH, and a text too long 400, as everything else that is wrong.</summary>
    private PushAnswer AnswerTo(OutsideAnswer answer) => answer.Status switch
    {
        200 => new PushAnswer(PushOutcome.Taken),
        404 => new PushAnswer(PushOutcome.Gone),
        403 when answer.Body.Span.IndexOf("SENDER_ID_MISMATCH"u8) < 0 => new PushAnswer(PushOutcome.Denied, Reason: PushReplies.Name(answer)),
        413 => new PushAnswer(PushOutcome.TooLarge, Reason: "413"),
        401 or 429 or >= 500 => new PushAnswer(PushOutcome.Later, PushReplies.RetryAfter(answer, time), PushReplies.Name(answer)),
        _ => new PushAnswer(PushOutcome.Refused, Reason: PushReplies.Name(answer)),
    };
}
