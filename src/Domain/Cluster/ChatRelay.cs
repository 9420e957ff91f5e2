using Chat.Domain.Fanout;
using Chat.Domain.Wire;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;
using Chat.Storage;
using Chat.Storage.Chats;

namespace Chat.Domain.Cluster;

/// <summary>
/// Tells the other nodes what this one committed: the same encoded pushes that its own sessions get, one publication for each channel and
/// batch (architecture decision D8). What the broker does not take is lost without a word; the others find it by the heads.
/// </summary>
/// <remarks>Thread-safe. Nothing here waits: it runs on the batch writer's loop.</remarks>
public sealed class ChatRelay(IBroker broker, NodeIdentity node, TimeProvider time)
{
    /// <summary>A publication is sent when it has grown to this; one larger event still goes whole.</summary>
    internal const int MaxPublicationBytes = 64 << 10;

    /// <summary>Most heads of one publication: about 20 bytes each.</summary>
    internal const int MaxHeads = 2_000;

    private readonly WrittenHeads _written = new(time);

    /// <summary>True while this node is alone by configuration: then nothing of this is done at all.</summary>
    internal bool IsAlone => broker.Health == BrokerHealth.Alone;

    /// <summary>The events with their pushes encoded, if anything can be published just now.</summary>
    internal SequencedPush[] Encode(IReadOnlyList<EventRow> events)
    {
        bool isOpen = broker.Health == BrokerHealth.Healthy;
        SequencedPush[] pushes = new SequencedPush[events.Count];
        for (int i = 0; i < pushes.Length; i++)
            pushes[i] = new SequencedPush(events[i], isOpen ? FrameEncoder.EncodeWebSocket(new EventPush(events[i].ToWire())) : default);
        return pushes;
    }

    /// <summary>Publishes what was encoded, and notes the heads behind it, so that no head is announced in front of its event.</summary>
    internal void Publish(SequencedPush[] pushes)
    {
        if (pushes.Length > 0 && !pushes[0].Encoded.IsEmpty) PublishByChannel(pushes);
        _written.Note(pushes);
    }

    internal void PublishEphemeral(long chatId, ReadOnlySpan<byte> frame)
    {
        if (broker.Health == BrokerHealth.Healthy) Offer(BrokerChannel.ForChat(chatId), RelayWriter.Ephemeral(chatId, frame));
    }

    /// <summary>Announces the heads of the chats that were written lately, and with them that this node is there.</summary>
    /// <returns>How many heads went out.</returns>
    internal int AnnounceHeads()
    {
        List<ChatHead> heads = _written.Take();
        if (broker.Health != BrokerHealth.Healthy) return 0;

        RelayWriter writer = new();
        ChatHead[][] byBucket = [.. heads.GroupBy(head => BrokerChannel.ForChat(head.ChatId).Bucket).Select(bucket => bucket.ToArray())];
        foreach (ChatHead[] bucket in byBucket)
        {
            foreach (ChatHead[] chunk in bucket.Chunk(MaxHeads))
                Offer(BrokerChannel.ForChat(chunk[0].ChatId), writer.Heads(node.Incarnation, chunk));
        }

        if (heads.Count == 0) Offer(new BrokerChannel(BrokerTopic.Chats), writer.Heads(node.Incarnation, []));
        FanoutMetrics.HeadsAnnounced.Add(heads.Count);
        return heads.Count;
    }

    /// <summary>Tells the others not to wait for this node any more.</summary>
    internal void SayFarewell() => Offer(new BrokerChannel(BrokerTopic.Chats), RelayWriter.Farewell(node.Incarnation));

    private void PublishByChannel(SequencedPush[] pushes)
    {
        // One list of indices for each bucket, in the order of the batch: first[] and next[] are their heads and links, 1-based.
        Span<int> first = stackalloc int[BrokerChannel.ChatBuckets], last = stackalloc int[BrokerChannel.ChatBuckets],
            count = stackalloc int[BrokerChannel.ChatBuckets];
        int[] next = new int[pushes.Length + 1];
        for (int i = 1; i <= pushes.Length; i++)
        {
            byte bucket = BrokerChannel.ForChat(pushes[i - 1].ChatId).Bucket;
            if (first[bucket] == 0) first[bucket] = i;
            else next[last[bucket]] = i;
            last[bucket] = i;
            count[bucket]++;
        }

        RelayWriter writer = new();
        for (int bucket = 0; bucket < first.Length; bucket++)
        {
            if (first[bucket] != 0)
                PublishBucket(writer, pushes, new BrokerChannel(BrokerTopic.Chats, (byte)bucket), (first[bucket], count[bucket]), next);
        }
    }

    private void PublishBucket(RelayWriter writer, SequencedPush[] pushes, BrokerChannel channel, (int First, int Count) list, int[] next)
    {
        int at = list.First;
        for (int left = list.Count; left > 0;)
        {
            int taken = 0;
            long bytes = 0;
            for (int i = at; i != 0 && (taken == 0 || bytes + pushes[i - 1].Encoded.Length <= MaxPublicationBytes); i = next[i])
            {
                bytes += pushes[i - 1].Encoded.Length;
                taken++;
            }

            writer.BeginEvents(taken);
            for (int i = 0; i < taken; i++, at = next[at]) writer.Event(pushes[at - 1]);
            Offer(channel, writer.ToArray());
            left -= taken;
        }
    }

    private void Offer(BrokerChannel channel, byte[] payload)
    {
        if (!broker.TryPublish(channel, payload)) FanoutMetrics.RelayDropped.Add(1);
    }
}
