using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Sdk.Connection;
using Chat.Sdk.Outbox;
using Chat.Sdk.Presence;
using Chat.Sdk.Sync;

namespace Chat.Sdk;

/// <summary>
/// Joins the parts of a client: what the session brings goes to the logs, the outbox, the receipts and the people; what changes goes to
/// the app's handlers. Thread-safe.
/// </summary>
internal sealed class ClientCore : ISessionSink, ILogObserver
{
    /// <summary>How long a connection may take to show that it lives after the machine slept. As long as in the TypeScript SDK.</summary>
    private static readonly TimeSpan WakePatience = TimeSpan.FromSeconds(2);

    private readonly ChatClientOptions _options;
    private readonly DeliveryMarks _delivered;
    private readonly RefreshTurns _turns;
    private readonly Backoff _backoff;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WireSession? _session;
    private TaskCompletionSource<WireSession> _online = NewOnline();
    private readonly Dictionary<long, ChatListChangeKind> _untold = []; // the last change of a chat that no handler has got yet
    private int _maxPositions = ProtocolLimits.MaxPositions;

    public ClientCore(ChatClientOptions options)
    {
        _options = options;
        _backoff = new Backoff(options.Random);
        _turns = new RefreshTurns(_backoff, options.TimeProvider, chatId => Sync!.Refresh(chatId));
        Inbox = new InboxNews(Directory, Notifier, chatId => Sync!.Refresh(chatId), _backoff, options.TimeProvider);
        Notices = new NoticeNews(Notifier, _backoff, options.TimeProvider);
        _delivered = new DeliveryMarks(
            options.TimeProvider, chatId => Directory.Find(chatId)?.Kind, (chatId, sequence) => Directory.ApplyOwn(chatId, sequence, readUpTo: 0));
        Streams = new EventStreams(options.EventBufferSize);
        Outbox = new MessageOutbox(options, Notifier, message => Receipts!.OnStored(message));
        Receipts = new ReceiptBook(Directory, Outbox.SetState, _backoff, options.TimeProvider);
        Typing = new TypingSignals(options.TimeProvider, () => Session, change => Notifier.Post(() => TypingChanged?.Invoke(change)));
        Sync = new ChatSync(options, Streams, this);
        Loop = new ConnectionLoop(options, this, BeginConnection, new FrameTrace(options.TimeProvider));
        Loop.StateChanged += OnState;
        Outbox.Restore();
    }

    public event Action<ConnectionState>? StateChanged;

    public event Action<ChatListChange>? ChatsChanged;

    public event Action<TypingChange>? TypingChanged;

    public event Action<PrincipalPresence>? PresenceChanged;

    public event Action<ReceiptChange>? ReceiptsChanged;

    /// <summary>On the connection's loop, in the order of arrival.</summary>
    public event Action<CallSignalPush>? CallSignalled;

    public Notifier Notifier { get; } = new();

    public EventStreams Streams { get; }

    public ChatDirectory Directory { get; } = new();

    /// <summary>What the principal's other devices did, and who changed what is theirs.</summary>
    public InboxNews Inbox { get; }

    public NoticeNews Notices { get; }

    public PeopleBook People { get; } = new();

    public MessageOutbox Outbox { get; }

    public ReceiptBook Receipts { get; }

    public TypingSignals Typing { get; }

    public ChatSync Sync { get; }

    public ConnectionLoop Loop { get; }

    public TimeProvider Time => _options.TimeProvider;

    /// <summary>Faults when the client is closed, with the reason.</summary>
    public Task Closed => _closed.Task;

    public Person? Me { get; private set; }

    public WireSession? Session
    {
        get
        {
            lock (_gate) return _session is { Ended.IsCancellationRequested: false } live ? live : null;
        }
    }

    /// <summary>Ends a pause between two attempts; asks a connection that is there for a sign of life, which may have died unseen.</summary>
    public void Wake()
    {
        Loop.Hurry();
        if (Session is { } live) _ = live.ProbeAsync(WakePatience);
    }

    /// <summary>
    /// Makes a request that may be made twice without harm: waits until online, and goes over to the next connection if this one is lost.
    /// </summary>
    public async Task<TReply> CallAsync<TRequest, TReply>(TRequest request, CancellationToken ct)
        where TRequest : struct, IFrame<TRequest>
        where TReply : struct, IFrame<TReply>
    {
        RequestCheck.ThrowIfUnreadable(in request);
        while (true)
        {
            WireSession session = await OnlineAsync(ct).ConfigureAwait(false);
            try
            {
                return await session.CallAsync<TRequest, TReply>(in request, ct).ConfigureAwait(false);
            }
            catch (ConnectionLostException)
            {
                lock (_gate)
                {
                    if (_session == session) _session = null;
                }
            }
        }
    }

