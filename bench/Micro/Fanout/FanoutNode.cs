using Chat.Domain.Fanout;
using Chat.Storage.Accounts;
using Chat.Storage.Chats;
using Chat.Storage.Messages;
using Chat.Storage.Nodes;

using Microsoft.Extensions.Logging.Abstractions;

using Npgsql;

namespace Chat.Micro.Fanout;

/// <summary>A node's fan-out with members who consume, without database, clock or threads.</summary>
/// <remarks>Time stands still: rings grow to their full size and stay there, so that every round finds the same.</remarks>
internal sealed class FanoutNode : IAsyncDisposable
{
    /// <summary>Where all chats begin: numbers of this size take five bytes on the wire, however long a benchmark runs.</summary>
    public const long FirstHead = 100_000;

    private readonly NpgsqlDataSource _noDatabase = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Timeout=1");
    private readonly HoleRepairer _repairer;
    private readonly CommitsInDoubt _doubts;

    public FanoutNode(int chats, int membersPerChat)
    {
        TimeProvider time = new StoppedClock();
        RepairReads reads = new(new EventStore(_noDatabase), new HeadStore(_noDatabase), new NodeStore(_noDatabase));
        _repairer = new HoleRepairer(reads, time, NullLogger<HoleRepairer>.Instance); // never started: there are no holes
        _doubts = new CommitsInDoubt(reads, time, NullLogger<CommitsInDoubt>.Instance);
        Fanout = new ChatFanout(_repairer, _doubts, time);
        for (int session = 1; session <= chats * membersPerChat; session++)
        {
            long chatId = ChatId((session - 1) / membersPerChat);
            SinkSubscriber subscriber = new(session, Pump);
            Fanout.Enter(Fanout.Register(subscriber), [new SessionMembership(chatId, Kind: 2, Epoch: 1, FirstHead, JoinedAtSequence: 1)], []);
        }
    }

    public ChatFanout Fanout { get; }

    public SinkPump Pump { get; } = new();

    public static long ChatId(int chat) => 1_000 + chat;

    public async ValueTask DisposeAsync()
    {
        await _doubts.DisposeAsync();
        await _repairer.DisposeAsync();
        await _noDatabase.DisposeAsync();
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
