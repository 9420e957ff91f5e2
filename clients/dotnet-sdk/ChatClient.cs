using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Sdk.Calls;
using Chat.Sdk.Chats;
using Chat.Sdk.Links;
using Chat.Sdk.Notices;
using Chat.Sdk.People;
using Chat.Sdk.Push;
using Chat.Sdk.Receipts;
using Chat.Sdk.Rest;
using Chat.Sdk.Scheduled;
using Chat.Sdk.Statuses;
using Chat.Sdk.Search;
using Chat.Sdk.Sync;

namespace Chat.Sdk;

/// <summary>
/// A connection to the chat service that comes back by itself. Every event of every chat of the signed-in principal is yielded exactly
/// once and in order; every message sent is kept until the service has it. Thread-safe.
/// </summary>
public sealed class ChatClient : IAsyncDisposable
{
    private readonly ClientCore _core;
    private readonly ChatRest _rest;
    private readonly ChatSettingsRest _settings;
    private readonly HttpClient? _ownHttp;
    private readonly Lock _gate = new();
    private readonly Dictionary<long, ChatHandle> _handles = [];

    /// <summary>Makes a client; <see cref="ConnectAsync"/> connects it. What <see cref="IOutboxStore.Load"/> throws comes out.</summary>
    public ChatClient(ChatClientOptions options)
    {
        options.Validate();
        _ownHttp = options.HttpClient is null ? new HttpClient() : null;
        RestClient rest = new(options.HttpClient ?? _ownHttp!, options.Url);
        SignedInCalls calls = new(options.Token);
        _rest = new ChatRest(rest, calls);
        _settings = new ChatSettingsRest(rest, calls);
        Files = new FileTransfers(new FileRest(calls, rest), options.TimeProvider);
        _core = new ClientCore(options);
        Joining = new JoiningClient(new JoiningRest(rest, calls));
        Calls = new CallsClient(new CallsRest(rest, calls), _core);
        Security = new SecurityClient(new SecurityRest(rest, calls));
        Passkeys = new PasskeysClient(new PasskeysRest(rest, calls));
        People = new PeopleClient(new PeopleRest(rest, calls), _core);
        Statuses = new StatusClient(new StatusRest(rest, calls), _core);
        Scheduled = new ScheduledClient(new ScheduledRest(rest, calls), _core);
        Notices = new NoticesClient(new NoticesRest(rest, calls), _core);
        Push = new PushClient(new PushRest(rest, calls));
        LinkPreviews = new LinkPreviewsClient(new LinkRest(rest, calls));
        Receipts = new ReceiptsClient(new ReceiptsRest(rest, calls));
        Search = new SearchClient(new SearchRest(rest, calls), Chat);
    }

    /// <summary>Makes a client for a signed-in account.</summary>
    public ChatClient(Uri url, AccountSession account)
        : this(new ChatClientOptions { Url = url, Token = account.TokenAsync })
    {
    }

    /// <summary>Raised on every change of <see cref="State"/>. All handlers run one after another, off the connection's own loop.</summary>
    public event Action<ConnectionState>? StateChanged
    {
        add => _core.StateChanged += value;
        remove => _core.StateChanged -= value;
    }

    /// <summary>Raised when a chat came, went or has another summary.</summary>
    public event Action<ChatListChange>? ChatsChanged
    {
        add => _core.ChatsChanged += value;
        remove => _core.ChatsChanged -= value;
    }

    /// <summary>Raised when someone starts or stops typing.</summary>
    public event Action<TypingChange>? TypingChanged
    {
        add => _core.TypingChanged += value;
        remove => _core.TypingChanged -= value;
    }

    /// <summary>Raised when someone of <see cref="WatchPresenceAsync"/> comes or goes.</summary>
    public event Action<PrincipalPresence>? PresenceChanged
    {
        add => _core.PresenceChanged += value;
        remove => _core.PresenceChanged -= value;
    }

    /// <summary>Raised when a member has got or read more.</summary>
    public event Action<ReceiptChange>? ReceiptsChanged
    {
        add => _core.ReceiptsChanged += value;
        remove => _core.ReceiptsChanged -= value;
    }

    /// <summary>Raised when the principal starred a message, or took the star away, on whichever device.</summary>
    public event Action<StarChange>? StarChanged
    {
        add => _core.Inbox.StarChanged += value;
        remove => _core.Inbox.StarChanged -= value;
    }

    /// <summary>Raised when the principal deleted a message for itself alone, on whichever device.</summary>
    public event Action<HiddenMessage>? MessageHidden
    {
        add => _core.Inbox.MessageHidden += value;
        remove => _core.Inbox.MessageHidden -= value;
    }

