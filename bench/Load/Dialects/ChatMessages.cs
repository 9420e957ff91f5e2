using System.Buffers.Binary;
using System.Text;

using Chat.Load.Engine;
using Chat.Load.Seed;
using Chat.Load.Traffic;
using Chat.Load.Wire;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;

namespace Chat.Load.Dialects;

/// <summary>
/// Durable messages: every member, the sender among them, gets the event, and the sender the ack. Each delivery is judged against the
/// chat's ledger and the text that was sent; what the server says it skipped is read from history.
/// </summary>
internal sealed class ChatMessages : ChatDialect
{
    private const uint HistoryId = 3;
    private const int ClientMessageIdBytes = 16;
    private static readonly long LeastPause = Clock.Second / 20;

    private readonly ChatLedger[] _ledgers;
    private readonly SeenEvents?[] _seen; // per chat, in large ones
    private readonly long[] _repairUpTo; // per connection: above 0 while history is read
    private readonly PriorityQueue<(LoadConnection Sender, long Number), long> _again = new();
    private readonly byte[] _output;
    private readonly int _members;
    private long _refused;
    private long _busy;
    private long _gaps;

    public ChatMessages(SeededChats seeded, MessageTable messages, Meter meter, int payloadBytes)
        : base(seeded, messages, meter)
    {
        _members = seeded.Chats[0].Members.Count;
        _ledgers = [.. seeded.Chats.Select(chat => new ChatLedger(chat.Members.Count, chat.Head))];
        _seen = [.. seeded.Chats.Select(chat => chat.Members.Count >= SeenEvents.LeastMembers ? new SeenEvents() : null)];
        _repairUpTo = new long[seeded.Accounts.Length];
        _output = new byte[payloadBytes + ChatFrames.SendMessageBytes];
    }

    public override int DeliveriesPerMessage => _members;

    public override bool HasAcks => true;

    public override void Publish(LoadConnection sender, long number)
    {
        Span<byte> id = stackalloc byte[ClientMessageIdBytes];
        BinaryPrimitives.WriteUInt32BigEndian(id, Messages.Run);
        BinaryPrimitives.WriteInt32BigEndian(id[4..], sender.Chat);
        BinaryPrimitives.WriteInt64BigEndian(id[8..], number);
        int bytes = ChatFrames.WriteSendMessage(
            _output, (uint)number + FirstMessageId, Seeded.Chats[sender.Chat].ChatId, id, Messages.TextOf(number));
        Loop.Send(sender, _output.AsSpan(0, bytes));
    }

    public override void OnTick(long now)
    {
        while (_again.TryPeek(out (LoadConnection Sender, long Number) due, out long at) && at <= now)
        {
            _again.Dequeue();
            Publish(due.Sender, due.Number);
        }
    }

    public override Faults Judge(long missing) => new()
    {
        Lost = _ledgers.Sum(ledger => ledger.CountLost()),
        Duplicated = _ledgers.Sum(ledger => ledger.Duplicated),
        OutOfOrder = _ledgers.Sum(ledger => ledger.OutOfOrder),
        Corrupted = _ledgers.Sum(ledger => ledger.Corrupted) + Malformed,
        Unanswered = Messages.Count - Meter.Acked - _refused,
        Refused = _refused,
        Busy = _busy,
        Gaps = _gaps,
    };

    protected override void OnFrame(
        LoadConnection connection, FrameType type, uint requestId, ref WireReader fields, ReadOnlySpan<byte> body, long now)
    {
        switch (type)
        {
            case FrameType.Event:
                TakeEvent(connection, ref fields, body, now);
                break;
            case FrameType.Sent:
                TakeSent(connection, requestId, ref fields, now);
                break;
            case FrameType.Error:
                TakeError(connection, requestId, body, now);
                break;
            case FrameType.Gap:
                TakeGap(connection, ref fields);
                break;
            case FrameType.History:
                TakeHistory(connection, body, now);
                break;
            default:
                break; // receipts and the like
        }
    }

