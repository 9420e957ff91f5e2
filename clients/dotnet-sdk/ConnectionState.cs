namespace Chat.Sdk;

/// <summary>Where a <see cref="ChatClient"/> is on its way to the service and back.</summary>
public enum ConnectionKind : byte
{
    /// <summary>Not asked to connect yet.</summary>
    Idle = 0,

    /// <summary>Getting a token, opening the socket or waiting for the welcome.</summary>
    Connecting = 1,

    /// <summary>Signed in: requests go out, events come in.</summary>
    Online = 2,

    /// <summary>Between two attempts.</summary>
    Waiting = 3,

    /// <summary>Ended for good: by <see cref="ChatClient.CloseAsync"/>, or by a verdict that forbids to come back.</summary>
    Closed = 4,
}

/// <summary>Why a connection ended.</summary>
/// <param name="Code">Close code of protocol-spec.md §9.2; 1006 when the connection broke without one.</param>
/// <param name="Reason">For the developer; may be empty.</param>
public sealed record ConnectionEnd(int Code, string Reason);

/// <summary>A snapshot of the connection.</summary>
/// <param name="Kind">The state.</param>
/// <param name="Since">When it was entered, by the client's clock.</param>
/// <param name="Attempt">Attempts since the last time that a connection held; 0 for the first one.</param>
/// <param name="RetryIn">In <see cref="ConnectionKind.Waiting"/>: the pause before the next attempt.</param>
/// <param name="End">Why the last connection ended, if one did.</param>
public sealed record ConnectionState(
    ConnectionKind Kind, DateTimeOffset Since, int Attempt = 0, TimeSpan? RetryIn = null, ConnectionEnd? End = null);

/// <summary>Why the client asks for an access token.</summary>
public enum TokenReason : byte
{
    /// <summary>For a new connection or a REST request; one held in memory will do.</summary>
    Connect = 0,

    /// <summary>The present one ends soon; a newer one keeps the connection.</summary>
    Expiring = 1,

    /// <summary>The service found the last one expired.</summary>
    Expired = 2,

    /// <summary>The service found the last one invalid, or its device signed out.</summary>
    Rejected = 3,
}
