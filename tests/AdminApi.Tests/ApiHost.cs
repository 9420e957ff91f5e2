using System.Collections.Concurrent;
using Chat.AdminApi.Tests.Rest.Links;
using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Domain.Accounts.Issuers;
using Chat.Domain.Accounts.Passkeys;
using Chat.Domain.Calls;
using Chat.Domain.Chats;
using Chat.Domain.Cluster;
using Chat.Domain.Fanout;
using Chat.Domain.Limits;
using Chat.Domain.Links;
using Chat.Domain.Media;
using Chat.Domain.Messages;
using Chat.Domain.Notices;
using Chat.Domain.Notifications;
using Chat.Domain.People;
using Chat.Domain.Presence;
using Chat.Domain.Push;
using Chat.Domain.Receipts;
using Chat.Domain.Scheduled;
using Chat.Domain.Statuses;
using Chat.Domain.Search;
using Chat.Protocol.Codes;
using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.Storage.Calls;
using Chat.Storage.ChatLog;
using Chat.Storage.Chats;
using Chat.Storage.Media;
using Chat.Storage.Messages;
using Chat.Storage.Notices;
using Chat.Storage.People;
using Chat.Storage.Push;
using Chat.Storage.Receipts;
using Chat.Storage.Scheduled;
using Chat.Storage.Statuses;
using Chat.Storage.Search;
using Chat.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chat.AdminApi.Tests;

