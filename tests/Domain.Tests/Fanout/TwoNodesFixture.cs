using Chat.Domain.Fanout;
using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.Storage.ChatLog;
using Chat.Storage.Chats;
using Chat.Storage.Messages;
using Chat.Storage.Nodes;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Domain.Tests.Fanout;

/// <summary>Two nodes on one PostgreSQL and one bus. All is committed on the first.</summary>
[Category("postgres")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal abstract class TwoNodesFixture : IAsyncDisposable
{
    private ChatLogWriter _log = null!;

    protected InMemoryBus Bus { get; } = new();

    protected TestDatabase Database { get; private set; } = null!;

    protected ClusterNode NodeA { get; private set; } = null!;

    protected ClusterNode NodeB { get; private set; } = null!;

    protected MembershipStore Memberships { get; private set; } = null!;

    [SetUp]
    public async Task StartAsync()
    {
        Database = await TestDatabase.CreateAsync();
        RepairReads reads = new(new EventStore(Database.Source), new HeadStore(Database.Source), new NodeStore(Database.Source));
        (NodeA, NodeB) = (await ClusterNode.JoinAsync(Bus, reads), await ClusterNode.JoinAsync(Bus, reads));
        Memberships = new MembershipStore(Database.Source, NodeA.Fanout);
        _log = new ChatLogWriter(Database.Source, new ChatLogOptions(), NodeA.Fanout, TimeProvider.System, NullLogger<ChatLogWriter>.Instance);
        _log.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _log.StopAsync();
        await NodeA.DisposeAsync();
        await NodeB.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>Has the second node ask the database, if the bus carries nothing.</summary>
    protected async Task HealAsync(bool isSilent, CancellationToken ct)
    {
        if (isSilent) await NodeB.Poller.PollAsync(ct);
    }

    protected async Task<CreateAccountResult> NewPersonAsync(string name) =>
        await new AccountStore(Database.Source).CreateAsync(new NewAccount(name, $"{name}@example.org", null, "none"), default);

    protected async Task<long> SendAsync(long chatId, CreateAccountResult sender)
    {
        AppendOutcome outcome = await _log.AppendAsync(
            new NewEvent(chatId, sender.PrincipalId, EventKinds.Message, Guid.NewGuid(), null, "text"));
        Assert.That(outcome.Status, Is.EqualTo(AppendStatus.Appended));
        return outcome.Sequence;
    }
}
