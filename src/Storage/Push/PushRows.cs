namespace Chat.Storage.Push;

/// <summary>Numbers of <c>push_subscriptions.transport</c>. On disk: append, never edit.</summary>
public static class PushTransports
{
    public const short Web = 1;
    public const short Fcm = 2;
    public const short Apns = 3;
}

/// <summary>Numbers of <c>push_subscriptions.content</c>. On disk: append, never edit.</summary>
public static class PushContents
{
    public const short Full = 1;
    public const short Sender = 2;
    public const short None = 3;
}

/// <summary>Where a device wants to be reached.</summary>
/// <param name="Endpoint">An https address, or a token.</param>
/// <param name="P256dh">Web push: the browser's public key, 65 bytes.</param>
/// <param name="Auth">Web push: the secret shared with the browser, 16 bytes.</param>
/// <param name="Content">One of <see cref="PushContents"/>.</param>
public sealed record NewSubscription(short Transport, string Endpoint, byte[]? P256dh, byte[]? Auth, short Content);

/// <summary>The subscription of a device, as its owner sees it.</summary>
public sealed record SubscriptionRow(short Transport, string Endpoint, short Content, long CreatedAtMs, long ChangedAtMs);

/// <summary>One device that is to be told something.</summary>
/// <param name="Faults">Refusals in a row, when it was read.</param>
public sealed record PushTarget(
    long DeviceId, long PrincipalId, short Transport, string Endpoint, byte[]? P256dh, byte[]? Auth, short Content, int Faults)
{
    /// <summary>Whether the device is still reached where the other one says.</summary>
    public bool IsAt(PushTarget other) => (DeviceId, Transport, Endpoint) == (other.DeviceId, other.Transport, other.Endpoint);
}

/// <summary>One device of somebody in a chat.</summary>
/// <param name="SeenUpTo">How far they have read, or cleared; what comes after it and not before <paramref name="Since"/> is new to them.</param>
/// <param name="Since">The first event that they see.</param>
/// <param name="Names">What they call the people who wrote, where it is not their own name; by principal.</param>
/// <param name="Hidden">Messages that they deleted for themselves.</param>
/// <param name="IsMuted">They muted the chat: only what is addressed to them is told.</param>
/// <param name="Blocked">Who wrote and is blocked by them, where anything is addressed to them.</param>
public sealed record ChatTarget(
    PushTarget Target, long SeenUpTo, long Since, IReadOnlyDictionary<long, string> Names, IReadOnlyList<long> Hidden, bool IsMuted,
    IReadOnlyList<long> Blocked)
{
    /// <summary>Whether the message mentions this person or answers one of theirs, and is not of somebody whom they block.</summary>
    public bool IsAddressed(ToldMessage message) => message.Addressed.Contains(Target.PrincipalId) && !Blocked.Contains(message.SenderId);
}

/// <summary>A message that may be told, as it is now.</summary>
/// <param name="Content">What it is beside its text, as the JSON that was stored.</param>
/// <param name="Addressed">Whom it mentions, and whose message it answers.</param>
public sealed record ToldMessage(
    long Sequence, long SenderId, string SenderName, long AtMs, string Text, string? Content, IReadOnlyList<long> Addressed);

/// <summary>What is new in a chat.</summary>
/// <param name="Name">Null in a direct chat.</param>
/// <param name="Messages">Ascending; the newest <see cref="PushReceivers.MaxMessages"/>, and of those before as many that mention somebody.</param>
/// <param name="WroteLater">Who wrote something soon after these, and so has read them.</param>
public sealed record ToldChat(
    long ChatId, string? Name, int MemberCount, IReadOnlyList<ToldMessage> Messages, IReadOnlySet<long> WroteLater);

/// <summary>A call as one of those who are called hears of it.</summary>
/// <param name="State">What the call is to them now; a number of call_participants.state.</param>
/// <param name="ChatName">Null in a direct chat.</param>
/// <param name="CallerName">As they call the caller.</param>
/// <param name="RingsFor">How long it rings from now on; zero or less when it does not.</param>
public sealed record ToldCall(
    long PrincipalId, long ChatId, string? ChatName, long CallerId, string CallerName, short Kind, short State, TimeSpan RingsFor);

/// <summary>A pair of keys as it is stored.</summary>
/// <param name="PrivateKey">Encrypted.</param>
public sealed record PushKeyRow(byte[] PublicKey, byte[] PrivateKey);
