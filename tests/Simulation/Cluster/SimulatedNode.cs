using System.Buffers;
using System.Net.WebSockets;
using Chat.Domain.Accounts;
using Chat.Domain.Cluster;
using Chat.Domain.Fanout;
using Chat.Domain.Limits;
using Chat.Domain.Links;
using Chat.Domain.Media;
using Chat.Domain.Messages;
using Chat.Domain.Statuses;
using Chat.Server.Cluster;
using Chat.Server.Dispatch;
using Chat.Server.Dispatch.Handlers;
using Chat.Server.Outbound;
using Chat.Server.Sessions;
using Chat.Server.Transport;
using Chat.Simulation.Scheduling;
using Chat.Simulation.Judging;
using Chat.Simulation.Schedules;
using Chat.Simulation.Store;
using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.Storage.ChatLog;
using Chat.Storage.Chats;
using Chat.Storage.Messages;
using Chat.Storage.Nodes;
using Chat.Storage.Receipts;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Simulation.Cluster;

/// <summary>One run of a server process: composed of the product's parts as the server composes them.</summary>
internal sealed class SimulatedNode
{
    private static readonly SessionOptions Sessions = new();
    private static readonly OutboundOptions Outbound = new();
    private static readonly ChatLogOptions Log = new();

    private readonly World _world;
    private readonly List<Link> _links = [];
    private readonly ChatLogWriter _writer;
    private readonly HoleRepairer _repairer;
    private readonly CommitsInDoubt _doubts;
    private readonly HelloBatcher _batcher;
    private readonly SessionRegistry _registry;
    private readonly FrameDispatcher _dispatcher;
    private readonly OutboundPump _pump;
    private readonly KillableSink _sink;
    private readonly ClusterLoops _cluster;
    private readonly ChatRelayReceiver _receiver;
    private long _lastConnection;
    private NodeStep? _killAt;
    private ITimer? _rest;

    public SimulatedNode(World world, int index, int processNumber)
    {
        (_world, Index) = (world, index);
        Process = new SimulatedProcess(world.Scheduler, processNumber, clockSkew: world.Scheduler.Random.Between(-3_600_000, 3_600_000));
        world.Store.Nodes.Add(Process);
        Store = new StoreLink(world.Scheduler, world.Store, Process, world.Defect) { OnStep = OnStep };
        Broker = new SimulatedBroker(world.Scheduler, world.Bus, Process, world.Tally);
        TimeProvider time = Process.Clock;
        NpgsqlDataSource source = new(Store);
        EventStore events = new(source);
        SessionStore sessions = new(source);
        RepairReads reads = new(events, new HeadStore(source), new NodeStore(source));
        _repairer = new HoleRepairer(reads, time, NullLogger<HoleRepairer>.Instance);
        NodeIdentity identity = new($"node-{index}", processNumber);
        ChatRelay relay = new(Broker, identity, time);
        _doubts = new CommitsInDoubt(reads, time, NullLogger<CommitsInDoubt>.Instance);
        Fanout = new ChatFanout(_repairer, _doubts, time, relay);
        PeerNodes peers = new(identity, time);
        HeadPoller poller = new(Fanout, Broker, peers, reads, time, NullLogger<HeadPoller>.Instance);
        HeadAnnouncer announcer = new(relay, time, NullLogger<HeadAnnouncer>.Instance);
        _receiver = new ChatRelayReceiver(Fanout, poller, announcer, peers);
        _cluster = new ClusterLoops(Broker, _receiver, announcer, poller);
        _sink = new KillableSink(Fanout, OnStep);
        _writer = new ChatLogWriter(source, Log, _sink, time, NullLogger<ChatLogWriter>.Instance);
        _batcher = new HelloBatcher(sessions, NullLogger<HelloBatcher>.Instance);
        _registry = new SessionRegistry(Fanout);
        OutboundPace pace = new();
        if (world.ConnectionsRest && processNumber % 2 == 0) pace.Follow(OutboundPace.LongWait, idle: null);
        _pump = new OutboundPump(() => Process.Post(static node => ((SimulatedNode)node!).Pump(), this), pace, time, NullLogger.Instance);
        StartGate start = new();
        start.Open();
        RequestLimits limits = new();
        HelloParts parts = new(_batcher, Fanout, new ResumeReader(sessions, Sessions, time), _registry, new HelloGate(), start);
        _dispatcher = new FrameDispatcher(new NodeRequests(
            new HelloHandler(new TokenVerifier(time), parts), new SendMessage(_writer, new ReceiptWriter(), limits, new MessageReferences(new MessageFiles(), new StatusReplies(), new LinkTokens(), events)),
            new ReadHistory(events, limits), Store, world));
    }

    public int Index { get; }

    public SimulatedProcess Process { get; }

    public StoreLink Store { get; }

    public SimulatedBroker Broker { get; }

    public ChatFanout Fanout { get; }

    public bool IsAlive => !Process.IsDead;

    public IReadOnlyList<Link> Links => _links;