    /// <summary>Raised when the principal cleared a chat's history for itself alone, on whichever device.</summary>
    public event Action<ClearedHistory>? HistoryCleared
    {
        add => _core.Inbox.HistoryCleared += value;
        remove => _core.Inbox.HistoryCleared -= value;
    }

    /// <summary>Raised with what a handler of the app threw, and what failed where nobody waits for it; the client goes on.</summary>
    public event Action<Exception>? HandlerFailed
    {
        add => _core.Notifier.HandlerFailed += value;
        remove => _core.Notifier.HandlerFailed -= value;
    }

    /// <summary>Channels, invite links and what was shared in a chat.</summary>
    public JoiningClient Joining { get; }

    /// <summary>What people show to their contacts for a day.</summary>
    public StatusClient Statuses { get; }

    /// <summary>Messages that are to be sent later.</summary>
    public ScheduledClient Scheduled { get; }

    /// <summary>What happened to one: the list inside an app.</summary>
    public NoticesClient Notices { get; }

    /// <summary>Notifications to this device while it is not connected.</summary>
    public PushClient Push { get; }

    /// <summary>Cards of the pages that messages link to.</summary>
    public LinkPreviewsClient LinkPreviews { get; }

    /// <summary>Who has got and read one's own messages, and when.</summary>
    public ReceiptsClient Receipts { get; }

    /// <summary>Voice and video calls.</summary>
    public CallsClient Calls { get; }

    /// <summary>One's profile and privacy, contacts and blocks.</summary>
    public PeopleClient People { get; }

    /// <summary>Verification of one's addresses, and the second step of one's sign-ins.</summary>
    public SecurityClient Security { get; }

    /// <summary>Passkeys of one's own account.</summary>
    public PasskeysClient Passkeys { get; }

    /// <summary>Finding messages, people and chats.</summary>
    public SearchClient Search { get; }

    /// <summary>Where the connection is.</summary>
    public ConnectionState State => _core.Loop.State;

    /// <summary>The signed-in principal; null before the first welcome.</summary>
    public Person? Me => _core.Me;

    /// <summary>The principal's chats, the pinned ones above the others, most recently active first; a snapshot.</summary>
    public IReadOnlyList<ChatSummary> Chats => _core.Directory.Snapshot();

    /// <summary>One's own messages of all chats that are not stored yet, as <see cref="ChatHandle.Outbox"/> of each.</summary>
    public IReadOnlyList<OutgoingMessage> Outbox => _core.Outbox.Snapshot(null);

    /// <summary>Uploads, links and deletion of files.</summary>
    public FileTransfers Files { get; }

    /// <summary>
    /// What <see cref="ReadEventsAsync"/> has yielded, chat by chat; with several readers, what all of them have. Given to the next run as
    /// <see cref="ChatClientOptions.Positions"/> it is the start of it. An app that keeps it after it has processed what was yielded, and
    /// before it moves on, loses no event in a crash. Events that only <see cref="ChatHandle.ReadEventsAsync(CancellationToken)"/> yielded
    /// do not count.
    /// </summary>
    public IReadOnlyList<ChatPosition> Positions => _core.Sync.Positions();

    /// <summary>
    /// Connects, and stays connected until <see cref="CloseAsync"/>. Returns when the client is online and knows its chats.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait, not the attempts.</param>
    /// <exception cref="ChatException">The service forbids to come back: a refused sign-in, or a client that is too old.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        _core.Loop.Start();
        _core.Outbox.ReportDamage(); // not before: the app has its handlers there by now
        if (_core.Closed.IsCompleted) await _core.Closed.ConfigureAwait(false);