    /// <summary>
    /// Changes a message: under the request's own id, again and again until it is stored or refused for good.
    /// </summary>
    public Task ChangeAsync<TRequest>(TRequest request, CancellationToken ct)
        where TRequest : struct, IFrame<TRequest> => InsistAsync(() => CallAsync<TRequest, SentReply>(request, ct), ct);

    /// <summary>Does something again and again, until it is done or refused for good, or the client is closed.</summary>
    public async Task InsistAsync(Func<Task> work, CancellationToken ct)
    {
        for (int failures = 0; ; failures++)
        {
            TimeSpan pause;
            try
            {
                await work().ConfigureAwait(false);
                return;
            }
            catch (ChatException refused) when (refused.Retryable)
            {
                pause = _backoff.Next(failures);
                if (refused.RetryAfter is { } least && least > pause) pause = least;
            }

            Task first = await Task.WhenAny(Task.Delay(pause, Time, ct), Closed).ConfigureAwait(false);
            await first.ConfigureAwait(false);
        }
    }

    public void OnWelcome(WireSession session, in WelcomeReply welcome)
    {
        Directory.Me = welcome.PrincipalId;
        People.SetName(welcome.PrincipalId, welcome.Name);
        Me = new Person(welcome.PrincipalId, welcome.Name);
        _maxPositions = welcome.Limits.MaxPositions;
        Sync.OnWelcome(session, in welcome);

        TaskCompletionSource<WireSession> online;
        lock (_gate)
        {
            _session = session;
            if (_online.Task.IsCompleted) _online = NewOnline();
            online = _online;
        }

        Loop.SetOnline();
        online.TrySetResult(session);
        Outbox.OnOnline(session, welcome.PrincipalId);
        _delivered.OnOnline(session);
        _ = Receipts.OnOnlineAsync(session);
        if (People.Watched.Count > 0) _ = WatchAgainAsync(session);
    }

    public bool OnPush(WireSession session, FrameType type, ReadOnlySequence<byte> body)
    {
        switch (type)
        {
            case FrameType.Event:
                if (!EventPush.TryRead(body, out _, out EventPush pushed)) return false;

                WireEvent e = pushed.Event;
                if (e.Sequence > 0) Sync.OnEvent(in e);
                else if (Sync.IsInbox(e.ChatId)) Inbox.OnHint(in e);
                return true;
            case FrameType.Gap:
                if (!GapPush.TryRead(body, out _, out GapPush gap)) return false;

                Sync.OnGap(gap.ChatId, gap.HeadSequence);
                return true;
            case FrameType.Receipts:
                return ReceiptsPush.TryRead(body, out _, out ReceiptsPush receipts) && TakeReceipts(session, in receipts);
            case FrameType.Typing:
                if (!TypingPush.TryRead(body, out _, out TypingPush typing)) return false;

                if (typing.PrincipalId != Directory.Me) Typing.OnTyping(in typing); // not another device of one's own
                return true;
            case FrameType.Presence:
                return PresencePush.TryRead(body, out _, out PresencePush presence)
                    && TakePresence(new WirePresence(presence.PrincipalId, presence.Online, presence.LastSeenMs));
            case FrameType.CallSignal:
                if (!CallSignalPush.TryRead(body, out _, out CallSignalPush signal)) return false;

                CallSignalled?.Invoke(signal);
                return true;
            case FrameType.TokenExpiring:
                _ = RenewTokenAsync(session);
                return true;
            case FrameType.Goodbye:
                if (!GoodbyePush.TryRead(body, out _, out GoodbyePush goodbye)) return false;

                session.Goodbye = goodbye;
                Outbox.OnGoodbye(session);
                return true;
            default:
                return true; // a push of a later version, protocol-spec.md §11
        }
    }