/// <summary>The REST interface over Kestrel on a loopback port, with real use cases on a given database.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    /// <summary>Apps with users of their own, whose tokens every host takes.</summary>
    public static readonly IssuingApp Shop = new("shop", TimeProvider.System), Desk = new("desk", TimeProvider.System);

    private readonly WebApplication _app;

    private ApiHost(WebApplication app)
    {
        _app = app;
        Client = new ApiClient(new Uri(app.Urls.Single()));
    }

    public ApiClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public RecordedLog Log => _app.Services.GetRequiredService<RecordedLog>();

    public IReadOnlyList<RouteEndpoint> Routes =>
        [.. _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    public static async Task<ApiHost> StartAsync(
        NpgsqlDataSource source,
        IReadOnlyDictionary<string, string?>? settings = null,
        string environment = "Production",
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? routes = null)
    {
        // The leanest host there is: what the interface needs and does not register itself would be missing here.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<RecordedLog>();
        builder.Services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<RecordedLog>());
        AddUseCases(builder.Services, source);
        builder.Services.AddRestApi();
        services?.Invoke(builder.Services);

        WebApplication app = builder.Build();
        app.MapRestApi();
        routes?.Invoke(app);
        app.Services.GetRequiredService<ChatLogWriter>().Start();
        app.Services.GetRequiredService<ReceiptWriter>().Start();
        app.Services.GetRequiredService<SearchIndexer>().Start();
        await app.StartAsync();
        return new ApiHost(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.Services.GetRequiredService<SearchIndexer>().StopAsync();
        await _app.Services.GetRequiredService<ChatLogWriter>().StopAsync();
        await _app.Services.GetRequiredService<ReceiptWriter>().StopAsync();
        await _app.DisposeAsync();
    }

    private static void AddUseCases(IServiceCollection services, NpgsqlDataSource source)
    {
        services.AddSingleton(source);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new TokenOptions { SigningKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)] });
        services.AddSingleton(new IssuersOptions
        {
            ByName = new Dictionary<string, IssuerOptions>
            {
                [Shop.Name] = new() { Algorithm = IssuerAlgorithm.HS256, SecretKey = Shop.Secret },
                [Desk.Name] = new() { Algorithm = IssuerAlgorithm.ES256, PublicKey = Desk.CurvePem },
            },
        });
        services.AddSingleton(new PasswordOptions { Iterations = 1000, MaxConcurrent = 2 }); // the real cost is not under test here
        services.AddSingleton(new SignInThrottleOptions { MaxPerMinute = 0, MaxPerAddress = 100_000 }); // every test calls from 127.0.0.1
        services.AddSingleton(PasskeyOptions.ForDevelopment);
        services.AddSingleton(new ChatLogOptions());
        services.AddSingleton(new ReceiptOptions());
        services.AddSingleton(new LimitSettings
        {
            RequestsPerMinute = 0,
            SendsPerMinute = 0,
            OwnChangesPerMinute = 0,
            ChatMessagesPerSecond = 0,
            TypingPerSecond = 0,
            HistoryPerSecond = 0,
            LookupsPerSecond = 0,
            UploadsPerMinute = 0,
            StatusesPerHour = 0,
            ScheduledPerMinute = 0,
            UploadPartsPerSecond = 0,
            FileReadsPerSecond = 0,
            CallsPerMinute = 0,
            SearchesPerSecond = 0,
            PreviewsPerMinute = 0,
            MessageInfosPerSecond = 0,
            GroupMembers = 6,
        });
        services.AddSingleton<SilentPorts>();
        services.AddSingleton(new LinkPreviewOptions());
        services.AddSingleton<ILinkPages, OneSite>();
        services.AddSingleton(new PushOptions());
        services.AddSingleton<RecordingPush>();
        services.AddSingleton<IPushTransport>(provider => provider.GetRequiredService<RecordingPush>());
        services.AddSingleton(provider => new PushNews(provider.GetRequiredService<SilentPorts>(), new PushOptions(), TimeProvider.System));
        services.AddSingleton(provider => new SearchNews(provider.GetRequiredService<PushNews>(), TimeProvider.System));
        services.AddSingleton<ICommittedEvents>(provider => provider.GetRequiredService<SearchNews>());
        services.AddSingleton(new SearchIndexStore(source, MessageWords.Of));
        services.AddSingleton(new NameStore(source, MessageWords.OfName));
        services.AddSingleton(provider => new ReceiptTimes(
            source, provider.GetRequiredService<SilentPorts>(), new ReceiptTimesOptions(), TimeProvider.System,
            provider.GetRequiredService<ILogger<ReceiptTimes>>()));
        services.AddSingleton<IReceiptSink>(provider => provider.GetRequiredService<ReceiptTimes>());
        services.AddSingleton<IEphemeralFanout>(provider => provider.GetRequiredService<SilentPorts>());
        services.AddSingleton<ISessions>(provider => provider.GetRequiredService<SilentPorts>());
        services.AddSingleton(new MediaOptions { MaxImageBytes = 2_000_000, MaxAvatarBytes = 100_000, QuotaBytes = 4_000_000 });
        services.AddSingleton(new CallOptions
        {
            StunUrls = ["stun:turn.test:3478"],
            TurnUrls = ["turn:turn.test:3478?transport=udp"],
            TurnSecretKey = "not much of a secret",
        });
        services.AddSingleton<IBlobStore, MemoryBlobStore>();
        services.AddSingleton<IBlobScanner, NoScanner>();
        services.AddSingleton(provider => new DownloadLinks(
            provider.GetRequiredService<TokenOptions>().SigningKey,
            provider.GetRequiredService<MediaOptions>().LinkLifetime,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<RecordingTransports>();
        services.AddSingleton<IMailTransport>(provider => provider.GetRequiredService<RecordingTransports>());
        services.AddSingleton<ISmsTransport>(provider => provider.GetRequiredService<RecordingTransports>());
        services.AddSingleton<IBroker>(_ => new InMemoryBus().Join());
        services.AddSingleton(NodeIdentity.Create("rest"));

        Type[] parts =
        [
            typeof(AccountStore), typeof(DeviceStore), typeof(PrincipalStore), typeof(SessionStore), typeof(ChatStore),
            typeof(MembershipStore), typeof(EventStore), typeof(ChatLogWriter), typeof(ReceiptWriter),
            typeof(LiveSettings), typeof(Overload), typeof(RequestLimits), typeof(AddressLimits),
            typeof(AccountCodeStore), typeof(TwoStepStore), typeof(PasswordCheck), typeof(TwoStepSecrets), typeof(TwoStepCheck), typeof(TwoStepOwner), typeof(TwoStep),
            typeof(PasskeyStore), typeof(PasskeyCeremonies), typeof(PasskeyParts), typeof(AddPasskey), typeof(OwnPasskeys), typeof(PasskeySignIn),
            typeof(DeliveryQueue), typeof(CodeSender), typeof(AccountNotices), typeof(AccountCodes), typeof(VerifyAddress), typeof(PasswordReset), typeof(ForgottenPassword),
            typeof(AccessTokens), typeof(IssuedTokens), typeof(IssuedAccountStore), typeof(IssuedAccountReads), typeof(IssuedAccounts), typeof(TokenVerifier),
            typeof(PasswordHasher), typeof(SignInThrottle), typeof(DeviceSignIn), typeof(DeviceRevocation),
            typeof(RegisterAccount), typeof(SignIn), typeof(RefreshSignIn), typeof(SignOut), typeof(SignOutEverywhere),
            typeof(GetProfile), typeof(UpdateProfile), typeof(FindPerson),
            typeof(SignOutDevice), typeof(ListDevices), typeof(ChangePassword),
            typeof(ProfileStore), typeof(ContactStore), typeof(BlockStore), typeof(PresenceOptions), typeof(PresenceRegistry),
            typeof(DirectBlocks), typeof(PrivacyChanges), typeof(GetPrivacy), typeof(UpdatePrivacy), typeof(ListContacts),
            typeof(GetContact), typeof(PutContact), typeof(RemoveContact), typeof(ListBlocks), typeof(BlockPerson), typeof(UnblockPerson),
            typeof(OpenDirectChat), typeof(CreateGroup), typeof(RenameGroup), typeof(AddMembers), typeof(RemoveMember),
            typeof(LeaveGroup), typeof(SetMemberRole), typeof(GetChat), typeof(ListChats), typeof(ListMembers),
            typeof(LinkTokens), typeof(LinkCache), typeof(LinkPictures), typeof(MakeLinkPreview),
            typeof(MessageReferences), typeof(SendMessage), typeof(ReadHistory), typeof(MessageChangeStore), typeof(ChangeMessage), typeof(EditMessage),
            typeof(DeleteMessage), typeof(ReactToMessage), typeof(ListReactions), typeof(PinMessage), typeof(ListPinned),
            typeof(StarStore), typeof(StarMessage), typeof(ListStarred), typeof(MentionStore), typeof(ListMentions), typeof(HiddenStore), typeof(HideMessage),
            typeof(MarkDelivered), typeof(MarkRead), typeof(ReceiptTimeStore), typeof(ListReceipts), typeof(SetTyping),
            typeof(OwnSettingsStore), typeof(ChatDetailsStore), typeof(UpdateChat), typeof(ChatDeletionStore), typeof(DeleteChat), typeof(ChangeOwnSettings), typeof(ClearHistory), typeof(SetDraft),
            typeof(ChannelStore), typeof(InviteStore), typeof(GalleryStore), typeof(CreateChannel), typeof(JoinChat), typeof(Invites), typeof(ListMedia),
            typeof(BlobTable), typeof(MessageFiles), typeof(BlobGarbage), typeof(UploadRules), typeof(BlobReservation), typeof(BlobIntake), typeof(BlobEraser),
            typeof(UploadBlob), typeof(ChunkTable), typeof(BeginUpload), typeof(FindUpload), typeof(AddPart), typeof(CompleteUpload),
            typeof(GetBlobLink), typeof(OpenBlob), typeof(DeleteBlob),
            typeof(StatusStore), typeof(StatusReads), typeof(StatusViewStore), typeof(StatusAnnouncer), typeof(StatusReplies), typeof(PostStatus),
            typeof(DeleteStatus), typeof(ListStatuses), typeof(ViewStatus), typeof(MuteStatuses), typeof(ListStatusViewers), typeof(StatusPrivacy),
            typeof(ScheduledStore), typeof(ScheduledQueue), typeof(ScheduleMessage), typeof(ChangeScheduled), typeof(CancelScheduled),
            typeof(ListScheduled), typeof(SendDueMessages), typeof(NoticeStore), typeof(ListNotices), typeof(ReadNotices),
            typeof(PushStore), typeof(GetPush), typeof(SetPush), typeof(RemovePush),
            typeof(CallStore), typeof(CallReader), typeof(StartCall), typeof(ChangeCall), typeof(ListCalls), typeof(GetIceServers),
            typeof(SearchStore), typeof(SearchGate), typeof(SearchMessages), typeof(SearchNames), typeof(PeerNodes), typeof(SearchIndexer),
        ];
        foreach (Type part in parts) services.AddSingleton(part);
    }
}

/// <summary>The ports towards live sessions; REST has none. Remembers what would have been cut and shown.</summary>
internal sealed class SilentPorts : ICommittedEvents, IReceiptSink, IEphemeralFanout, ISessions
{
    public ConcurrentQueue<(long PrincipalId, long DeviceId, DisconnectCode Code)> Cut { get; } = new();

    public ConcurrentQueue<long> Ephemeral { get; } = new();

    public void OnCommitted(IReadOnlyList<EventRow> events)
    {
    }

    public void OnInDoubt(IReadOnlyCollection<long> chatIds)
    {
    }

    public void OnStored(IReadOnlyList<ReceiptRow> changed)
    {
    }

    public void PublishEphemeral(long chatId, byte[] webSocketFrame, long exceptSessionId = 0) => Ephemeral.Enqueue(chatId);

    public void PublishHere(long chatId, Func<long, byte[]> encode) => Ephemeral.Enqueue(chatId);

    public bool IsMemberOnline(long chatId, long principalId) => false;

    public bool IsConnected(long principalId, long deviceId) => false;

    public void Disconnect(long principalId, long deviceId, DisconnectCode code) => Cut.Enqueue((principalId, deviceId, code));
}
