using System.Buffers;
using System.Buffers.Binary;
using System.Text;

using Chat.Load.Dialects;
using Chat.Load.Engine;
using Chat.Load.Report;
using Chat.Load.Seed;
using Chat.Load.Traffic;
using Chat.Load.Wire;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;

namespace Chat.Load.Crowd;

/// <summary>
/// The sessions of one worker: each speaks and listens in one chat, follows its log by the rule of protocol-spec.md §8 (next: take; old:
/// drop; ahead: read what is between), and comes back with its position when its node is gone. Engine thread only.
/// </summary>
internal sealed class CrowdDialect : ChatDialect
{
    private const uint HistoryId = 3;

    private readonly CrowdPlan _plan;
    private readonly CrowdSendings _sendings = new();
    private readonly long[] _last;
    private readonly bool[] _isReading; // history is asked for
    private readonly long[] _told; // the highest sequence of an event that came meanwhile
    private readonly long[] _lostAt; // when its node went; 0 while all is well
    private readonly int[] _attempts;
    private readonly PriorityQueue<LoadConnection, long> _again = new();
    private readonly PriorityQueue<LoadConnection, long> _readAgain = new(); // history was refused for the moment
    private readonly Random _random;
    private readonly byte[] _output = new byte[CrowdText.Bytes + ChatFrames.SendMessageBytes];
    private readonly bool[] _wasWhole;
    private int _nextRefuge;

    public CrowdDialect(CrowdPlan plan)
        : base(AccountsOf(plan), new MessageTable(Marker.Bytes, seed: 0), new Meter())
    {
        (_plan, _random) = (plan, new Random(plan.Worker));
        _last = [.. plan.Sessions.Select(session => session.Head)];
        _isReading = new bool[plan.Sessions.Count];
        _told = new long[plan.Sessions.Count];
        _lostAt = new long[plan.Sessions.Count];
        _attempts = new int[plan.Sessions.Count];
        _wasWhole = new bool[plan.Sessions.Count];
    }

    public override int DeliveriesPerMessage => 0;

    public override bool HasAcks => true;

    public CrowdSendings Sendings => _sendings;

    /// <summary>Sessions that are signed in and hold all that they were told of.</summary>
    public int Whole { get; private set; }

    public long Delivered { get; private set; }

    public long Corrupted { get; private set; }

    public long Repeated { get; private set; }

    public long Holes { get; private set; }

    public int Moved { get; private set; }

    /// <summary>Pages of history that were refused for the moment.</summary>
    public long BusyPages { get; private set; }

    public long LastBackAt { get; private set; }

    public LatencyHistogram Deliveries { get; } = new();

    /// <summary>Deliveries to sessions that keep their node, from the kill of another on.</summary>
    public LatencyHistogram DisturbedDeliveries { get; } = new();

    /// <summary>Deliveries to this worker's sessions from the loss of its node on.</summary>
    public LatencyHistogram LateDeliveries { get; } = new();

    /// <summary>From the loss of the node to being whole on another.</summary>
    public LatencyHistogram Returns { get; } = new();

    /// <summary>From the loss of the node to the welcome of another.</summary>
    public LatencyHistogram Welcomes { get; } = new();

    public long LastOf(int session) => _last[session];

    /// <summary>Opens a session for the first time, on its home.</summary>
    public void Begin(LoadConnection connection)
    {
        connection.Server = _plan.Home;
        Loop.Open(connection);
    }

    public override void OnClosed(LoadConnection connection, string why)
    {
        base.OnClosed(connection, why);
        int index = connection.Index;
        if (_wasWhole[index] && _lostAt[index] == 0)
        {
            _lostAt[index] = Clock.Now;
            Whole--;
        }

        _isReading[index] = false;
        if (_wasWhole[index]) connection.Server = _plan.Refuges[_nextRefuge++ % _plan.Refuges.Count];
        double most = Math.Min(30, 0.5 * (1 << Math.Min(6, _attempts[index]++))); // the SDKs' rule: full jitter, 0.5 to 30 s
        _again.Enqueue(connection, Clock.Now + (long)(_random.NextDouble() * most * Clock.Second));
    }

    /// <summary>Opens what is due to come back, and sends again what is due.</summary>
    public override void OnTick(long now)
    {
        while (_again.TryPeek(out LoadConnection? connection, out long at) && at <= now)
        {
            _again.Dequeue();
            Loop.Open(connection);
        }

        while (_readAgain.TryPeek(out LoadConnection? behind, out long readAt) && readAt <= now)
        {
            _readAgain.Dequeue();
            if (behind.IsReady) AskForHistory(behind); // else its next welcome asks
        }

        while (_sendings.TryTakeDue(now, out CrowdSending? due, out LoadConnection? sender)) Send(sender!, due!);
    }

    /// <summary>Sends a new message.</summary>
    public override void Publish(LoadConnection sender, long intendedAt) => Send(sender, _sendings.Add(sender, intendedAt));

    public override Faults Judge(long missing) => new() { Corrupted = Malformed };

    protected override IReadOnlyList<WirePosition> PositionsOf(LoadConnection connection)
    {
        CrowdSession session = _plan.Sessions[connection.Index];
        return [new WirePosition(session.ChatId, session.Epoch, _last[connection.Index])];
    }

    protected override void OnWelcome(LoadConnection connection, ReadOnlySpan<byte> body, long now)
    {
        MarkReady(connection);
        _attempts[connection.Index] = 0;
        if (_lostAt[connection.Index] is > 0 and var lostAt) Welcomes.Record(now - lostAt);
        bool isBehind = WelcomeReply.TryRead(Copy(body), out _, out WelcomeReply welcome) && welcome.Resumed.Count > 0;
        if (isBehind) AskForHistory(connection);
        else BecomeWhole(connection, now);
        foreach (CrowdSending open in _sendings.OpenOf(connection)) Send(connection, open);
    }

