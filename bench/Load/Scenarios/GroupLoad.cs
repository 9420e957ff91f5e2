using System.Buffers.Binary;
using System.Diagnostics;

using Chat.Load.Report;
using Chat.Load.Wire;

namespace Chat.Load.Scenarios;

/// <summary>
/// The closed loop of one group: as many messages on their way as the window has, sent by the members in turn; when all members and the
/// sender's ack have come for one, the next goes out. Thread-safe: one gate a group.
/// </summary>
internal sealed class GroupLoad
{
    private const uint FirstRequestId = 16; // below are those of the handshake and of history
    private const int Slots = 1_024; // more than any window

    private readonly Lock _gate = new();
    private readonly LoadRun _run;
    private readonly LoadConnection[] _members;
    private readonly uint _group;
    private readonly long _chatId;
    private readonly long[] _sentAt = new long[Slots];
    private readonly int[] _open = new int[Slots]; // deliveries and the ack that are still to come
    private readonly byte[] _output;
    private long _next;
    private int _onTheWay;

    public GroupLoad(LoadRun run, uint group, long chatId, LoadConnection[] members)
    {
        (_run, _group, _chatId, _members) = (run, group, chatId, members);
        _output = new byte[run.Simulation.PayloadBytes + 64];
        Ledger = new GroupLedger(members.Length);
    }

    public GroupLedger Ledger { get; }

    public LatencyHistogram Acks { get; } = new();

    public LatencyHistogram Deliveries { get; } = new();

    public long Refused { get; private set; }

    public long Busy { get; private set; }

    public int OnTheWay
    {
        get { lock (_gate) return _onTheWay; }
    }

    /// <summary>Tells where a member starts.</summary>
    public void StartAt(LoadConnection member, long head)
    {
        lock (_gate) Ledger.StartAt(member.Member, head);
    }

    public long Last(LoadConnection member)
    {
        lock (_gate) return Ledger.Last(member.Member);
    }

    /// <summary>Fills the window.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            while (_onTheWay < _run.Simulation.WindowPerGroup) SendNext();
        }
    }

    public void OnEvent(LoadConnection member, long sequence, ReadOnlySpan<byte> clientMessageId, ReadOnlySpan<byte> text, long now)
    {
        lock (_gate)
        {
            if (!TryReadNumber(clientMessageId, out long number))
            {
                Ledger.Corrupted++;
                return;
            }

            if (!Ledger.Deliver(member.Member, sequence, number)) return;
            if (!text.SequenceEqual(_run.TextOf(number))) Ledger.Corrupted++;
            if (_run.IsMeasuring) Deliveries.Record(Stopwatch.GetElapsedTime(_sentAt[number % Slots], now));
            CompleteOne(number);
        }
    }

    public void OnSent(uint requestId, long sequence, long now)
    {
        long number = requestId - FirstRequestId;
        lock (_gate)
        {
            Ledger.Ack(sequence, number);
            if (_run.IsMeasuring) Acks.Record(Stopwatch.GetElapsedTime(_sentAt[number % Slots], now));
            CompleteOne(number);
        }
    }

    /// <summary>A refusal: one that asks to come again is sent again under the same id.</summary>
    public void OnError(LoadConnection member, uint requestId, bool retryable, TimeSpan retryAfter)
    {
        lock (_gate)
        {
            if (retryable)
            {
                Busy++;
                _ = SendAgainAsync(member, requestId - FirstRequestId, retryAfter);
                return;
            }

            Refused++;
            _onTheWay--;
        }
    }

    private async Task SendAgainAsync(LoadConnection member, long number, TimeSpan pause)
    {
        await Task.Delay(pause, TimeProvider.System);
        lock (_gate) Send(member, number);
    }

    private void CompleteOne(long number)
    {
        if (--_open[number % Slots] > 0) return;

        _onTheWay--;
        if (_run.IsSending) SendNext();
    }

    private void SendNext()
    {
        long number = _next++;
        _open[number % Slots] = _members.Length + 1;
        _sentAt[number % Slots] = Stopwatch.GetTimestamp();
        _onTheWay++;
        Send(_members[number % _members.Length], number);
    }

    private void Send(LoadConnection member, long number)
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(id, _run.Id);
        BinaryPrimitives.WriteUInt32BigEndian(id[4..], _group);
        BinaryPrimitives.WriteInt64BigEndian(id[8..], number);
        int bytes = ClientFrames.WriteSendMessage(_output, (uint)number + FirstRequestId, _chatId, id, _run.TextOf(number));
        member.Send(_output.AsSpan(0, bytes));
    }

    private bool TryReadNumber(ReadOnlySpan<byte> clientMessageId, out long number)
    {
        number = -1;
        if (clientMessageId.Length != 16
            || BinaryPrimitives.ReadUInt32BigEndian(clientMessageId) != _run.Id
            || BinaryPrimitives.ReadUInt32BigEndian(clientMessageId[4..]) != _group)
            return false;

        number = BinaryPrimitives.ReadInt64BigEndian(clientMessageId[8..]);
        return number >= 0 && number < _next;
    }
}