        Task first = await Task.WhenAny(_core.Sync.Ready, _core.Closed).WaitAsync(cancellationToken).ConfigureAwait(false);
        await first.ConfigureAwait(false);
    }

    /// <summary>
    /// The network is back, or the machine woke up: ends a pause between two attempts, unless the service said how long it is to be, and gives a
    /// connection that is there two seconds to show that it lives.
    /// </summary>
    public void ReconnectNow() => _core.Wake();

    /// <summary>
    /// Closes for good. Messages that were not stored fail, and stay in <see cref="ChatClientOptions.OutboxStore"/> for the next run; readers end.
    /// </summary>
    public async Task CloseAsync()
    {
        await _core.Loop.DisposeAsync().ConfigureAwait(false);
        await _core.Notifier.DisposeAsync().ConfigureAwait(false);
        _ownHttp?.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

    /// <summary>
    /// The events of all chats, from the moment on that an enumerator is made. The client holds at most <see cref="ChatClientOptions.EventBufferSize"/> of them
    /// for a reader; if it lags more, they wait at the service.
    /// </summary>
    public IAsyncEnumerable<ChatEvent> ReadEventsAsync(CancellationToken cancellationToken = default) =>
        _core.Streams.ReadAsync(null, cancellationToken);

    /// <summary>A handle to a chat; costs nothing and asks nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is below 0.</exception>
    public ChatHandle Chat(long chatId)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(chatId);
        lock (_gate)
        {
            if (!_handles.TryGetValue(chatId, out ChatHandle? handle))
                _handles.Add(chatId, handle = new ChatHandle(chatId, _core, _rest, _settings));
            return handle;
        }
    }

    /// <summary>The one direct chat with a person; made if there was none.</summary>
    /// <exception cref="ChatException"><c>principal_not_found</c>, <c>invalid_argument</c> (oneself).</exception>
    public async Task<ChatHandle> OpenDirectAsync(long principalId, CancellationToken cancellationToken = default)
    {
        ChatReply reply = await _core.CallAsync<OpenDirectRequest, ChatReply>(new OpenDirectRequest(principalId), cancellationToken)
            .ConfigureAwait(false);
        WireChat opened = reply.Chat;
        _core.OnChat(in opened);
        return Chat(opened.ChatId);
    }

    /// <summary>The person with exactly this e-mail address or phone number, or null.</summary>
    public Task<Person?> FindPersonAsync(string login, CancellationToken cancellationToken = default) =>
        _rest.FindPersonAsync(login, cancellationToken);

    /// <summary>Makes a group; the signed-in principal becomes its admin.</summary>
    public async Task<ChatHandle> CreateGroupAsync(
        string name, IReadOnlyList<long> memberIds, CancellationToken cancellationToken = default) =>
        Chat(await _rest.CreateGroupAsync(name, memberIds, cancellationToken).ConfigureAwait(false));

    /// <summary>One's starred messages, the one starred last first.</summary>
    /// <param name="cursor">The page before's <see cref="StarredPage.NextCursor"/>; null for the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<StarredPage> StarredAsync(string? cursor = null, CancellationToken cancellationToken = default) =>
        _rest.StarredAsync(cursor, cancellationToken);

    /// <summary>The messages that mention one in all chats, read or not, the newest first. A page may be short though there is a next one.</summary>
    /// <param name="cursor">The page before's <see cref="MentionPage.NextCursor"/>; null for the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<MentionPage> MentionsAsync(string? cursor = null, CancellationToken cancellationToken = default) =>
        _rest.MentionsAsync(cursor, cancellationToken);

    /// <summary>A person's name if the client has met it; <see cref="GetNameAsync"/> asks.</summary>
    public string? Name(long principalId) => _core.People.Name(principalId);

    /// <summary>A person's name; null for someone with whom no chat is shared.</summary>
    public async Task<string?> GetNameAsync(long principalId, CancellationToken cancellationToken = default)
    {
        await GetNamesAsync([principalId], cancellationToken).ConfigureAwait(false);
        return Name(principalId);
    }

    /// <summary>Learns the names that are not known yet, many in one request.</summary>
    public async Task GetNamesAsync(IEnumerable<long> principalIds, CancellationToken cancellationToken = default)
    {
        foreach (long[] some in _core.People.Unknown(principalIds).Chunk(ProtocolLimits.MaxPrincipalIds))
        {
            PrincipalsReply reply = await _core.CallAsync<GetPrincipalsRequest, PrincipalsReply>(
                new GetPrincipalsRequest(some), cancellationToken).ConfigureAwait(false);
            foreach (WirePrincipal principal in reply.Principals) _core.People.SetName(principal.PrincipalId, principal.Name);
        }
    }

    /// <summary>Watches these people, and no others, over reconnects too.</summary>
    /// <returns>The present state of those with whom a chat is shared.</returns>
    public async Task<IReadOnlyList<PrincipalPresence>> WatchPresenceAsync(
        IReadOnlyList<long> principalIds, CancellationToken cancellationToken = default)
    {
        _core.People.Watch(principalIds);
        PresencesReply reply = await _core.CallAsync<WatchPresenceRequest, PresencesReply>(
            new WatchPresenceRequest(principalIds), cancellationToken).ConfigureAwait(false);
        foreach (WirePresence presence in reply.Presences) _core.TakePresence(in presence);
        return [.. reply.Presences.Select(p => WireMapping.ToPresence(p.PrincipalId, p.Online, p.LastSeenMs))];
    }

    /// <summary>The presence of someone who is watched; null while unknown, as all are while there is no connection.</summary>
    public PrincipalPresence? Presence(long principalId) => _core.People.Presence(principalId);

    /// <summary>The last 200 frames, without their content, for a report of a fault.</summary>
    public IReadOnlyList<TracedFrame> Dump() => _core.Loop.Trace.Snapshot();
}
