using Chat.Domain.Fanout;
using Chat.Domain.Wire;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;
using Chat.Storage;
using Chat.Storage.Chats;

namespace Chat.Domain.Cluster;

/// <summary>
/// Tells the other nodes what this one committed: the same encoded pushes that its own sessions get, one publication for each
/// batch (architecture decision D8, ADR 0015). What the broker does not take is lost without a word; the others find it by the heads.
/// </summary>
/// <remarks>Thread-safe. Nothing here waits: it runs on the batch writer's loop.</remarks>
public sealed class ChatRelay(IBroker broker, NodeIdentity node, TimeProvider time)
{
    /// <summary>A publication is sent when it has grown to this; one larger event still goes whole.</summary>
    internal const int MaxPublicationBytes = 64 << 10;

    /// <summary>Most heads of one publication: about 20 bytes each.</summary>
    internal const int MaxHeads = 2_000;

    private readonly WrittenHeads _written = new(time);
    private readonly BrokerChannel _channel = BrokerChannel.ForNode(node.Incarnation);
    private bool _owesHeads;

    /// <summary>True while this node is alone by configuration: then nothing of this is done at all.</summary>
    internal bool IsAlone => broker.Health == BrokerHealth.Alone;

    /// <summary>As <see cref="IBroker.Delay"/>.</summary>
    internal TimeSpan Delay => broker.Delay;

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
        if (pushes.Length > 0 && !pushes[0].Encoded.IsEmpty) PublishEvents(pushes);
        _written.Note(pushes);
    }

    internal void PublishEphemeral(long chatId, ReadOnlySpan<byte> frame)
    {
        if (broker.Health == BrokerHealth.Healthy) Offer(RelayWriter.Ephemeral(chatId, frame));
    }

    internal void PublishDirected(long principalId, long deviceId, ReadOnlySpan<byte> frame)
    {
        if (broker.Health == BrokerHealth.Healthy) Offer(RelayWriter.Directed(principalId, deviceId, frame));
    }

    /// <summary>Announces the heads of the chats that were written lately, and with them that this node is there.</summary>
    /// <returns>How many heads went out.</returns>
    internal int AnnounceHeads()
    {
        List<ChatHead> heads = _written.Take();
#if PLANTED_BUGS
        if (PlantedBug.Is("head-digest-off")) heads.Clear(); // the node is still heard, or the others would poll instead
#endif
        if (broker.Health != BrokerHealth.Healthy) return 0;

        RelayWriter writer = new();
        foreach (ChatHead[] chunk in heads.Chunk(MaxHeads)) Offer(writer.Heads(node.Incarnation, chunk));
        if (heads.Count == 0) Offer(writer.Heads(node.Incarnation, []));
        FanoutMetrics.HeadsAnnounced.Add(heads.Count);
        return heads.Count;
    }

    /// <summary>
    /// Has the head of a chat announced for a while whose events were not published, because nobody knew that they are stored.
    /// </summary>
    internal void NoteHead(long chatId, long head) => _written.Note(chatId, head);

    /// <summary>
    /// There are heads that this node cannot announce: it will not say farewell, so that the others ask the database when they miss it.
    /// </summary>
    internal void OweHeads() => Volatile.Write(ref _owesHeads, true);

    /// <summary>Tells the others not to wait for this node any more.</summary>
    internal void SayFarewell()
    {
        if (!Volatile.Read(ref _owesHeads)) Offer(RelayWriter.Farewell(node.Incarnation));
    }

    private void PublishEvents(SequencedPush[] pushes)
    {
        RelayWriter writer = new();
        for (int at = 0; at < pushes.Length;)
        {
            int from = at;
            for (long bytes = 0; at < pushes.Length && (at == from || bytes + pushes[at].Encoded.Length <= MaxPublicationBytes); at++)
                bytes += pushes[at].Encoded.Length;
            writer.BeginEvents(at - from);
            foreach (SequencedPush push in pushes.AsSpan(from, at - from)) writer.Event(push);
            Offer(writer.ToArray());
        }
    }

    private void Offer(byte[] payload)
    {
        if (!broker.TryPublish(_channel, payload)) FanoutMetrics.RelayDropped.Add(1);
    }
}
