using System.Diagnostics.CodeAnalysis;

using Chat.Load.Engine;
using Chat.Load.Report;

namespace Chat.Load.Crowd;

/// <summary>A message and the id that makes sending it again harmless.</summary>
internal sealed record CrowdSending(uint RequestId, int Session, long IntendedAt);

/// <summary>
/// What the sessions of a worker have sent and have no final answer to, and what was acked and not seen by its sender yet: an ack must name
/// the sequence at which everybody, the sender too, gets that very text. Engine thread only.
/// </summary>
internal sealed class CrowdSendings
{
    private const uint FirstRequestId = 16;

    private readonly Dictionary<uint, CrowdSending> _open = [];
    private readonly Dictionary<int, List<CrowdSending>> _openBySession = [];
    private readonly PriorityQueue<(CrowdSending Sending, LoadConnection Sender), long> _again = new();
    private readonly Dictionary<(int Session, long Sequence), long> _acked = []; // by whom and where: when it was meant to be sent
    private readonly Dictionary<(int Session, long IntendedAt), long> _seen = []; // own texts that came before their ack: where
    private uint _lastRequestId = FirstRequestId;

    public long Sent { get; private set; }

    public long Acked { get; private set; }

    public long Refused { get; private set; }

    public long Busy { get; private set; }

    public int Open => _open.Count;

    /// <summary>Acked, and the sender's session has not got it.</summary>
    public int Unseen => _acked.Count;

    /// <summary>A node was killed: acks are not measured any more, and deliveries are counted apart.</summary>
    public bool IsDisturbed { get; set; }

    public LatencyHistogram Acks { get; } = new();

    public CrowdSending Add(LoadConnection sender, long intendedAt)
    {
        CrowdSending sending = new(++_lastRequestId, sender.Index, intendedAt);
        _open.Add(sending.RequestId, sending);
        if (!_openBySession.TryGetValue(sender.Index, out List<CrowdSending>? own)) _openBySession[sender.Index] = own = [];
        own.Add(sending);
        Sent++;
        return sending;
    }

    /// <summary>What a session must send again when it is back.</summary>
    public IReadOnlyList<CrowdSending> OpenOf(LoadConnection sender) =>
        _openBySession.TryGetValue(sender.Index, out List<CrowdSending>? own) ? [.. own] : [];

    /// <returns>False when the ack contradicts what the sender has seen.</returns>
    public bool Ack(LoadConnection sender, uint requestId, long sequence, long now)
    {
        if (!_open.Remove(requestId, out CrowdSending? sending)) return true; // acked again, on another connection
        Forget(sending);
        Acked++;
        if (!IsDisturbed) Acks.Record(now - sending.IntendedAt);
        if (_seen.Remove((sender.Index, sending.IntendedAt), out long seenAt)) return seenAt == sequence;
        _acked[(sender.Index, sequence)] = sending.IntendedAt;
        return true;
    }

    /// <summary>Takes an event of a session's chat.</summary>
    /// <returns>False when an ack had said another message for this sequence.</returns>
    public bool See(LoadConnection session, long sequence, long intendedAt)
    {
        if (_acked.Remove((session.Index, sequence), out long acked)) return acked == intendedAt;
        if (_openBySession.TryGetValue(session.Index, out List<CrowdSending>? own)
            && own.Exists(sending => sending.IntendedAt == intendedAt))
            _seen[(session.Index, intendedAt)] = sequence;
        return true;
    }

    /// <param name="againAt">When it may be sent again; null: it was refused for good.</param>
    public void Refuse(LoadConnection sender, uint requestId, long? againAt)
    {
        if (!_open.TryGetValue(requestId, out CrowdSending? sending)) return;
        if (againAt is { } at)
        {
            Busy++;
            _again.Enqueue((sending, sender), at);
            return;
        }

        Refused++;
        _open.Remove(requestId);
        Forget(sending);
    }

    public bool TryTakeDue(long now, [NotNullWhen(true)] out CrowdSending? sending, [NotNullWhen(true)] out LoadConnection? sender)
    {
        (sending, sender) = (null, null);
        while (_again.TryPeek(out _, out long at) && at <= now)
        {
            (sending, sender) = _again.Dequeue();
            if (_open.ContainsKey(sending.RequestId)) return true;
        }

        return false;
    }

    private void Forget(CrowdSending sending)
    {
        List<CrowdSending> own = _openBySession[sending.Session];
        own.Remove(sending);
        if (own.Count == 0) _openBySession.Remove(sending.Session);
    }
}
