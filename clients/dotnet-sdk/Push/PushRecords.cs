namespace Chat.Sdk.Push;

/// <summary>How a device is reached while it is not connected.</summary>
public enum PushTransport
{
    /// <summary>A transport that came after this version.</summary>
    Unknown = 0,

    /// <summary>A browser's push service.</summary>
    Web = 1,

    /// <summary>Firebase Cloud Messaging.</summary>
    Fcm = 2,

    /// <summary>Apple's push notification service.</summary>
    Apns = 3,
}

/// <summary>What a notification may say.</summary>
public enum PushContent
{
    /// <summary>Something that came after this version.</summary>
    Unknown = 0,

    /// <summary>Who wrote what, where.</summary>
    Full = 1,

    /// <summary>Who wrote, and where.</summary>
    Sender = 2,

    /// <summary>That something came.</summary>
    None = 3,
}

/// <summary>Where this device wants to be reached.</summary>
/// <param name="Transport">How.</param>
/// <param name="Endpoint">The address of a browser's subscription, or the token that the system gave the app.</param>
/// <param name="Content">What a notification may say.</param>
public sealed record NewPushSubscription(PushTransport Transport, string Endpoint, PushContent Content = PushContent.Full)
{
    /// <summary>Transport web: the key p256dh of the subscription, base64url.</summary>
    public string? P256dh { get; init; }

    /// <summary>Transport web: the key auth of the subscription, base64url.</summary>
    public string? Auth { get; init; }
}

/// <summary>Where this device is reached.</summary>
/// <param name="Transport">How.</param>
/// <param name="Endpoint">The address, or the token.</param>
/// <param name="Content">What a notification may say.</param>
/// <param name="CreatedAt">When it was set first.</param>
/// <param name="ChangedAt">When it was set last.</param>
public sealed record PushSubscription(PushTransport Transport, string Endpoint, PushContent Content, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt);

/// <summary>How this device can be reached, and how it is.</summary>
/// <param name="PublicKey">What browsers subscribe with; null when the service pushes to none.</param>
/// <param name="Transports">The transports that are on.</param>
/// <param name="Subscription">This device's; null when it has none.</param>
public sealed record PushState(string? PublicKey, IReadOnlyList<PushTransport> Transports, PushSubscription? Subscription);
