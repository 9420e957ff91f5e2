using System.ComponentModel.DataAnnotations;
using Chat.Domain.Push;

namespace Chat.AdminApi.Rest.Push;

/// <summary>Where a device is reached when it is not connected (protocol-spec.md §8.15).</summary>
internal sealed record PushBody
{
    /// <summary>How.</summary>
    [Required]
    public PushTransport? Transport { get; init; }

    /// <summary>Transport web: the endpoint of the browser's PushSubscription. Otherwise the token that the system gave the app.</summary>
    [Required]
    public string? Endpoint { get; init; }

    /// <summary>Transport web: the key p256dh of the PushSubscription, base64url.</summary>
    public string? P256dh { get; init; }

    /// <summary>Transport web: the key auth of the PushSubscription, base64url.</summary>
    public string? Auth { get; init; }

    /// <summary>What a notification may say: full is who wrote what and where, sender is who and where, none is that something came. Left out: full.</summary>
    public PushContent? Content { get; init; }
}

/// <summary>Where a device is reached.</summary>
internal sealed record PushSubscriptionResource
{
    /// <summary>How.</summary>
    public required PushTransport Transport { get; init; }

    /// <summary>The address, or the token.</summary>
    public required string Endpoint { get; init; }

    /// <summary>What a notification may say.</summary>
    public required PushContent Content { get; init; }

    /// <summary>When it was set first.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was set last.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    public static PushSubscriptionResource From(PushSubscription subscription) => new()
    {
        Transport = subscription.Transport,
        Endpoint = subscription.Endpoint,
        Content = subscription.Content,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(subscription.CreatedAtMs),
        ChangedAt = DateTimeOffset.FromUnixTimeMilliseconds(subscription.ChangedAtMs),
    };
}

/// <summary>How the calling device can be reached, and how it is.</summary>
internal sealed record PushResource
{
    /// <summary>What a browser subscribes with (applicationServerKey), base64url. Null when the transport web is off.</summary>
    public string? PublicKey { get; init; }

    /// <summary>The transports that are on.</summary>
    public required IReadOnlyList<PushTransport> Transports { get; init; }

    /// <summary>The calling device's subscription. Null when it has none.</summary>
    public PushSubscriptionResource? Subscription { get; init; }

    public static PushResource From(PushState state) => new()
    {
        PublicKey = state.PublicKey,
        Transports = state.Transports,
        Subscription = state.Subscription is { } subscription ? PushSubscriptionResource.From(subscription) : null,
    };
}