    public void OnTaken(in WireEvent taken, long epoch)
    {
        if (taken.SenderId == Directory.Me) Outbox.OnOwnEvent(in taken);
        else if (_options.SendDeliveryReceipts && taken.Kind != EventKind.ChatDeleted) _delivered.Mark(taken.ChatId, taken.Sequence);

        bool isListed = Directory.Apply(in taken, epoch);
        if (IsRosterNeeded(in taken) && Session is { } session) _ = Receipts.LoadMembersAsync(session, taken.ChatId);

        if (isListed) RaiseChats(taken.ChatId, ChatListChangeKind.Updated);
        if (Directory.IsOpenAfter(in taken)) Sync.Refresh(taken.ChatId);
        if (taken.Kind == EventKind.ChatInfoChanged || Directory.NoteMark(in taken))
            _turns.Want(taken.ChatId, MembersOf(taken.ChatId));
        if (Directory.IsNotice(in taken)) Notices.Want(taken.ChatId, MembersOf(taken.ChatId));
        if (taken is { Kind: EventKind.Edited, Text: null, ReplyTo: { } target } && Directory.Find(taken.ChatId)?.LastEvent?.Sequence == target
            && Session is { } present)
        {
            _ = ReadAgainAsync(present, taken.ChatId, target, epoch);
        }
    }

    private int MembersOf(long chatId) => Directory.Find(chatId)?.MemberCount ?? 0;

    /// <summary>The app reads history: how far the others are with one's own messages in it is to be known.</summary>
    public void OnShown(long chatId, IReadOnlyList<ChatLogEvent> shown)
    {
        long newest = 0;
        foreach (ChatLogEvent entry in shown)
        {
            if (entry is not ChatMessage { IsOwn: true } own) continue;

            newest = own.Sequence;
            Outbox.OnShown(own);
        }

        if (newest > 0 && Receipts.OnOwn(chatId, newest) && Session is { } session) _ = Receipts.LoadMembersAsync(session, chatId);
    }

    public void OnInbox(in WireEvent taken)
    {
        Inbox.OnEvent(in taken);
        Notices.OnInbox(in taken);
    }

    public void OnChat(in WireChat chat)
    {
        if (chat is { PeerId: { } peer, PeerName: { } name }) People.SetName(peer, name);
        RaiseChats(chat.ChatId, Directory.Set(in chat));
        if (Directory.IsOpenBehind(in chat)) Sync.Refresh(chat.ChatId);
        _delivered.OnKnown(chat.ChatId);
    }

    public void OnChatGone(long chatId)
    {
        if (Directory.Remove(chatId)) RaiseChats(chatId, ChatListChangeKind.Removed);
    }

    public bool TakePresence(in WirePresence wire)
    {
        if (People.Set(in wire) is { } news) Notifier.Post(() => PresenceChanged?.Invoke(news));
        return true;
    }

    /// <summary>Takes what is stored of the principal's own watermarks; if it is not known how much of a chat that leaves unread, asks.</summary>
    public void ApplyRead(long chatId, long deliveredUpTo, long readUpTo)
    {
        Directory.ApplyOwn(chatId, deliveredUpTo, readUpTo);
        RaiseChats(chatId, ChatListChangeKind.Updated);
        if (!Directory.IsCounted(chatId)) Sync.Refresh(chatId);
    }

    public void RaiseChats(long chatId, ChatListChangeKind kind)
    {
        lock (_untold)
        {
            // A chat that was named tells of its present summary: a handler that is slow does not need it again.
            if (kind == ChatListChangeKind.Updated && _untold.TryGetValue(chatId, out ChatListChangeKind last)
                && last != ChatListChangeKind.Removed)
                return;

            _untold[chatId] = kind;
            Notifier.Post(() => TellChats(new ChatListChange(chatId, kind)));
        }
    }

    /// <summary>Whether who is in a chat has to be asked for, so that it is known who got and read one's own messages.</summary>
    private bool IsRosterNeeded(in WireEvent taken)
    {
        if (taken.Kind is EventKind.MemberAdded or EventKind.MemberRemoved or EventKind.MemberLeft) Receipts.OnMembership(in taken);
        if (taken.Kind != EventKind.Message) return false;
        if (taken.SenderId != Directory.Me) return Receipts.OnMessage(taken.ChatId, taken.SenderId, taken.Sequence);

        Receipts.OnOwn(taken.ChatId, taken.Sequence);
        return false; // nobody has got it yet: the first receipt asks
    }

    private void TellChats(ChatListChange change)
    {
        lock (_untold)
        {
            if (_untold.GetValueOrDefault(change.ChatId) == change.Kind) _untold.Remove(change.ChatId);
        }

        ChatsChanged?.Invoke(change);
    }

