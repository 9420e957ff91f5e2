namespace Chat.Domain.Push;

/// <summary>How devices are reached that are not connected. Section <c>Push</c>.</summary>
public sealed record PushOptions
{
    /// <summary>Whether anything is pushed. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// Whom push services tell when something is wrong with what is sent (RFC 8292 §2.1): <c>mailto:ops@example.org</c> or an https address.
    /// Default none: it is left out, which some services refuse.
    /// </summary>
    public string Subject { get; init; } = "";

    /// <summary>
    /// The private key by which push services know this service: 32 bytes in base64url, of P-256. Default none: one is made with the first
    /// use and kept in the database. Another key voids all subscriptions of browsers.
    /// </summary>
    public string VapidPrivateKey { get; init; } = "";

    /// <summary>How long after a message it is looked at whether it was read meanwhile, and on which devices nobody is. Default 1.5 s.</summary>
    public TimeSpan Settling { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How long a push service keeps what it cannot deliver, and how long this node tries to hand it over. Default 24 h.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Whether a push service may be in a private network. Then everybody who is signed in can have this service ask hosts of it. For closed networks
    /// and tests. Default false.
    /// </summary>
    public bool AllowPrivateAddresses { get; init; }

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (Subject.Length > 0 && !IsContact(Subject)) yield return $"Push:Subject is '{Subject}': set mailto:you@your.domain or an https address.";
        if (VapidPrivateKey.Length > 0 && !PushKeyText.TryRead(VapidPrivateKey, 32, out _))
            yield return "Push:VapidPrivateKey is not 32 bytes in base64url: leave it out, and one is made and kept in the database.";
        if (Settling < TimeSpan.Zero || Settling > TimeSpan.FromSeconds(30)) yield return $"Push:Settling is {Settling}: set 00:00:00 to 00:00:30.";
        if (TimeToLive < TimeSpan.FromMinutes(1) || TimeToLive > TimeSpan.FromDays(28)) yield return $"Push:TimeToLive is {TimeToLive}: set 00:01:00 to 28.00:00:00.";
    }

    private static bool IsContact(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? contact)
        && (contact.Scheme == Uri.UriSchemeHttps || contact.Scheme == Uri.UriSchemeMailto && text.Contains('@', StringComparison.Ordinal));
}
