using Chat.Domain.Fanout;

namespace Chat.Domain.Cluster;

/// <summary>
/// Takes what other nodes publish about chats to this node's fan-out. A publication is a hint: it is applied only where it continues a log,
/// and one that cannot be read is counted and ignored.
/// </summary>
/// <remarks>Thread-safe. No call blocks or throws.</remarks>
public sealed class ChatRelayReceiver(ChatFanout fanout, HeadPoller poller, HeadAnnouncer announcer, PeerNodes peers) : IBrokerReceiver
{
    public void OnPublication(BrokerChannel channel, ReadOnlyMemory<byte> payload)
    {
        RelayReader reader = new(payload);
        bool isWhole = reader.TryReadFormat(out RelayFormat format) && format switch
        {
            RelayFormat.Events => TakeEvents(ref reader),
            RelayFormat.Ephemeral => TakeEphemeral(ref reader),
            RelayFormat.Heads => TakeHeads(ref reader),
            RelayFormat.Farewell => TakeFarewell(ref reader),
            RelayFormat.Directed => TakeDirected(ref reader),
            _ => false,
        };
        if (!isWhole) FanoutMetrics.RelayIgnored.Add(1);
    }

    public void OnHealthChanged(BrokerHealth health)
    {
        if (health != BrokerHealth.Healthy) return;
        announcer.Announce(); // of what was committed meanwhile nothing was published, and those that are back already wait for it
        poller.PollSoon(); // every subscription is confirmed: what is read now, and what comes, is all
    }

    private bool TakeEvents(ref RelayReader reader)
    {
        if (!reader.TryReadCount(out int count)) return false;
        for (; count > 0; count--)
        {
            if (!reader.TryReadEvent(out SequencedPush push)) return false;
            fanout.Apply(push, EventSource.Relayed);
        }

        return reader.IsAtEnd;
    }

    private bool TakeEphemeral(ref RelayReader reader)
    {
        if (!reader.TryReadCount(out int count)) return false;
        for (; count > 0; count--)
        {
            if (!reader.TryReadEphemeral(out long chatId, out ReadOnlyMemory<byte> frame)) return false;
            fanout.PublishRelayed(chatId, frame);
        }

        return reader.IsAtEnd;
    }

    private bool TakeDirected(ref RelayReader reader)
    {
        if (!reader.TryReadCount(out int count)) return false;
        for (; count > 0; count--)
        {
            if (!reader.TryReadDirected(out long principalId, out long deviceId, out ReadOnlyMemory<byte> frame)) return false;
            fanout.PushTo(principalId, deviceId, frame);
        }

        return reader.IsAtEnd;
    }

    private bool TakeHeads(ref RelayReader reader)
    {
        if (!reader.TryReadIncarnation(out long incarnation) || !reader.TryReadCount(out int count)) return false;
        peers.Heard(incarnation);
        for (; count > 0; count--)
        {
            if (!reader.TryReadHead(out long chatId, out long head)) return false;
            fanout.Reach(chatId, head, atOnce: false);
        }

        return reader.IsAtEnd;
    }

    private bool TakeFarewell(ref RelayReader reader)
    {
        if (!reader.TryReadIncarnation(out long incarnation) || !reader.IsAtEnd) return false;
        peers.Left(incarnation);
        return true;
    }
}
