using Chat.Sdk.Transport;

namespace Chat.Sdk;

/// <summary>What a <see cref="ChatClient"/> needs.</summary>
public sealed record ChatClientOptions
{
    /// <summary>The service's base address, <c>http(s)://host[:port]</c>. The socket's and the REST addresses are derived from it.</summary>
    public required Uri Url { get; init; }

    /// <summary>
    /// Gives an access token, e.g. <see cref="AccountSession.TokenAsync"/>. Called again on expiry and refusal, from any thread. A
    /// <see cref="ChatException"/> that is not retryable ends the client; another exception is tried again later.
    /// </summary>
    public required Func<TokenReason, CancellationToken, ValueTask<string>> Token { get; init; }

    /// <summary>What opens connections. Default: the framework's WebSocket.</summary>
    public ITransport Transport { get; init; } = new ClientWebSocketTransport();

    /// <summary>Carries the REST requests. Default: one of the client's own.</summary>
    public HttpClient? HttpClient { get; init; }

    /// <summary>The clock of every wait.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The source of the back-off's jitter. Used under the client's own lock.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>
    /// <see cref="ChatClient.Positions"/> of an earlier run: what came after them is yielded first, chats that came since from their first
    /// event on. Empty: only what is new.
    /// </summary>
    public IReadOnlyList<ChatPosition> Positions { get; init; } = [];

    /// <summary>Whether the client tells senders what it has got. Default true.</summary>
    public bool SendDeliveryReceipts { get; init; } = true;

    /// <summary>
    /// Bytes of text that may wait to be sent; a further message is refused with <see cref="LocalErrorCode.OutboxFull"/>. Default 16 MiB.
    /// </summary>
    public int MaxOutboxBytes { get; init; } = 16 << 20;

    /// <summary>
    /// Messages that may wait to be sent, with an <see cref="OutboxStore"/> together with those that failed and were neither sent again nor taken
    /// back; a further one is refused with <see cref="LocalErrorCode.OutboxFull"/>. Default 65,536.
    /// </summary>
    public int MaxOutboxMessages { get; init; } = 1 << 16;

    /// <summary>
    /// Keeps what waits to be sent, and what failed, over restarts of the app, e.g. a <see cref="FileOutboxStore"/>. What the last run left is in
    /// <see cref="ChatClient.Outbox"/> at once and goes out under the same ids, so that nothing is stored twice. The client does not dispose of
    /// it; dispose of the client first. Default: none; what waits ends with the client.
    /// </summary>
    public IOutboxStore? OutboxStore { get; init; }

    /// <summary>
    /// A message in the <see cref="OutboxStore"/> that is older when the client starts or comes online fails with <see cref="LocalErrorCode.Expired"/>
    /// and waits for the person's word, by the system's clock. The service knows ids for ever (protocol-spec.md §6.4): this is for people, who do not
    /// expect an old text to go out. Default 7 days; <see cref="Timeout.InfiniteTimeSpan"/> for never.
    /// </summary>
    public TimeSpan MaxOutboxAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Messages of one chat that may be on their way at once. Above 1 sending is faster over a slow line, and a message may overtake one
    /// that the service refused for the moment. 1 … 32. Default 1.
    /// </summary>
    public int SendsInFlightPerChat { get; init; } = 1;

    /// <summary>Smallest number of events that a reader may lag behind before the client stops taking more. 512 or more. Default 2,048.</summary>
    public int EventBufferSize { get; init; } = 2_048;

    /// <summary>Told to the server for its logs.</summary>
    public string ClientName { get; init; } = "dotnet-sdk/0.1.0";

    internal void Validate()
    {
        if (!Url.IsAbsoluteUri || Url.Scheme is not ("http" or "https"))
            throw new ArgumentException($"Url is {Url}: give an absolute http or https address, e.g. https://chat.example.org.");
        if (EventBufferSize < 512) throw new ArgumentException($"EventBufferSize is {EventBufferSize}: give 512 or more.");
        if (SendsInFlightPerChat is < 1 or > 32)
            throw new ArgumentException($"SendsInFlightPerChat is {SendsInFlightPerChat}: give 1 … 32.");
        if (MaxOutboxBytes < 1) throw new ArgumentException($"MaxOutboxBytes is {MaxOutboxBytes}: give 1 or more.");
        if (MaxOutboxMessages < 1) throw new ArgumentException($"MaxOutboxMessages is {MaxOutboxMessages}: give 1 or more.");
        if (MaxOutboxAge <= TimeSpan.Zero && MaxOutboxAge != Timeout.InfiniteTimeSpan)
            throw new ArgumentException($"MaxOutboxAge is {MaxOutboxAge}: give more than zero, or Timeout.InfiniteTimeSpan.");
    }
}
