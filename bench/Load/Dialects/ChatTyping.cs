using Chat.Load.Engine;
using Chat.Load.Seed;
using Chat.Load.Traffic;
using Chat.Load.Wire;
using Chat.Protocol.Codes;

namespace Chat.Load.Dialects;

/// <summary>
/// Ephemeral pushes: <c>set_typing</c> of one member becomes <c>typing</c> for the others, and <c>ok</c> for the one. The push carries no
/// mark of ours, so its latency counts from its sender's latest call; with senders in turn one has rarely two on their way.
/// </summary>
internal sealed class ChatTyping : ChatDialect
{
    private readonly byte[] _output = new byte[ChatFrames.SetTypingBytes];
    private readonly long[] _latest; // the number of each connection's latest message; −1 none
    private readonly int[] _connectionOf; // by principal − the lowest principal; −1 is not ours
    private readonly long _lowest;
    private readonly int _members;
    private long _strange;
    private long _refused;

    public ChatTyping(SeededChats seeded, MessageTable messages, Meter meter)
        : base(seeded, messages, meter)
    {
        _members = seeded.Chats[0].Members.Count;
        _latest = Enumerable.Repeat(-1L, seeded.Accounts.Length).ToArray();
        _lowest = seeded.Accounts.Min(account => account.PrincipalId);
        _connectionOf = Enumerable.Repeat(-1, (int)(seeded.Accounts.Max(account => account.PrincipalId) - _lowest + 1)).ToArray();
        for (int i = 0; i < seeded.Accounts.Length; i++) _connectionOf[seeded.Accounts[i].PrincipalId - _lowest] = i;
    }

    public override int DeliveriesPerMessage => _members - 1;

    public override bool HasAcks => true;

    public override bool MayDrop => true;

    public override void Publish(LoadConnection sender, long number)
    {
        _latest[sender.Index] = number;
        int bytes = ChatFrames.WriteSetTyping(_output, (uint)number + FirstMessageId, Seeded.Chats[sender.Chat].ChatId, active: true);
        Loop.Send(sender, _output.AsSpan(0, bytes));
    }

    public override Faults Judge(long missing) => new()
    {
        Dropped = Math.Max(0, missing),
        Duplicated = Math.Max(0, -missing),
        Corrupted = _strange + Malformed,
        Unanswered = Messages.Count - Meter.Acked - _refused,
        Refused = _refused,
    };

    protected override void OnFrame(
        LoadConnection connection, FrameType type, uint requestId, ref WireReader fields, ReadOnlySpan<byte> body, long now)
    {
        switch (type)
        {
            case FrameType.Typing:
                TakeTyping(connection, ref fields, now);
                break;
            case FrameType.Ok when requestId >= FirstMessageId:
                Meter.OnAcked(now - Messages.IntendedAt(requestId - FirstMessageId));
                break;
            case FrameType.Error:
                _refused++;
                break;
            default:
                break;
        }
    }

    private void TakeTyping(LoadConnection connection, ref WireReader fields, long now)
    {
        long chatId = fields.ReadInteger();
        long place = fields.ReadInteger() - _lowest;
        int sender = place >= 0 && place < _connectionOf.Length ? _connectionOf[place] : -1;
        if (chatId != Seeded.Chats[connection.Chat].ChatId || sender < 0 || _latest[sender] < 0) _strange++;
        else Meter.OnDelivered(now - Messages.IntendedAt(_latest[sender]));
    }
}
