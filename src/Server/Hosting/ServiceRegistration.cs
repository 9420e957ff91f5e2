using Chat.AdminApi;
using Chat.AdminApi.Health;
using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Domain.Accounts.Issuers;
using Chat.Domain.Accounts.Passkeys;
using Chat.Domain.Chats;
using Chat.Domain.Cluster;
using Chat.Domain.Fanout;
using Chat.Domain.Limits;
using Chat.Domain.Messages;
using Chat.Domain.Notices;
using Chat.Domain.People;
using Chat.Domain.Presence;
using Chat.Domain.Push;
using Chat.Domain.Receipts;
using Chat.Domain.Scheduled;
using Chat.Domain.Statuses;
using Chat.Server.Calls;
using Chat.Domain.Search;
using Chat.Server.Cluster;
using Chat.Server.Diagnostics.Metrics;
using Chat.Server.Dispatch;
using Chat.Server.Dispatch.Handlers;
using Chat.Server.Jobs;
using Chat.Server.Limits;
using Chat.Server.Links;
using Chat.Server.Media;
using Chat.Server.Notifications;
using Chat.Server.Outbound;
using Chat.Server.Push;
using Chat.Server.Sessions;
using Chat.Server.Transport;
using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.Storage.ChatLog;
using Chat.Storage.Chats;
using Chat.Storage.Jobs;
using Chat.Storage.Messages;
using Chat.Storage.Nodes;
using Chat.Storage.Notices;
using Chat.Storage.People;
using Chat.Storage.Receipts;
using Chat.Storage.Scheduled;
using Chat.Storage.Search;
using Chat.Storage.Settings;
using Chat.Storage.Statuses;
using Npgsql;
using WebSocketOptions = Chat.Server.Transport.WebSocketOptions;

namespace Chat.Server.Hosting;

