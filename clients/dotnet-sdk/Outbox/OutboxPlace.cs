using Chat.Sdk.Connection;

namespace Chat.Sdk.Outbox;

/// <summary>Where a message stands in the outbox.</summary>
internal sealed class OutboxPlace
{
    /// <summary>Its place in the queue; null when it has left it.</summary>
    public LinkedListNode<OutgoingMessage>? Node { get; set; }

    /// <summary>The session that carries it at present.</summary>
    public WireSession? CarriedBy { get; set; }

    /// <summary>It went out at least once, so it may be stored.</summary>
    public bool WentOut { get; set; }

    /// <summary>It is the owner's of the outbox: they were signed in when it was written, or after it. Until then somebody else may have written it.</summary>
    public bool IsOwners { get; set; }

    /// <summary>When an attempt ended last without a certain answer; monotonic, null for never.</summary>
    public long? InDoubtSince { get; set; }

    /// <summary>Bytes that it counts for.</summary>
    public int Bytes { get; set; }
}
