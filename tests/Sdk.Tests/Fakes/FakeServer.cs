using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Sdk.Transport;

namespace Chat.Sdk.Tests.Fakes;

/// <summary>
/// A chat service in memory, as protocol-spec.md describes it, for the principal <see cref="Me"/>: logs, resume, history, idempotent
/// sends. Tests bend it by <see cref="Intercept"/> and <see cref="PushRule"/>.
/// </summary>
public sealed class FakeServer : ITransport
{
    public const long Me = 12;
    public const long Peer = 13;
    public const long Inbox = 5;
    public const long ChatId = 7;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, FakeLog> _logs = [];
    private readonly List<FakeConnection> _connections = [];
    private readonly Dictionary<Guid, SentReply> _stored = [];

    public FakeServer()
    {
        _logs[Inbox] = new FakeLog(Inbox, ChatKind.Inbox, 1);
        _logs[ChatId] = new FakeLog(ChatId, ChatKind.Direct, 33);
        _logs[ChatId].Append(EventKind.ChatCreated, Peer, null, null);
    }

    /// <summary>Answers a request in the test's own way; true: it did.</summary>
    public Func<FakeConnection, FrameHeader, ReadOnlySequence<byte>, bool>? Intercept { get; set; }

    /// <summary>What really reaches the client of a push; by default itself.</summary>
    public Func<WireEvent, IEnumerable<WireEvent>> PushRule { get; set; } = pushed => [pushed];

    /// <summary>Refuses connections while it is true.</summary>
    public bool IsDown { get; set; }

    public HelloRequest? LastHello { get; private set; }

    public int PingIntervalMs { get; set; } = 25_000;

    public int Connects { get; private set; }

    public List<SendMessageRequest> Sends { get; } = [];

    public FakeConnection Connection
    {
        get { lock (_gate) return _connections[^1]; }
    }

    public FakeLog Log(long chatId = ChatId) => _logs[chatId];

