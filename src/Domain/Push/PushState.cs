using Chat.Storage.Push;

namespace Chat.Domain.Push;

/// <summary>What a device may know of notifications.</summary>
/// <param name="PublicKey">What a browser subscribes with; null when the transport web is off.</param>
/// <param name="Transports">Those that are on.</param>
/// <param name="Subscription">The caller's device's; null when it has none.</param>
public sealed record PushState(string? PublicKey, IReadOnlyList<PushTransport> Transports, PushSubscription? Subscription);

/// <summary>Where a device is reached.</summary>
public sealed record PushSubscription(PushTransport Transport, string Endpoint, PushContent Content, long CreatedAtMs, long ChangedAtMs)
{
    internal static PushSubscription From(SubscriptionRow row) =>
        new((PushTransport)row.Transport, row.Endpoint, (PushContent)row.Content, row.CreatedAtMs, row.ChangedAtMs);
}

/// <summary>Where the caller's device wants to be reached.</summary>
/// <param name="Endpoint">An https address, or what the transport calls a token.</param>
/// <param name="P256dh">Web: base64url.</param>
/// <param name="Auth">Web: base64url.</param>
public sealed record PushInput(PushTransport Transport, string? Endpoint, string? P256dh, string? Auth, PushContent Content);