    private void TakeEvent(LoadConnection connection, ref WireReader fields, ReadOnlySpan<byte> body, long now)
    {
        long chatId = fields.ReadInteger();
        long sequence = fields.ReadInteger();
        if (chatId != Seeded.Chats[connection.Chat].ChatId) return; // the inbox

        ref long repairUpTo = ref _repairUpTo[connection.Index];
        if (repairUpTo > 0 && sequence > _ledgers[connection.Chat].Last(connection.Member) + 1)
        {
            repairUpTo = Math.Max(repairUpTo, sequence); // history brings it
            return;
        }

        SeenEvents? seen = _seen[connection.Chat];
        if (seen is not null && seen.TryFind(sequence, body, out long number))
        {
            Count(connection, sequence, number, now);
            return;
        }

        fields.ReadInteger(); // kind
        fields.ReadInteger(); // sender
        fields.ReadInteger(); // time
        ReadOnlySpan<byte> id = fields.ReadBytes();
        fields.ReadOptionalInteger(); // reply to
        ReadOnlySpan<byte> text = fields.ReadBytes();
        if (IsAsSent(connection, id, text, out number) && !fields.IsMalformed) seen?.Keep(sequence, body, number);
        Count(connection, sequence, number, now);
    }

    private bool IsAsSent(LoadConnection connection, ReadOnlySpan<byte> id, ReadOnlySpan<byte> text, out long number)
    {
        if (TryReadNumber(connection, id, out number) && text.SequenceEqual(Messages.TextOf(number))) return true;

        _ledgers[connection.Chat].Corrupted++;
        return false;
    }

    private void Count(LoadConnection connection, long sequence, long number, long now)
    {
        if (_ledgers[connection.Chat].Deliver(connection.Member, sequence, number)) Meter.OnDelivered(now - Messages.IntendedAt(number));
    }

    private bool TryReadNumber(LoadConnection connection, ReadOnlySpan<byte> id, out long number)
    {
        number = 0;
        if (id.Length != ClientMessageIdBytes
            || BinaryPrimitives.ReadUInt32BigEndian(id) != Messages.Run
            || BinaryPrimitives.ReadInt32BigEndian(id[4..]) != connection.Chat)
            return false;

        long told = BinaryPrimitives.ReadInt64BigEndian(id[8..]);
        if (!Messages.Knows(told)) return false;

        number = told;
        return true;
    }

    private void TakeSent(LoadConnection connection, uint requestId, ref WireReader fields, long now)
    {
        fields.ReadInteger(); // chat
        long number = requestId - FirstMessageId;
        _ledgers[connection.Chat].Ack(fields.ReadInteger(), number);
        Meter.OnAcked(now - Messages.IntendedAt(number));
    }

    private void TakeError(LoadConnection connection, uint requestId, ReadOnlySpan<byte> body, long now)
    {
        if (!ErrorReply.TryRead(Copy(body), out _, out ErrorReply error) || !error.Retryable)
        {
            _refused++;
            return;
        }

        // The same id again, as protocol-spec.md §6.4 demands.
        _busy++;
        long pause = Math.Max(LeastPause, (error.RetryAfterMs ?? 0) * 1_000_000L);
        _again.Enqueue((connection, requestId - FirstMessageId), now + pause);
    }

    private void TakeGap(LoadConnection connection, ref WireReader fields)
    {
        if (fields.ReadInteger() != Seeded.Chats[connection.Chat].ChatId) return;

        _gaps++;
        ref long repairUpTo = ref _repairUpTo[connection.Index];
        bool isUnderWay = repairUpTo > 0;
        repairUpTo = Math.Max(repairUpTo, fields.ReadInteger());
        if (!isUnderWay) AskForHistory(connection);
    }

    private void TakeHistory(LoadConnection connection, ReadOnlySpan<byte> body, long now)
    {
        if (!HistoryReply.TryRead(Copy(body), out _, out HistoryReply page)) return;

        ChatLedger ledger = _ledgers[connection.Chat];
        foreach (WireEvent e in page.Events)
        {
            if (e.Sequence <= ledger.Last(connection.Member)) continue;

            IsAsSent(connection, (e.ClientMessageId ?? Guid.Empty).ToByteArray(bigEndian: true), Encoding.UTF8.GetBytes(e.Text ?? ""), out long number);
            Count(connection, e.Sequence, number, now);
        }

        if (ledger.Last(connection.Member) < _repairUpTo[connection.Index]) AskForHistory(connection);
        else _repairUpTo[connection.Index] = 0;
    }

    private void AskForHistory(LoadConnection connection)
    {
        var request = new GetHistoryRequest(
            Seeded.Chats[connection.Chat].ChatId, After: _ledgers[connection.Chat].Last(connection.Member), Limit: ProtocolLimits.MaxHistoryLimit);
        Loop.Send(connection, ChatFrames.Encode(in request, HistoryId));
    }
}