    protected override void OnFrame(
        LoadConnection connection, FrameType type, uint requestId, ref WireReader fields, ReadOnlySpan<byte> body, long now)
    {
        switch (type)
        {
            case FrameType.Event:
                TakeEvent(connection, ref fields, now);
                break;
            case FrameType.Sent:
                fields.ReadInteger(); // chat
                if (!_sendings.Ack(connection, requestId, fields.ReadInteger(), now)) Corrupted++;
                break;
            case FrameType.Error:
                TakeError(connection, requestId, body, now);
                break;
            case FrameType.Gap:
                if (fields.ReadInteger() == _plan.Sessions[connection.Index].ChatId) AskForHistory(connection);
                break;
            case FrameType.History:
                TakeHistory(connection, body, now);
                break;
            default:
                break; // receipts and the like
        }
    }

    private static SeededChats AccountsOf(CrowdPlan plan) =>
        new([.. plan.Sessions.Select(session => new LoadAccount(0, session.Token))], []);

    private void Send(LoadConnection sender, CrowdSending sending)
    {
        if (!sender.IsReady) return; // with its next welcome

        Span<byte> text = stackalloc byte[CrowdText.Bytes], id = stackalloc byte[16];
        CrowdText.Write(text, sending.IntendedAt);
        BinaryPrimitives.WriteUInt32BigEndian(id, _plan.Run);
        BinaryPrimitives.WriteInt32BigEndian(id[4..], (_plan.Worker << 24) | sender.Index);
        BinaryPrimitives.WriteInt64BigEndian(id[8..], sending.RequestId);
        int bytes = ChatFrames.WriteSendMessage(_output, sending.RequestId, _plan.Sessions[sender.Index].ChatId, id, text);
        Loop.Send(sender, _output.AsSpan(0, bytes));
    }

    private void TakeEvent(LoadConnection connection, ref WireReader fields, long now)
    {
        int index = connection.Index;
        if (fields.ReadInteger() != _plan.Sessions[index].ChatId) return; // the inbox
        long sequence = fields.ReadInteger();
        if (sequence <= _last[index])
        {
            Repeated++;
            return;
        }

        if (_isReading[index])
        {
            _told[index] = sequence; // history brings it, in order: with this page, or, if that was read before it came, with the next
            return;
        }

        if (sequence > _last[index] + 1)
        {
            Holes++;
            AskForHistory(connection);
            return;
        }

        fields.ReadInteger(); // kind
        fields.ReadInteger(); // sender
        fields.ReadInteger(); // time
        fields.ReadBytes(); // client message id
        fields.ReadOptionalInteger(); // reply to
        Deliver(connection, sequence, fields.ReadBytes(), now);
    }

    private void Deliver(LoadConnection connection, long sequence, ReadOnlySpan<byte> text, long now)
    {
        _last[connection.Index] = sequence;
        Delivered++;
        if (!CrowdText.TryRead(text, out long intendedAt) || !_sendings.See(connection, sequence, intendedAt))
        {
            Corrupted++;
            return;
        }

        bool isLate = Moved > 0 || _again.Count > 0 || _lostAt[connection.Index] != 0;
        (isLate ? LateDeliveries : _sendings.IsDisturbed ? DisturbedDeliveries : Deliveries).Record(now - intendedAt);
    }

    private void TakeError(LoadConnection connection, uint requestId, ReadOnlySpan<byte> body, long now)
    {
        bool isReadable = ErrorReply.TryRead(Copy(body), out _, out ErrorReply error);
        bool mayCome = isReadable && error.Retryable;
        long pause = (error.RetryAfterMs ?? 500) * 1_000_000L;
        if (requestId != HistoryId)
        {
            _sendings.Refuse(connection, requestId, mayCome ? now + pause : null);
            return;
        }

        BusyPages++;
        _isReading[connection.Index] = false;
        _readAgain.Enqueue(connection, now + (long)(pause * (1 + _random.NextDouble()))); // not all at the same moment
    }

    private void TakeHistory(LoadConnection connection, ReadOnlySpan<byte> body, long now)
    {
        int index = connection.Index;
        if (!HistoryReply.TryRead(Copy(body), out _, out HistoryReply page)) return;
        foreach (WireEvent e in page.Events)
            if (e.Sequence == _last[index] + 1) Deliver(connection, e.Sequence, Encoding.UTF8.GetBytes(e.Text ?? ""), now);

        _isReading[index] = false;
        if (Math.Max(page.HeadSequence, _told[index]) > _last[index]) AskForHistory(connection);
        else BecomeWhole(connection, now);
    }

    private void AskForHistory(LoadConnection connection)
    {
        if (_isReading[connection.Index]) return;
        _isReading[connection.Index] = true;
        var request = new GetHistoryRequest(
            _plan.Sessions[connection.Index].ChatId, After: _last[connection.Index], Limit: ProtocolLimits.MaxHistoryLimit);
        Loop.Send(connection, ChatFrames.Encode(in request, HistoryId));
    }

    private void BecomeWhole(LoadConnection connection, long now)
    {
        int index = connection.Index;
        if (!_wasWhole[index])
        {
            (_wasWhole[index], _lostAt[index]) = (true, 0);
            Whole++;
            return;
        }

        if (_lostAt[index] == 0) return; // a hole was filled

        Returns.Record(now - _lostAt[index]);
        (_lostAt[index], LastBackAt) = (0, now);
        Whole++;
        Moved++;
    }
}
