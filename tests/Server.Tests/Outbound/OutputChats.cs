using Chat.Domain.Fanout;
using Chat.Storage;
using Chat.Server.Outbound;
using Chat.Storage.Accounts;
using Chat.Storage.Chats;
using Chat.Storage.Messages;
using Chat.Storage.Nodes;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Server.Tests.Outbound;

/// <summary>A fan-out without a database, a pump that runs when the test says so, and sessions with an output each.</summary>
internal sealed class OutputChats : IAsyncDisposable
{
    private readonly NpgsqlDataSource _noDatabase = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Timeout=1");
    private readonly HoleRepairer _repairer;
    private readonly CommitsInDoubt _doubts;
    private long _sessions;

    public OutputChats()
    {
        RepairReads reads = new(new EventStore(_noDatabase), new HeadStore(_noDatabase), new NodeStore(_noDatabase));
        _repairer = new HoleRepairer(reads, Time, NullLogger<HoleRepairer>.Instance); // never started
        _doubts = new CommitsInDoubt(reads, Time, NullLogger<CommitsInDoubt>.Instance);
        Fanout = new ChatFanout(_repairer, _doubts, Time);
        Pump = new OutboundPump(static () => { }, Pace, Time, NullLogger.Instance);
    }

    public FakeTimeProvider Time { get; } = new();

    public ChatFanout Fanout { get; }

    public OutboundPace Pace { get; } = new();

    public OutboundPump Pump { get; }

    public OutboundOptions Options { get; } = new() { MaxQueuedBytes = 100_000 };

    public ScriptedOutput Open(params long[] chats)
    {
        ScriptedOutput output = new(Pump, Options, Time);
        Enter(output, chats);
        return output;
    }

    /// <returns>The session's id.</returns>
    public long Enter(ConnectionOutput output, params long[] chats)
    {
        OutputSession session = new(++_sessions, output);
        Fanout.Enter(Fanout.Register(session), [.. chats.Select(chat => new SessionMembership(chat, ChatKinds.Group, 1, 0, 1))], []);
        return session.SessionId;
    }

    public void Push(long chat, byte[] bytes, long exceptSessionId = 0) => Fanout.PublishEphemeral(chat, bytes, exceptSessionId);

    /// <summary>Lets the pump run until nothing waits.</summary>
    public void Pumped()
    {
        while (Pump.IsWaiting) Pump.RunSome();
    }

    public async ValueTask DisposeAsync()
    {
        await _doubts.DisposeAsync();
        await _repairer.DisposeAsync();
        await _noDatabase.DisposeAsync();
    }

    private sealed class OutputSession(long sessionId, ConnectionOutput output) : ISubscriber
    {
        public long SessionId => sessionId;

        public long PrincipalId => sessionId;

        public long DeviceId => sessionId;

        public bool TryPush(ReadOnlyMemory<byte> webSocketFrames, bool ephemeral) => output.TryWrite(webSocketFrames);

        public void Wake(Subscription subscription) => output.Wake(subscription);
    }
}
