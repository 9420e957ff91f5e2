using Chat.Sdk.Rest;

namespace Chat.Sdk.Push;

/// <summary>Notifications to this device while it is not connected. They are hints: the app has all messages without them. Thread-safe.</summary>
public sealed class PushClient
{
    private readonly PushRest _rest;

    internal PushClient(PushRest rest) => _rest = rest;

    /// <summary>How this device can be reached, and how it is.</summary>
    public async Task<PushState> ReadAsync(CancellationToken cancellationToken = default) =>
        (await _rest.ReadAsync(cancellationToken).ConfigureAwait(false)).ToState();

    /// <summary>Says where this device is reached, in the place of what was said before. It ends with the device's sign-in.</summary>
    /// <exception cref="ChatException"><c>push_transport_off</c>, <c>push_keys_invalid</c>, <c>push_endpoint_invalid</c>.</exception>
    public async Task<PushSubscription> SetAsync(NewPushSubscription subscription, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        PushBody body = new(subscription.Transport, subscription.Endpoint, subscription.P256dh, subscription.Auth, subscription.Content);
        return (await _rest.SetAsync(body, cancellationToken).ConfigureAwait(false)).ToSubscription();
    }

    /// <summary>Pushes no more to this device. Twice is no failure.</summary>
    public Task RemoveAsync(CancellationToken cancellationToken = default) => _rest.RemoveAsync(cancellationToken);
}