    public Task<ITransportConnection> ConnectAsync(Uri url, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Connects++;
            if (IsDown) throw new IOException("connection refused");

            _connections.Add(new FakeConnection(this));
            return Task.FromResult<ITransportConnection>(_connections[^1]);
        }
    }

    /// <summary>Someone writes.</summary>
    public WireEvent Post(string text, long sender = Peer, long chatId = ChatId, Guid? id = null)
    {
        lock (_gate)
        {
            WireEvent stored = _logs[chatId].Append(EventKind.Message, sender, text, id ?? Guid.NewGuid());
            Push(stored);
            return stored;
        }
    }

    /// <summary>The principal becomes a member of a new group.</summary>
    public void AddGroup(long chatId, params string[] texts)
    {
        lock (_gate)
        {
            var log = new FakeLog(chatId, ChatKind.Group, chatId * 11);
            _logs[chatId] = log;
            log.Append(EventKind.ChatCreated, Peer, "a group", null);
            foreach (string text in texts) log.Append(EventKind.Message, Peer, text, Guid.NewGuid());
            Push(_logs[Inbox].Append(EventKind.ChatAdded, Peer, null, null, chatId));
        }
    }

    /// <summary>Makes the principal a member of a chat before the client connects.</summary>
    public FakeLog AddChat(long chatId, ChatKind kind)
    {
        lock (_gate)
        {
            _logs[chatId] = new FakeLog(chatId, kind, chatId * 11);
            _logs[chatId].Append(EventKind.ChatCreated, Peer, "a chat", null);
            return _logs[chatId];
        }
    }

    /// <summary>Puts a log in the place of the one that there was of its chat, if any.</summary>
    public void PutLog(FakeLog log)
    {
        lock (_gate) _logs[log.ChatId] = log;
    }

    /// <summary>The log is replaced by another numbering, as a restored backup would.</summary>
    public void ReplaceLog(long epoch, int events, long chatId = ChatId)
    {
        lock (_gate)
        {
            _logs[chatId] = new FakeLog(chatId, _logs[chatId].Kind, epoch);
            for (int i = 0; i < events; i++) _logs[chatId].Append(EventKind.Message, Peer, $"restored {i}", Guid.NewGuid());
        }
    }

    /// <summary>There is no such chat for the principal any more.</summary>
    public void RemoveChat(long chatId)
    {
        lock (_gate) _logs.Remove(chatId);
    }

    /// <summary>Cuts all connections and refuses new ones: nothing of this client arrives from now on.</summary>
    public void Unplug()
    {
        lock (_gate)
        {
            IsDown = true;
            foreach (FakeConnection connection in _connections) connection.Break();
        }
    }

    public void Push(in WireEvent stored)
    {
        foreach (WireEvent e in PushRule(stored))
            foreach (FakeConnection connection in _connections.Where(c => c.IsOnline)) connection.Send(new EventPush(e));
    }

    public void OnRequest(FakeConnection from, FrameHeader header, ReadOnlySequence<byte> body)
    {
        lock (_gate)
        {
            if (Intercept?.Invoke(from, header, body) != true) Respond(from, header, body);
        }
    }

    /// <summary>Answers a request as protocol-spec.md has it.</summary>
    public void Respond(FakeConnection from, FrameHeader header, ReadOnlySequence<byte> body)
    {
        lock (_gate)
        {
            switch (header.Type)
            {
                case FrameType.Hello:
                    HelloRequest.TryRead(body, out _, out HelloRequest hello);
                    LastHello = hello;
                    from.IsOnline = true;
                    from.Send(Welcome(hello), header.RequestId);
                    break;
                case FrameType.GetChat:
                    GetChatRequest.TryRead(body, out _, out GetChatRequest getChat);
                    if (_logs.TryGetValue(getChat.ChatId, out FakeLog? one)) from.Send(new ChatReply(one.ToChat()), header.RequestId);
                    else from.Send(NotFound(), header.RequestId);
                    break;
                case FrameType.GetChats:
                    from.Send(new ChatsReply([.. _logs.Values.Where(log => log.Kind != ChatKind.Inbox).Select(log => log.ToChat())]), header.RequestId);
                    break;
                case FrameType.GetHistory:
                    GetHistoryRequest.TryRead(body, out _, out GetHistoryRequest history);
                    from.Send(_logs[history.ChatId].Page(history), header.RequestId);
                    break;
                case FrameType.SendMessage:
                    SendMessageRequest.TryRead(body, out _, out SendMessageRequest send);
                    from.Send(Store(send), header.RequestId);
                    break;
                case FrameType.EditMessage:
                    EditMessageRequest.TryRead(body, out _, out EditMessageRequest edit);
                    from.Send(Change(edit.ChatId, edit.ClientMessageId, EventKind.Edited, edit.Sequence, edit.Text), header.RequestId);
                    break;
                case FrameType.DeleteMessage:
                    DeleteMessageRequest.TryRead(body, out _, out DeleteMessageRequest delete);
                    from.Send(Change(delete.ChatId, delete.ClientMessageId, EventKind.Deleted, delete.Sequence, null), header.RequestId);
                    break;
                case FrameType.React:
                    ReactRequest.TryRead(body, out _, out ReactRequest react);
                    from.Send(Change(react.ChatId, react.ClientMessageId, EventKind.Reaction, react.Sequence, react.Emoji ?? ""), header.RequestId);
                    break;
                case FrameType.GetMembers:
                    GetMembersRequest.TryRead(body, out _, out GetMembersRequest members);
                    from.Send(new MembersReply(members.ChatId, _logs[members.ChatId].Members, HasMore: false), header.RequestId);
                    break;
                default:
                    from.Send(new OkReply(), header.RequestId);
                    break;
            }
        }
    }

    public static ErrorReply NotFound() => new(ErrorCode.ChatNotFound, "no such chat", Retryable: false);

    /// <summary>Stores a message once, and pushes it before the reply.</summary>
    public SentReply Store(in SendMessageRequest send)
    {
        Sends.Add(send);
        if (_stored.TryGetValue(send.ClientMessageId, out SentReply known)) return known;

        Guid id = send.ClientMessageId;
        if (_logs[send.ChatId].Events.FirstOrDefault(e => e.ClientMessageId == id && e.SenderId == Me) is { Sequence: > 0 } first)
            return new SentReply(send.ChatId, first.Sequence, first.CreatedAtMs);

        WireEvent stored = _logs[send.ChatId].Append(EventKind.Message, Me, send.Text, send.ClientMessageId, content: send.Content);
        _stored[send.ClientMessageId] = new SentReply(send.ChatId, stored.Sequence, stored.CreatedAtMs);
        Push(stored);
        return _stored[send.ClientMessageId];
    }

    private SentReply Change(long chatId, Guid id, EventKind kind, long target, string? text)
    {
        if (_stored.TryGetValue(id, out SentReply known)) return known;

        WireEvent stored = _logs[chatId].Change(kind, Me, target, text, id: id);
        _stored[id] = new SentReply(chatId, stored.Sequence, stored.CreatedAtMs);
        Push(stored);
        return _stored[id];
    }

    private WelcomeReply Welcome(in HelloRequest hello)
    {
        List<WireResumed> resumed = [];
        foreach (WirePosition position in hello.Positions)
        {
            if (!_logs.TryGetValue(position.ChatId, out FakeLog? log) || log.Epoch != position.Epoch || log.Head < position.Sequence)
                resumed.Add(new WireResumed(position.ChatId, log?.Epoch ?? 0, log?.Head ?? 0, Recovered: false));
            else if (log.Head > position.Sequence)
                resumed.Add(new WireResumed(position.ChatId, log.Epoch, log.Head, Recovered: true));
        }

        return new WelcomeReply(
            1, 901, Me, "Anna", Inbox, 0, 0, PingIntervalMs, new WireLimits(65_536, 16_384, 200, 2_000, 200), resumed, "fake/1");
    }
}
