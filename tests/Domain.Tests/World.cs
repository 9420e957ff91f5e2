using Chat.Domain.Accounts;
using Chat.Domain.Chats;
using Chat.Domain.Cluster;
using Chat.Domain.Limits;
using Chat.Domain.Links;
using Chat.Domain.Media;
using Chat.Domain.Messages;
using Chat.Domain.People;
using Chat.Domain.Presence;
using Chat.Domain.Receipts;
using Chat.Domain.Statuses;
using Chat.Protocol.Codes;
using Chat.Storage.Accounts;
using Chat.Storage.ChatLog;
using Chat.Storage.Chats;
using Chat.Storage.Media;
using Chat.Storage.Messages;
using Chat.Storage.People;
using Chat.Storage.Receipts;
using Chat.Storage.Statuses;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Domain.Tests;

/// <summary>Every use case on a database of its own, with a clock that stands still and ports that write down what they are told.</summary>
internal sealed class World : IAsyncDisposable
{
    public const string Password = "correct horse battery";
    private static int _people;

    private readonly TestDatabase _database;
    private readonly ChatLogWriter _log;
    private readonly ReceiptWriter _receipts;
    private readonly ReceiptTimes _times;

    private World(TestDatabase database, LimitSettings limits)
    {
        _database = database;
        Accounts = new AccountStore(database.Source);
        Devices = new DeviceStore(database.Source, Events);
        Principals = new PrincipalStore(database.Source);
        Chats = new ChatStore(database.Source);
        Memberships = new MembershipStore(database.Source, Events);
        Profiles = new ProfileStore(database.Source, Events);
        Contacts = new ContactStore(database.Source, Events);
        Blocks = new BlockStore(database.Source, Events);
        _log = new ChatLogWriter(database.Source, new ChatLogOptions(), Events, TimeProvider.System, NullLogger<ChatLogWriter>.Instance);
        _times = new ReceiptTimes(
            database.Source, new ReceiptFanout(Fanout), new ReceiptTimesOptions { MaxChatMembers = 4 }, ReceiptClock,
            NullLogger<ReceiptTimes>.Instance);
        _receipts = new ReceiptWriter(
            database.Source,
            _times,
            new ReceiptOptions { MinInterval = TimeSpan.Zero },
            TimeProvider.System,
            NullLogger<ReceiptWriter>.Instance);

        Tokens = new AccessTokens(TokenOptions, Time);
        Hasher = new PasswordHasher(new PasswordOptions { Iterations = 1000 }, Time);
        Throttle = new SignInThrottle(new SignInThrottleOptions(), Time);
        Registry = new PresenceRegistry(Principals, new PresenceOptions(), Time, NullLogger<PresenceRegistry>.Instance);
        DirectBlocks = new DirectBlocks(Blocks, Time);
        Privacy = new PrivacyChanges(Principals, Registry, DirectBlocks, new InMemoryBus().Join(), NullLogger<PrivacyChanges>.Instance);
        DeviceSignIn signIn = new(Devices, Tokens, TokenOptions, Time, NullLogger<DeviceSignIn>.Instance);
        DeviceRevocation revocation = new(Tokens, Sessions, new InMemoryBus().Join());

        Register = new RegisterAccount(Accounts, Hasher, Throttle, signIn);
        TwoStepCheck twoStep = new(new TwoStepStore(database.Source), new TwoStepSecrets(TokenOptions), Time);
        SignIn = new SignIn(Accounts, new PasswordCheck(Hasher, Throttle), twoStep, Throttle, signIn);
        Refresh = new RefreshSignIn(Devices, Accounts, signIn, revocation);
        SignOut = new SignOut(Devices, revocation);
        SignOutEverywhere = new SignOutEverywhere(Devices, revocation);
        GetChat = new GetChat(Chats, _receipts);
        ListChats = new ListChats(Chats, _receipts);
        ListMembers = new ListMembers(Chats, _receipts);
        Load = new Overload(_log, new ChatLogOptions(), TimeProvider.System);
        Limits = new RequestLimits(new LiveSettings(limits), Load, Fanout, Time);
        CreateGroup = new CreateGroup(Memberships, GetChat, Limits);
        OpenDirect = new OpenDirectChat(Memberships, GetChat);
        AddMembers = new AddMembers(Memberships, GetChat, Limits);
        Update = new UpdateChat(new ChatDetailsStore(database.Source, Events), GetChat, Limits);
        Rename = new RenameGroup(Update);
        Links = new LinkTokens(TokenOptions);
        References = new MessageReferences(
            new MessageFiles(new BlobTable(database.Source)), new StatusReplies(new StatusReads(database.Source)), Links, new EventStore(database.Source));
        Send = new SendMessage(_log, _receipts, Limits, References);
        ReadHistory = new ReadHistory(new EventStore(database.Source), Limits);
        MessageChangeStore changes = new(database.Source, Events);
        ChangeMessage change = new(changes, Limits);
        Edit = new EditMessage(change);
        Delete = new DeleteMessage(change);
        React = new ReactToMessage(change);
        Pin = new PinMessage(change);
        ListReactions = new ListReactions(changes, Chats);
        ListPinned = new ListPinned(new EventStore(database.Source));
        RemoveMember = new RemoveMember(Memberships);
        MarkDelivered = new MarkDelivered(_receipts);
        MarkRead = new MarkRead(_receipts);
        ListReceipts = new ListReceipts(new ReceiptTimeStore(database.Source), Limits);
    }

