using Chat.Storage.Push;

namespace Chat.Domain.Push;

/// <summary>How a device is reached. Numbers as in the column <c>transport</c>.</summary>
public enum PushTransport : byte
{
    Web = 1,
    Fcm = 2,
    Apns = 3,
}

/// <summary>What a notification may say. Numbers as in the column <c>content</c>.</summary>
public enum PushContent : byte
{
    /// <summary>Who wrote what, where.</summary>
    Full = 1,

    /// <summary>Who wrote, and where.</summary>
    Sender = 2,

    /// <summary>That something came.</summary>
    None = 3,
}

/// <summary>Takes notifications to one kind of push service. The process implements it. Thread-safe.</summary>
public interface IPushTransport
{
    PushTransport Kind { get; }

    /// <summary>The host that is asked: a few are sent at a time to each, so that one that hangs holds up nobody else.</summary>
    string LaneOf(PushTarget target);

    /// <summary>The key that browsers subscribe with; null for transports that have none.</summary>
    /// <exception cref="PushKeyException">There is one, and it cannot be read.</exception>
    Task<string?> ReadPublicKeyAsync(CancellationToken ct);

    /// <summary>Hands one notification over. Throws for nothing that the service or the network does.</summary>
    /// <exception cref="PushKeyException">The service's own key cannot be read.</exception>
    Task<PushAnswer> SendAsync(PushTarget target, PushNotice notice, CancellationToken ct);
}

/// <summary>What is sent to one device.</summary>
/// <param name="Payload">JSON, protocol-spec.md §8.15.</param>
/// <param name="TimeToLive">How long the service keeps it for a device that is not there.</param>
/// <param name="IsUrgent">It is for now.</param>
/// <param name="Topic">A later one of the same topic replaces it, where it was not delivered.</param>
public sealed record PushNotice(ReadOnlyMemory<byte> Payload, TimeSpan TimeToLive, bool IsUrgent, string Topic);

/// <summary>What a push service said.</summary>
/// <param name="RetryAfter">With <see cref="PushOutcome.Later"/>, when it said so.</param>
/// <param name="Reason">For the log: a status, never an endpoint.</param>
/// <param name="IsSilent">Nothing was heard of it.</param>
public sealed record PushAnswer(PushOutcome Outcome, TimeSpan? RetryAfter = null, string Reason = "", bool IsSilent = false);

/// <inheritdoc cref="PushAnswer"/>
public enum PushOutcome : byte
{
    Taken,

    /// <summary>It does not know the device any more.</summary>
    Gone,

    /// <summary>It takes less.</summary>
    TooLarge,

    /// <summary>Not now; or nothing was heard of it.</summary>
    Later,

    /// <summary>It takes nothing like this.</summary>
    Refused,

    /// <summary>It does not take what this service says of itself, whatever the device.</summary>
    Denied,
}

/// <summary>The service's own key cannot be used; the message says what to do.</summary>
public sealed class PushKeyException(string message) : Exception(message);
