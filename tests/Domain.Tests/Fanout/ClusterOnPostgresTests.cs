using Chat.Domain.Fanout;
using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.Storage.ChatLog;
using Chat.Storage.Chats;
using Chat.Storage.Messages;
using Chat.Storage.Nodes;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using static Chat.Domain.Tests.Fanout.ClusterNode;

namespace Chat.Domain.Tests.Fanout;

/// <summary>Two nodes that write and read one PostgreSQL: what the stores commit, and what the repair reads of it.</summary>
[TestFixture, Category("postgres")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ClusterOnPostgresTests : IAsyncDisposable
{
    private readonly InMemoryBus _bus = new();
    private TestDatabase _database = null!;
    private ClusterNode _a = null!;
    private ClusterNode _b = null!;
    private MembershipStore _memberships = null!;
    private ChatLogWriter _log = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync();
        RepairReads reads = new(new EventStore(_database.Source), new HeadStore(_database.Source), new NodeStore(_database.Source));
        (_a, _b) = (await JoinAsync(_bus, reads), await JoinAsync(_bus, reads));
        _memberships = new MembershipStore(_database.Source, _a.Fanout);
        _log = new ChatLogWriter(
            _database.Source, new ChatLogOptions(), _a.Fanout, TimeProvider.System, NullLogger<ChatLogWriter>.Instance);
        _log.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _log.StopAsync();
        await _a.DisposeAsync();
        await _b.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestCase(false), TestCase(true), CancelAfter(60_000)]
    [Property("Promise", "P9")]
    public async Task Who_is_added_and_removed_on_another_node_gets_what_lies_between(bool isSilent, CancellationToken ct)
    {
        CreateAccountResult anna = await NewPersonAsync("Anna"), ben = await NewPersonAsync("Ben"), eve = await NewPersonAsync("Eve");
        RecordingSubscriber atB = _b.SignIn(ben.PrincipalId, new SessionMembership(ben.InboxChatId, ChatKinds.Inbox, 1, 0, 1));
        if (isSilent) _bus.OnPublish = static (_, _, _) => { };

        long chatId = (await _memberships.CreateGroupAsync(anna.PrincipalId, "group", [eve.PrincipalId], 100, ct)).ChatId;
        await SendAsync(chatId, anna);
        await _memberships.AddMembersAsync(chatId, anna.PrincipalId, [ben.PrincipalId], 100, ct);
        long joinedAt = await SendAsync(chatId, anna) - 1;
        await HealAsync(isSilent, ct);
        await UntilAsync(() => atB.Events.Count >= 3, ct, atB);
        await _memberships.RemoveMemberAsync(chatId, anna.PrincipalId, ben.PrincipalId, ct);
        await SendAsync(chatId, anna);
        await HealAsync(isSilent, ct);
        await UntilAsync(() => !_b.Fanout.IsMemberOnline(chatId, ben.PrincipalId) && atB.Events.Count >= 5, ct, atB);
        await SendAsync(chatId, anna);
        await HealAsync(isSilent, ct);
        atB.Drain();

        Assert.That(
            atB.Events.Where(row => row.ChatId == chatId).Select(row => row.Sequence),
            Is.EqualTo(new[] { joinedAt, joinedAt + 1, joinedAt + 2 }));
        Assert.That(
            atB.Events.Where(row => row.ChatId == ben.InboxChatId).Select(row => (short)row.Kind),
            Is.EqualTo(new[] { EventKinds.ChatAdded, EventKinds.ChatRemoved }));
    }

    [Test, CancelAfter(60_000)]
    [Property("Promise", "P15")]
    public async Task A_thousand_messages_through_a_broker_that_loses_every_third_arrive_once_and_in_order(CancellationToken ct)
    {
        const int Count = 1_000;
        Random random = new(7);
        CreateAccountResult anna = await NewPersonAsync("Anna"), ben = await NewPersonAsync("Ben");
        long chatId = (await _memberships.OpenDirectAsync(anna.PrincipalId, ben.PrincipalId, ct)).ChatId;
        RecordingSubscriber atB = _b.SignIn(ben.PrincipalId, new SessionMembership(chatId, ChatKinds.Direct, 1, 1, 1));
        Lock gate = new();
        _bus.OnPublish = (_, _, deliver) =>
        {
            lock (gate)
            {
                if (random.Next(3) == 0) return;
            }

            deliver();
        };

        for (int sent = 0; sent < Count; sent += 10)
            await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SendAsync(chatId, anna)));
        await _b.Poller.PollAsync(ct);
        await UntilAsync(() => atB.Events.Count >= Count, ct, atB);

        Assert.That(atB.Events.Select(row => row.Sequence), Is.EqualTo(Enumerable.Range(2, Count).Select(n => (long)n)));
    }

    private async Task HealAsync(bool isSilent, CancellationToken ct)
    {
        if (isSilent) await _b.Poller.PollAsync(ct);
    }

    private async Task<CreateAccountResult> NewPersonAsync(string name) =>
        await new AccountStore(_database.Source).CreateAsync(new NewAccount(name, $"{name}@example.org", null, "none"), default);

    private async Task<long> SendAsync(long chatId, CreateAccountResult sender)
    {
        AppendOutcome outcome = await _log.AppendAsync(
            new NewEvent(chatId, sender.PrincipalId, EventKinds.Message, Guid.NewGuid(), null, "text"));
        Assert.That(outcome.Status, Is.EqualTo(AppendStatus.Appended));
        return outcome.Sequence;
    }
}