    private async Task<WireSession> OnlineAsync(CancellationToken ct)
    {
        Task<WireSession> online;
        lock (_gate)
        {
            if (_session is { Ended.IsCancellationRequested: false } live) return live;
            if (_online.Task.IsCompletedSuccessfully) _online = NewOnline();
            online = _online.Task;
        }

        if (Loop.State.Kind == ConnectionKind.Idle)
            throw new InvalidOperationException("The client is not connected: call ConnectAsync first.");

        return await online.WaitAsync(ct).ConfigureAwait(false);
    }

    private IReadOnlyList<WirePosition> BeginConnection() => Sync.BeginConnection(Directory.Rank, _maxPositions);

    private bool TakeReceipts(WireSession session, in ReceiptsPush receipts)
    {
        foreach (WireReceipt receipt in receipts.Receipts)
        {
            if (receipt.PrincipalId == Directory.Me) // another device of one's own has read
                ApplyRead(receipts.ChatId, receipt.DeliveredUpTo, receipt.ReadUpTo);
            var change = new ReceiptChange(receipts.ChatId, receipt.PrincipalId, receipt.DeliveredUpTo, receipt.ReadUpTo);
            Notifier.Post(() => ReceiptsChanged?.Invoke(change));
        }

        if (Receipts.OnReceipts(in receipts)) _ = Receipts.LoadMembersAsync(session, receipts.ChatId);
        return true;
    }

    private async Task RenewTokenAsync(WireSession session)
    {
        for (int failures = 0; !session.Ended.IsCancellationRequested; failures++)
        {
            try
            {
                string token = await _options.Token(TokenReason.Expiring, session.Ended).ConfigureAwait(false);
                await session.CallAsync<AuthenticateRequest, OkReply>(new AuthenticateRequest(token)).ConfigureAwait(false);
                return;
            }
            catch (Exception over) when (over is ConnectionLostException or OperationCanceledException or ChatException { Retryable: false })
            {
                return; // the server closes at the token's end, and the next connection asks for a token with that reason
            }
#pragma warning disable CA1031 // the callback is the app's; there is a minute to try again
            catch (Exception fault)
#pragma warning restore CA1031
            {
                TimeSpan pause = _backoff.Next(failures);
                if (fault is ChatException { RetryAfter: { } least } && least > pause) pause = least;
                await Task.WhenAny(Task.Delay(pause, _options.TimeProvider, session.Ended)).ConfigureAwait(false);
            }
        }
    }

    private async Task WatchAgainAsync(WireSession session)
    {
        try
        {
            var request = new WatchPresenceRequest(People.Watched);
            PresencesReply reply = await session.CallAsync<WatchPresenceRequest, PresencesReply>(in request).ConfigureAwait(false);
            foreach (WirePresence presence in reply.Presences) TakePresence(in presence);
        }
        catch (Exception lost) when (lost is ChatException or ConnectionLostException)
        {
            // Presence is ephemeral; the next session, or the app, asks again.
        }
    }

    /// <summary>The last message of a chat has another text, which its event did not say.</summary>
    private async Task ReadAgainAsync(WireSession session, long chatId, long sequence, long epoch)
    {
        try
        {
            var request = new GetHistoryRequest(chatId, After: sequence - 1, Limit: 1);
            HistoryReply page = await session.CallAsync<GetHistoryRequest, HistoryReply>(in request).ConfigureAwait(false);
            foreach (WireEvent e in page.Events)
                if (Directory.Replace(WireMapping.ToEvent(in e, epoch, Directory.Me))) RaiseChats(chatId, ChatListChangeKind.Updated);
        }
        catch (Exception lost) when (lost is ChatException or ConnectionLostException)
        {
            // The list shows the text of before until the next event of this chat, or the next listing.
        }
    }

    private void OnState(ConnectionState state)
    {
        if (state.Kind is ConnectionKind.Waiting or ConnectionKind.Closed)
        {
            lock (_gate) _session = null;
            People.ForgetPresences();
            Outbox.OnOffline();
        }

        if (state is { Kind: ConnectionKind.Closed, End: { } end })
        {
            ChatException reason = ChatException.FromClose(end);
            Outbox.Close(reason);
            Streams.Close();
            _closed.TrySetException(reason);
            _ = _closed.Task.Exception; // there may be no one who waits
            lock (_gate)
            {
                if (_online.Task.IsCompleted) _online = NewOnline();
                _online.TrySetException(reason);
                _ = _online.Task.Exception;
            }
        }

        Notifier.Post(() => StateChanged?.Invoke(state));
    }

    private static TaskCompletionSource<WireSession> NewOnline() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
