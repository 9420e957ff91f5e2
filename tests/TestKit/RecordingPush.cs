using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Chat.Domain.Push;
using Chat.Storage.Push;

namespace Chat.TestKit;

/// <summary>A push service that writes down what it is given, and answers as a test wants.</summary>
public sealed class RecordingPush : IPushTransport
{
    public const string PublicKey = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";

    public ConcurrentQueue<(PushTarget Target, PushNotice Notice)> Sent { get; } = new();

    /// <summary>What is answered; taken, unless a test says otherwise.</summary>
    public Func<PushTarget, PushNotice, PushAnswer> Answer { get; set; } = (_, _) => new PushAnswer(PushOutcome.Taken);

    public PushTransport Kind => PushTransport.Web;

    public string LaneOf(PushTarget target) => new Uri(target.Endpoint).Authority;

    public Task<string?> ReadPublicKeyAsync(CancellationToken ct) => Task.FromResult<string?>(PublicKey);

    public Task<PushAnswer> SendAsync(PushTarget target, PushNotice notice, CancellationToken ct)
    {
        PushAnswer answer = Answer(target, notice);
        Sent.Enqueue((target, notice));
        return Task.FromResult(answer);
    }

    public static JsonObject Read(PushNotice notice) => JsonNode.Parse(notice.Payload.Span)!.AsObject();
}
