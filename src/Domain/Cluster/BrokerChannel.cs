namespace Chat.Domain.Cluster;

/// <summary>What a publication between nodes is about.</summary>
public enum BrokerTopic : byte
{
    /// <summary>Committed events, ephemeral pushes and heads of chats; nodes are spread over <see cref="BrokerChannel.ChatBuckets"/> buckets.</summary>
    Chats = 1,

    /// <summary>Principals who came online or went offline on a node.</summary>
    Presence = 2,

    /// <summary>Orders to every node: revocations, changed settings.</summary>
    Control = 3,
}

/// <summary>Where a publication goes. Every node hears every channel; buckets only spread the load over a sharded broker (architecture decision D8).</summary>
/// <param name="Topic">What it is about.</param>
/// <param name="Bucket">0 to 255 for <see cref="BrokerTopic.Chats"/>, otherwise 0.</param>
public readonly record struct BrokerChannel(BrokerTopic Topic, byte Bucket = 0)
{
    public const int ChatBuckets = 256;

    public static BrokerChannel Presence { get; } = new(BrokerTopic.Presence);

    public static BrokerChannel Control { get; } = new(BrokerTopic.Control);

    /// <summary>
    /// The channel on which a node tells of chats: one for everything it says, so that a batch is one publication and keeps its order, and the
    /// nodes of a cluster spread over a sharded broker (ADR 0015).
    /// </summary>
    public static BrokerChannel ForNode(long incarnation) => new(BrokerTopic.Chats, (byte)((ulong)incarnation * 0x9E3779B97F4A7C15UL >> 56));
}
