using System.Globalization;
using Chat.Domain.Cluster;
using StackExchange.Redis;

namespace Chat.Server.Cluster;

/// <summary>
/// Names of the channels on Redis, in a fixed order: <c>prefix</c> + <c>chats:0</c> to <c>chats:255</c>, <c>presence</c>, <c>control</c>,
/// and a <c>probe:</c> channel that only this node uses. The prefix is a <see cref="ClusterPrefix"/>.
/// </summary>
internal sealed class RedisChannels
{
    public const int Count = BrokerChannel.ChatBuckets + 3;

    private const int PresenceIndex = BrokerChannel.ChatBuckets;
    private const int ControlIndex = PresenceIndex + 1;

    /// <summary>Index of this node's own channel, which belongs to no topic.</summary>
    public const int Probe = ControlIndex + 1;

    private readonly RedisChannel[] _names = new RedisChannel[Count];

    public RedisChannels(string prefix, long incarnation)
    {
        for (int bucket = 0; bucket < BrokerChannel.ChatBuckets; bucket++)
            _names[bucket] = Named(string.Create(CultureInfo.InvariantCulture, $"{prefix}chats:{bucket}"));
        _names[PresenceIndex] = Named($"{prefix}presence");
        _names[ControlIndex] = Named($"{prefix}control");
        _names[Probe] = Named(string.Create(CultureInfo.InvariantCulture, $"{prefix}probe:{incarnation:x}"));
    }

    public RedisChannel this[int index] => _names[index];

    public static int IndexOf(BrokerChannel channel) => channel.Topic switch
    {
        BrokerTopic.Chats => channel.Bucket,
        BrokerTopic.Presence => PresenceIndex,
        BrokerTopic.Control => ControlIndex,
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "There is no such topic."),
    };

    /// <param name="index">Any but <see cref="Probe"/>.</param>
    public static BrokerChannel ChannelAt(int index) => index switch
    {
        PresenceIndex => BrokerChannel.Presence,
        ControlIndex => BrokerChannel.Control,
        _ => new BrokerChannel(BrokerTopic.Chats, (byte)index),
    };

    /// <summary>
    /// Literal, as a prefix may hold '*'. Routed like a key, so that on a Redis Cluster one server carries all of a channel, in order.
    /// </summary>
    private static RedisChannel Named(string name) => RedisChannel.Literal(name).WithKeyRouting();
}