/// <summary>Says which concrete types serve, area by area.</summary>
internal static class ServiceRegistration
{
    public static void AddChatServer(this IServiceCollection services, Settings settings, string connectionString)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new DatabaseAddress(connectionString));
        services.AddSettings(settings);
        services.AddStorage(settings, connectionString);
        services.AddReceipts(settings.ReceiptTimes, connectionString);
        services.AddCluster(settings.Cluster);
        services.AddRelay();
        services.AddControl();
        services.AddLiveSettings();
        services.AddJobs();
        services.AddAccounts();
        services.AddPeople();
        services.AddStatuses();
        services.AddScheduled();
        services.AddNotices();
        services.AddChats();
        services.AddSearch();
        services.AddMedia(settings);
        services.AddCalls(settings.Calls);
        services.AddNotifications(settings);
        services.AddPush(settings, connectionString);
        services.AddLinkPreviews(settings.LinkPreviews);
        services.AddSessions();
        services.AddWebSocketSessions(
            new WebSocketOptions
            {
                AllowedOrigins = settings.Server.AllowedOrigins,
                TrustedProxies = settings.Server.TrustedProxies,
                SocketLoops = settings.Server.SocketLoops,
            });
        services.AddRequestHandlers();
        services.AddRestApi();
        services.AddSingleton<IReadyCheck, DatabaseReadyCheck>();
        services.AddSingleton<StartGate>();
        services.AddSingleton<IReadyCheck>(provider => provider.GetRequiredService<StartGate>());
        services.AddSingleton<DatabasePreparation>();
        services.AddSingleton<DrainState>();
        services.AddSingleton<IReadyCheck>(provider => provider.GetRequiredService<DrainState>());
        services.AddSingleton<DemoChats>();
        services.AddSingleton<DemoData>();
        services.AddHostedService<ServerLifecycle>();
        services.AddHostedService<SessionSweeper>();
        services.AddHostedService<DeviceRecheck>();
        services.AddHostedService<OperatorLoop>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveSettingsLoop>());
        services.AddLimits();
        services.AddMeasurements();
        services.AddHostedService<JobRunner>();
        services.AddHostedService(provider => provider.GetRequiredService<NodeRegistration>());
        services.AddHostedService<ServerStart>();
    }

    private static void AddLimits(this IServiceCollection services)
    {
        services.AddSingleton<Overload>();
        services.AddSingleton<RequestLimits>();
        services.AddSingleton<AddressLimits>();
        services.AddSingleton<IConnectionGate, AddressGate>();
        services.AddSingleton<FramePace>();
        services.AddSingleton<MemoryShare>();
        services.AddSingleton<ProcessorIdle>();
        services.AddSingleton<StoragePulse>();
        services.AddSingleton<OutageThreads>();
        services.AddSingleton<OutboundPace>();
        services.AddSingleton<OverloadWatch>();
        services.AddSingleton<IReadyRemark>(provider => provider.GetRequiredService<OverloadWatch>());
        services.AddHostedService(provider => provider.GetRequiredService<OverloadWatch>());
    }

    private static void AddMeasurements(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<MetricCollector>();
        services.AddSingleton<SessionCensus>();
        services.AddSingleton<PoolProbe>();
        services.AddHostedService(provider => provider.GetRequiredService<PoolProbe>());
        services.AddSingleton(provider => new MetricSources(
            provider.GetRequiredService<SessionCensus>(),
            provider.GetRequiredService<ConnectionRegistry>(),
            provider.GetRequiredService<HelloBatcher>(),
            provider.GetRequiredService<ConnectionOutputFactory>(),
            provider.GetRequiredService<DrainState>())
        {
            SearchNews = provider.GetRequiredService<SearchNews>(),
            Log = provider.GetRequiredService<ChatLogWriter>(),
            Memory = provider.GetRequiredService<OverloadWatch>(),
            Load = provider.GetRequiredService<Overload>(),
        });
        services.AddSingleton<ServerMetrics>();
        services.AddSingleton<MetricsListener>();
        services.AddHostedService(provider => provider.GetRequiredService<MetricsListener>());
    }

    private static void AddSettings(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(settings.Tokens);
        services.AddSingleton(settings.Passwords);
        services.AddSingleton(settings.SignIn);
        services.AddSingleton(settings.Issuers);
        services.AddSingleton(settings.Passkeys);
        services.AddSingleton(settings.Presence);
        services.AddSingleton(settings.Server);
        services.AddSingleton(settings.Sessions);
        services.AddSingleton(settings.Outbound);
        services.AddSingleton(settings.Limits);
    }

    private static void AddStorage(this IServiceCollection services, Settings settings, string connectionString)
    {
        // One pool a purpose, so that history reads cannot starve commits. The container disposes what it made.
        services.AddKeyedSingleton("log", (_, _) => ChatDataSource.Create(connectionString, "log", 2));
        services.AddKeyedSingleton("search", (_, _) => ChatDataSource.Create(connectionString, "search", SearchGate.MaxSearches + 1));
        services.AddSingleton(_ => ChatDataSource.Create(connectionString, "reads", settings.Database.MaxConnections));

        services.AddSingleton(new ChatLogOptions { TakesTurns = settings.Cluster.Redis.Length > 0 });
        services.AddSingleton(provider => new ChatLogWriter(
            provider.GetRequiredKeyedService<NpgsqlDataSource>("log"),
            provider.GetRequiredService<ChatLogOptions>(),
            provider.GetRequiredService<ICommittedEvents>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ChatLogWriter>>()));
        services.AddSingleton<AccountStore>();
        services.AddSingleton<IssuedAccountStore>();
        services.AddSingleton<AccountCodeStore>();
        services.AddSingleton<TwoStepStore>();
        services.AddSingleton<PasskeyStore>();
        services.AddSingleton<DeviceStore>();
        services.AddSingleton<OperatorStore>();
        services.AddSingleton<PrincipalStore>();
        services.AddSingleton<ProfileStore>();
        services.AddSingleton<ContactStore>();
        services.AddSingleton<BlockStore>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<ChatStore>();
        services.AddSingleton<MembershipStore>();
        services.AddSingleton<ChatDeletionStore>();
        services.AddSingleton<ChatPurgeStore>();
        services.AddSingleton<OwnSettingsStore>();
        services.AddSingleton<ChatDetailsStore>();
        services.AddSingleton<ChannelStore>();
        services.AddSingleton<InviteStore>();
        services.AddSingleton<GalleryStore>();
        services.AddSingleton<ScheduledStore>();
        services.AddSingleton<ScheduledQueue>();
        services.AddSingleton<NoticeStore>();
        services.AddSingleton<StatusStore>();
        services.AddSingleton<StatusReads>();
        services.AddSingleton<StatusViewStore>();
        services.AddSingleton<EventStore>();
        services.AddSingleton<MessageChangeStore>();
        services.AddSingleton<StarStore>();
        services.AddSingleton<MentionStore>();
        services.AddSingleton<HiddenStore>();
        services.AddSingleton<SettingStore>();
        services.AddSingleton<NodeStore>();
        services.AddSingleton<DatabaseTagStore>();
        services.AddSingleton<JobStore>();
        services.AddSingleton<HeadStore>();
    }

    /// <summary>Also for verbs that tell the nodes something.</summary>
    internal static void AddCluster(this IServiceCollection services, ClusterOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(NodeIdentity.Create(options.NodeId));
        services.AddSingleton<ClusterPrefix>();
        if (RedisAddress.Read(options, []) is not { } redis)
        {
            services.AddSingleton<IBroker, NoBroker>();
            return;
        }

        services.AddSingleton(provider => new RedisBroker(
            redis,
            provider.GetRequiredService<ClusterPrefix>(),
            provider.GetRequiredService<NodeIdentity>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RedisBroker>>()));
        services.AddSingleton<IBroker>(provider => provider.GetRequiredService<RedisBroker>());
        services.AddSingleton<IReadyRemark, RedisRemark>();
        services.AddSingleton<IPresenceLeases, RedisPresenceLeases>();
        services.AddSingleton<ClusterPresence>();
    }

    private static void AddRelay(this IServiceCollection services)
    {
        services.AddSingleton<ChatRelay>();
        services.AddSingleton<ChatRelayReceiver>();
        services.AddSingleton<PeerNodes>();
        services.AddSingleton<HeadAnnouncer>();
        services.AddSingleton<HeadPoller>();
        services.AddSingleton<ClusterLoops>();
        services.AddSingleton<ClusterParts>();
    }

    private static void AddControl(this IServiceCollection services)
    {
        services.AddSingleton<ControlReceiver>();
        services.AddSingleton<LoopParts>();
        services.AddSingleton<NodeRegistration>();
    }

    private static void AddJobs(this IServiceCollection services)
    {
        services.AddSingleton(new JobOptions());
        services.AddSingleton<JobParts>();
        services.AddSingleton<IJob, ExpiredTokensJob>();
        services.AddSingleton<IJob, ExpiredCodesJob>();
        services.AddSingleton<IJob, FinishedCeremoniesJob>();
        services.AddSingleton<IJob, EndedNodesJob>();
        services.AddSingleton<IJob, ExpiredFilesJob>();
        services.AddSingleton<IJob, DeadInvitesJob>();
        services.AddSingleton<IJob, PastStatusesJob>();
        services.AddSingleton<IJob, PastScheduledJob>();
        services.AddSingleton<IJob, PastReceiptTimesJob>();
        services.AddSingleton<IJob, DeletedChatsJob>();
    }

    private static void AddLiveSettings(this IServiceCollection services)
    {
        services.AddSingleton<LiveSettings>();
        services.AddSingleton<ChangeSetting>();
        services.AddSingleton<LiveSettingsLoop>();
    }

    private static void AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<IssuedTokens>();
        services.AddSingleton<IssuedAccountReads>();
        services.AddSingleton<IssuedAccounts>();
        services.AddSingleton<TokenVerifier>();
        services.AddSingleton<PasswordHasher>();
        services.AddSingleton<SignInThrottle>();
        services.AddSingleton<PasswordCheck>();
        services.AddSingleton<TwoStepSecrets>();
        services.AddSingleton<TwoStepCheck>();
        services.AddSingleton<TwoStepOwner>();
        services.AddSingleton<TwoStep>();
        services.AddSingleton<PasskeyCeremonies>();
        services.AddSingleton<PasskeyParts>();
        services.AddSingleton<AddPasskey>();
        services.AddSingleton<OwnPasskeys>();
        services.AddSingleton<PasskeySignIn>();
        services.AddSingleton<CodeSender>();
        services.AddSingleton<AccountNotices>();
        services.AddSingleton<AccountCodes>();
        services.AddSingleton<VerifyAddress>();
        services.AddSingleton<PasswordReset>();
        services.AddSingleton<ForgottenPassword>();
        services.AddSingleton<DeviceSignIn>();
        services.AddSingleton<DeviceRevocation>();
        services.AddSingleton<ObeyOperator>();
        services.AddSingleton<RegisterAccount>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<RefreshSignIn>();
        services.AddSingleton<SignOut>();
        services.AddSingleton<SignOutEverywhere>();
        services.AddSingleton<SignOutDevice>();
        services.AddSingleton<ListDevices>();
        services.AddSingleton<ChangePassword>();
        services.AddSingleton<GetProfile>();
        services.AddSingleton<UpdateProfile>();
        services.AddSingleton<FindPerson>();
    }

    private static void AddPeople(this IServiceCollection services)
    {
        services.AddSingleton<DirectBlocks>();
        services.AddSingleton<PrivacyChanges>();
        services.AddSingleton<GetPrivacy>();
        services.AddSingleton<UpdatePrivacy>();
        services.AddSingleton<ListContacts>();
        services.AddSingleton<GetContact>();
        services.AddSingleton<PutContact>();
        services.AddSingleton<RemoveContact>();
        services.AddSingleton<ListBlocks>();
        services.AddSingleton<BlockPerson>();
        services.AddSingleton<UnblockPerson>();
    }

    private static void AddStatuses(this IServiceCollection services)
    {
        services.AddSingleton<StatusAnnouncer>();
        services.AddSingleton<StatusReplies>();
        services.AddSingleton<PostStatus>();
        services.AddSingleton<DeleteStatus>();
        services.AddSingleton<ListStatuses>();
        services.AddSingleton<ViewStatus>();
        services.AddSingleton<MuteStatuses>();
        services.AddSingleton<ListStatusViewers>();
        services.AddSingleton<StatusPrivacy>();
    }

    private static void AddScheduled(this IServiceCollection services)
    {
        services.AddSingleton<ScheduleMessage>();
        services.AddSingleton<ChangeScheduled>();
        services.AddSingleton<CancelScheduled>();
        services.AddSingleton<ListScheduled>();
        services.AddSingleton<SendDueMessages>();
        services.AddHostedService<ScheduledLoop>();
    }

    private static void AddNotices(this IServiceCollection services)
    {
        services.AddSingleton<ListNotices>();
        services.AddSingleton<ReadNotices>();
    }

    private static void AddReceipts(this IServiceCollection services, ReceiptTimesOptions options, string connectionString)
    {
        // Marks, marks by writing, and when they were: each has at most one connection at a time.
        services.AddKeyedSingleton("receipts", (_, _) => ChatDataSource.Create(connectionString, "receipts", 3));
        services.AddSingleton(options);
        services.AddSingleton(provider => new ReceiptTimes(
            provider.GetRequiredKeyedService<NpgsqlDataSource>("receipts"),
            new ReceiptFanout(provider.GetRequiredService<IEphemeralFanout>()),
            options,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ReceiptTimes>>()));
        services.AddSingleton<IReceiptSink>(provider => provider.GetRequiredService<ReceiptTimes>());
        services.AddSingleton(provider => new ReceiptWriter(
            provider.GetRequiredKeyedService<NpgsqlDataSource>("receipts"),
            provider.GetRequiredService<IReceiptSink>(),
            new ReceiptOptions(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ReceiptWriter>>()));
        services.AddSingleton<ReceiptLoops>();
        services.AddSingleton<ReceiptTimeStore>();
        services.AddSingleton<MarkDelivered>();
        services.AddSingleton<MarkRead>();
        services.AddSingleton<ListReceipts>();
    }

    private static void AddChats(this IServiceCollection services)
    {
        services.AddSingleton<IRepairReads, RepairReads>();
        services.AddSingleton<HoleRepairer>();
        services.AddSingleton<CommitsInDoubt>();
        services.AddSingleton<ChatFanout>();
        services.AddSingleton<ICommittedEvents>(provider => provider.GetRequiredService<SearchNews>());
        services.AddSingleton<IEphemeralFanout>(provider => provider.GetRequiredService<ChatFanout>());
        services.AddSingleton<OpenDirectChat>();
        services.AddSingleton<CreateGroup>();
        services.AddSingleton<RenameGroup>();
        services.AddSingleton<AddMembers>();
        services.AddSingleton<RemoveMember>();
        services.AddSingleton<LeaveGroup>();
        services.AddSingleton<SetMemberRole>();
        services.AddSingleton<UpdateChat>();
        services.AddSingleton<DeleteChat>();
        services.AddSingleton<ChangeOwnSettings>();
        services.AddSingleton<ClearHistory>();
        services.AddSingleton<SetDraft>();
        services.AddSingleton<CreateChannel>();
        services.AddSingleton<JoinChat>();
        services.AddSingleton<Invites>();
        services.AddSingleton<ListMedia>();
        services.AddSingleton<GetChat>();
        services.AddSingleton<ListChats>();
        services.AddSingleton<ListMembers>();
        services.AddSingleton<MessageReferences>();
        services.AddSingleton<SendMessage>();
        services.AddSingleton<ReadHistory>();
        services.AddSingleton<ChangeMessage>();
        services.AddSingleton<EditMessage>();
        services.AddSingleton<DeleteMessage>();
        services.AddSingleton<ReactToMessage>();
        services.AddSingleton<ListReactions>();
        services.AddSingleton<PinMessage>();
        services.AddSingleton<ListPinned>();
        services.AddSingleton<StarMessage>();
        services.AddSingleton<HideMessage>();
        services.AddSingleton<ListStarred>();
        services.AddSingleton<ListMentions>();
        services.AddSingleton<PresenceRegistry>();
        services.AddSingleton<WatchPresence>();
        services.AddSingleton<SetTyping>();
        services.AddSingleton<GetPrincipals>();
    }

    private static void AddSearch(this IServiceCollection services)
    {
        services.AddSingleton(provider => new SearchNews(provider.GetRequiredService<PushNews>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new SearchStore(provider.GetRequiredKeyedService<NpgsqlDataSource>("search")));
        services.AddSingleton(provider => new SearchIndexStore(provider.GetRequiredKeyedService<NpgsqlDataSource>("search"), MessageWords.Of));
        services.AddSingleton(provider => new NameStore(provider.GetRequiredKeyedService<NpgsqlDataSource>("search"), MessageWords.OfName));
        services.AddSingleton<SearchGate>();
        services.AddSingleton<SearchMessages>();
        services.AddSingleton<SearchNames>();
        services.AddSingleton<SearchIndexer>();
        services.AddHostedService<SearchLoop>();
    }

    private static void AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<ISessions>(provider => provider.GetRequiredService<SessionRegistry>());
        services.AddSingleton<SessionDrain>();
        services.AddSingleton<HelloBatcher>();
        services.AddSingleton<HelloBounds>();
        services.AddSingleton<HelloGate>();
        services.AddSingleton<ResumeReader>();
        services.AddSingleton<FrameDispatcher>();
        services.AddSingleton<IWebSocketSessionFactory, SessionFactory>();
        services.AddSingleton<ConnectionOutputFactory>();
        services.AddSingleton<IConnectionOutputFactory>(provider => provider.GetRequiredService<ConnectionOutputFactory>());
    }

    private static void AddRequestHandlers(this IServiceCollection services)
    {
        services.AddSingleton<HelloParts>();
        services.AddSingleton<HelloHandler>();
        services.AddSingleton(provider => new RequestHandlers
        {
            Hello = provider.GetRequiredService<HelloHandler>(),
            Authenticate = Make<AuthenticateHandler>(provider),
            Ping = Make<PingHandler>(provider),
            SendMessage = Make<SendMessageHandler>(provider),
            GetHistory = Make<GetHistoryHandler>(provider),
            GetChats = Make<GetChatsHandler>(provider),
            GetChat = Make<GetChatHandler>(provider),
            GetMembers = Make<GetMembersHandler>(provider),
            GetPrincipals = Make<GetPrincipalsHandler>(provider),
            OpenDirect = Make<OpenDirectHandler>(provider),
            MarkDelivered = Make<MarkDeliveredHandler>(provider),
            MarkRead = Make<MarkReadHandler>(provider),
            SetTyping = Make<SetTypingHandler>(provider),
            WatchPresence = Make<WatchPresenceHandler>(provider),
            EditMessage = Make<EditMessageHandler>(provider),
            DeleteMessage = Make<DeleteMessageHandler>(provider),
            React = Make<ReactHandler>(provider),
            SignalCall = Make<SignalCallHandler>(provider),
            KeepCall = Make<KeepCallHandler>(provider),
        });
    }

    private static T Make<T>(IServiceProvider provider) => ActivatorUtilities.CreateInstance<T>(provider);
}