    public void Start() => Process.Start(() =>
    {
        _repairer.Start();
        _doubts.Start();
        _writer.Start();
        _ = StartClusterAsync();
        _batcher.Start();
        Every(TimeSpan.FromSeconds(1), SweepSessions);
        Every(TimeSpan.FromSeconds(10), () => Fanout.Sweep());
    });

    /// <summary>Takes a new connection.</summary>
    public void Accept(Link link)
    {
        _links.Add(link);
        LinkOutput output = new(link, _world.Scheduler, _pump, Outbound, Process.Clock, _world.Defect);
        WebSocketConnection connection = new(++_lastConnection, output, Process.Clock);
        Session session = new(connection, _dispatcher, _registry, Sessions, NullLogger.Instance);
        WireWatch watch = new(_world.Judge, session, _world.Tally);
        output.OnSent = watch.OnSent;
        _registry.Add(session);

        Queue<byte[]> waiting = new();
        bool isReading = false;
        link.OnServerMessage = message =>
        {
            connection.LastReceived = Process.Clock.GetTimestamp();
            waiting.Enqueue(message);
            if (!isReading) _ = ReadAsync();
        };
        link.OnServerLost = () => _ = session.OnClosedAsync(new WebSocketCloseReason(1006, "lost", WebSocketCloseInitiator.Lost)).AsTask();

        async Task ReadAsync()
        {
            isReading = true;
            while (waiting.TryDequeue(out byte[]? message))
            {
                ValueTask taken = session.OnMessageAsync(WebSocketMessageType.Binary, new ReadOnlySequence<byte>(message));
                Array.Fill(message, (byte)0xC1); // it is the session's until the call returns, no longer
                await taken;
            }

            isReading = false;
        }
    }

    /// <summary>kill -9, or the machine's end: then the peers are not told.</summary>
    public void Kill(bool peersHear)
    {
        if (!IsAlive) return;
        Process.Kill();
        _world.Bus.Leave(Broker);
        foreach (Link link in _links)
            link.Cut(peersHear ? _world.Scheduler.Random.Between(0.2, 20) : null, serverHearsAfter: null);
    }

    /// <summary>The next time that this step is reached, the node dies there.</summary>
    public void KillAt(NodeStep step) => _killAt = step;

    public void CancelKill() => _killAt = null;

    /// <summary>An admin's order, taken by this node.</summary>
    public void ChangeMember(long chatId, long actorId, long principalId, bool joins) =>
        Process.Start(() => _ = ChangeMemberAsync(chatId, actorId, principalId, joins));

    private Task StartClusterAsync()
    {
        if (_world.Defect != PlantedDefect.HeadsOff) return _cluster.StartAsync(CancellationToken.None);
        Broker.Attach(BrokerTopic.Chats, _receiver);
        return Broker.StartAsync(CancellationToken.None);
    }

    private async Task ChangeMemberAsync(long chatId, long actorId, long principalId, bool joins)
    {
        try
        {
            IReadOnlyList<EventRow> told = await Store.ChangeMemberAsync(chatId, actorId, principalId, joins);
            if (told.Count == 0 || Process.IsDead) return;
            _world.Tally.Add(joins ? Happening.MemberAdded : Happening.MemberRemoved);
            _sink.OnCommitted(told);
        }
        catch (PostgresException)
        {
            // The admin is told that nothing happened.
        }
        catch (NpgsqlException)
        {
            _sink.OnInDoubt([chatId, _world.Store.InboxOf(principalId)]); // and the admin is told that the outcome is unknown
        }
    }

    private void OnStep(NodeStep step)
    {
        if (_killAt != step || Process.IsDead) return;
        _killAt = null;
        _world.Tally.Add(step switch
        {
            NodeStep.BeforeCommit => Happening.NodeKilledBeforeCommit,
            NodeStep.AfterCommit => Happening.NodeKilledAfterCommit,
            _ => Happening.NodeKilledAfterPublish,
        });
        _world.KillNode(Index, restartAfter: _world.Scheduler.Random.Between(100, 3_000));
        throw new ProcessKilledException(); // nothing behind this point runs
    }

    private void SweepSessions()
    {
        foreach (Session session in _registry.All)
        {
            if (session.HasEnded) continue;
            if (session.Output.IsSlow) session.CutAsSlow();
            else if (Process.Clock.GetElapsedTime(session.Connection.LastReceived) > Sessions.PingInterval * 2.5) session.CutAsSlow();
        }
    }

    private void Every(TimeSpan period, Action action) => Process.Clock.CreateTimer(_ => action(), null, period, period);

    /// <summary>As a socket loop does: what rests is looked at again when the first rest is over.</summary>
    private void Pump()
    {
        _pump.RunSome();
        if (_pump.LongestWait < 0) return;

        _rest?.Dispose();
        _rest = Process.Clock.CreateTimer(
            static node => ((SimulatedNode)node!).Pump(), this, TimeSpan.FromMilliseconds(_pump.LongestWait), Timeout.InfiniteTimeSpan);
    }
}

/// <summary>Unwinds code of a process that was just killed; nobody is left to catch it.</summary>
internal sealed class ProcessKilledException() : Exception("The process was killed here.");