    /// <summary>Starts in the present: PostgreSQL judges the life of refresh tokens by its own clock.</summary>
    /// <summary>When watermarks move: a day ago, so that there is room up to the database's now, which no time is beyond.</summary>
    public FakeTimeProvider ReceiptClock { get; } = new(TimeProvider.System.GetUtcNow().AddDays(-1));

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));

    public RecordingFanout Fanout { get; } = new();

    public RecordingSessions Sessions { get; } = new();

    public RecordingEvents Events { get; } = new();

    public TokenOptions TokenOptions { get; } = new() { SigningKey = [.. Enumerable.Range(1, 32).Select(i => (byte)i)] };

    public LinkTokens Links { get; }

    public MessageReferences References { get; }

    public NpgsqlDataSource Source => _database.Source;

    public AccountStore Accounts { get; }

    public DeviceStore Devices { get; }

    public PrincipalStore Principals { get; }

    public ChatStore Chats { get; }

    public MembershipStore Memberships { get; }

    public ProfileStore Profiles { get; }

    public ContactStore Contacts { get; }

    public BlockStore Blocks { get; }

    public DirectBlocks DirectBlocks { get; }

    public PrivacyChanges Privacy { get; }

    public AccessTokens Tokens { get; }

    public PasswordHasher Hasher { get; }

    public SignInThrottle Throttle { get; }

    public PresenceRegistry Registry { get; }

    public RegisterAccount Register { get; }

    public SignIn SignIn { get; }

    public RefreshSignIn Refresh { get; }

    public SignOut SignOut { get; }

    public SignOutEverywhere SignOutEverywhere { get; }

    public GetChat GetChat { get; }

    public ListChats ListChats { get; }

    public ListMembers ListMembers { get; }

    public CreateGroup CreateGroup { get; }

    public OpenDirectChat OpenDirect { get; }

    public AddMembers AddMembers { get; }

    public UpdateChat Update { get; }

    public RenameGroup Rename { get; }

    public Overload Load { get; }

    /// <summary>The other nodes: none is heard.</summary>
    public PeerNodes Peers { get; } = new(new NodeIdentity("self", 1), TimeProvider.System);

    public RequestLimits Limits { get; }

    public SendMessage Send { get; }

    public ReadHistory ReadHistory { get; }

    public EditMessage Edit { get; }

    public DeleteMessage Delete { get; }

    public ReactToMessage React { get; }

    public PinMessage Pin { get; }

    public ListReactions ListReactions { get; }

    public ListPinned ListPinned { get; }

    public RemoveMember RemoveMember { get; }

    public MarkDelivered MarkDelivered { get; }

    public MarkRead MarkRead { get; }

    public ListReceipts ListReceipts { get; }

    /// <param name="limits">Null: none.</param>
    public static async Task<World> CreateAsync(LimitSettings? limits = null)
    {
        limits ??= new LimitSettings
        {
            SendsPerMinute = 0,
            OwnChangesPerMinute = 0,
            HistoryPerSecond = 0,
            ChatMessagesPerSecond = 0,
            TypingPerSecond = 0,
            SearchesPerSecond = 0,
            MessageInfosPerSecond = 0,
            UploadsPerMinute = 0,
            UploadPartsPerSecond = 0,
            StatusesPerHour = 0,
            ScheduledPerMinute = 0,
            GroupMembers = 5,
        };
        World world = new(await TestDatabase.CreateAsync(), limits);
        world._log.Start();
        world._receipts.Start();
        return world;
    }

    /// <summary>Writes when watermarks moved, by <see cref="ReceiptClock"/>; in the product a loop does.</summary>
    public Task WriteTimesAsync() => _times.StopAsync();

    public static string NewEmail() => $"person{Interlocked.Increment(ref _people)}@example.com";

    /// <summary>A new account, made without a password that anybody could sign in with.</summary>
    public async Task<Caller> PersonAsync(string name = "Anna")
    {
        CreateAccountResult created = await Accounts.CreateAsync(new NewAccount(name, NewEmail(), null, "none"), default);
        Assert.That(created.Status, Is.EqualTo(CreateAccountStatus.Created));
        return new Caller(created.PrincipalId, 1);
    }

    /// <summary>A new principal of any kind, without an account.</summary>
    public async Task<Caller> PrincipalAsync(PrincipalKind kind, string name = "Somebody")
    {
        await using NpgsqlCommand command = Source.CreateCommand("""
            with inbox as (insert into chats (kind, member_count) values (5, 1) returning id),
            principal as (insert into principals (kind, name, inbox_chat_id) select $1, $2, id from inbox returning id, inbox_chat_id),
            member as (insert into members (chat_id, principal_id, role, joined_at_sequence) select inbox_chat_id, id, 1, 1 from principal)
            select id from principal
            """);
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)kind });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        return new Caller((long)(await command.ExecuteScalarAsync())!, 1, kind);
    }

    public async Task<long> DirectChatAsync(Caller one, Caller other) =>
        (await OpenDirect.ExecuteAsync(one, other.PrincipalId, default)).Value.ChatId;

    public async Task<long> GroupAsync(Caller admin, params Caller[] others) =>
        (await CreateGroup.ExecuteAsync(admin, "Team", [.. others.Select(other => other.PrincipalId)], default)).Value.ChatId;

    public async Task<long> SendAsync(Caller sender, long chatId, string text = "hello") =>
        (await Send.ExecuteAsync(sender, new SendMessageInput(chatId, Guid.NewGuid(), text, null))).Value.Sequence;

    /// <summary>A file that was uploaded for a chat, as far as the rows know.</summary>
    public async Task<string> FileAsync(Caller owner, long chatId, string contentType, long bytes)
    {
        BlobTable blobs = new(Source);
        NewBlob file = new(Guid.NewGuid(), owner.PrincipalId, chatId, (short)BlobPurpose.Media, ForChange: false, "a", bytes, Guid.NewGuid());
        Assert.That(await blobs.ReserveAsync(file, TimeSpan.FromDays(1), long.MaxValue, default), Is.EqualTo(ReserveStatus.Reserved));
        FinishedBlob finished = new(file.Id, file.ObjectId!.Value, contentType, bytes, bytes, KeptFor: null, UnshownFor: TimeSpan.FromDays(1));
        Assert.That(await blobs.FinishAsync(finished, default));
        return $"{file.Id:N}";
    }

    public async ValueTask DisposeAsync()
    {
        await _log.StopAsync();
        await _receipts.StopAsync();
        await _times.DisposeAsync();
        await Registry.DisposeAsync();
        Hasher.Dispose();
        await _database.DisposeAsync();
    }
}
