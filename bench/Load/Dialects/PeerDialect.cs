using Chat.Load.Engine;
using Chat.Load.Traffic;

namespace Chat.Load.Dialects;

/// <summary>
/// Relays without sequences: a delivery is a text that begins with the marker. What is missing at the end is lost, what is too much is
/// double; order is not judged, for they promise none.
/// </summary>
/// <param name="members">Members a room, the sender among them.</param>
/// <param name="ownCopyIsAck">The copy that comes back to its sender counts as an ack, not as a delivery; for what has no payload to speak of.</param>
internal abstract class PeerDialect(MessageTable messages, Meter meter, int members, bool ownCopyIsAck) : Dialect(messages, meter)
{
    private long _corrupted;

    public sealed override int DeliveriesPerMessage => ownCopyIsAck ? members - 1 : members;

    public sealed override bool HasAcks => ownCopyIsAck;

    public sealed override Faults Judge(long missing) => new()
    {
        Lost = Math.Max(0, missing),
        Duplicated = Math.Max(0, -missing),
        Corrupted = _corrupted,
        Unanswered = ownCopyIsAck ? Messages.Count - Meter.Acked : 0,
    };

    /// <param name="text">The whole text, as it was sent.</param>
    protected void TakeText(LoadConnection connection, ReadOnlySpan<byte> text, long now)
    {
        if (!Marker.TryRead(text, out long number) || !Messages.Knows(number) || !text.SequenceEqual(Messages.TextOf(number)))
        {
            _corrupted++;
            return;
        }

        long latency = now - Messages.IntendedAt(number);
        if (ownCopyIsAck && Messages.SenderOf(number) == connection.Index) Meter.OnAcked(latency);
        else Meter.OnDelivered(latency);
    }
}
