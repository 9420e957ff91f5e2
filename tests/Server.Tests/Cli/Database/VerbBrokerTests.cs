using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Chat.Domain.Cluster;
using Chat.Server.Cli.Database;
using Chat.Server.Cluster;
using Chat.Server.Tests.Cluster;
using Chat.Storage.Nodes;
using Chat.TestKit;

namespace Chat.Server.Tests.Cli.Database;

/// <summary>What a verb tells the nodes, whatever their Redis does: the work is done by then.</summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
internal sealed class VerbBrokerTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly byte[][] Orders = [[1, 2, 3], [4, 5]];

    private TestDatabase _database = null!;

    private DatabaseTagStore Tags => new(_database.Source);

    [OneTimeSetUp]
    public async Task OpenAsync() => _database = await TestDatabase.CreateAsync();

    [OneTimeTearDown]
    public async Task CloseAsync() => await _database.DisposeAsync();

    [Test, Category("redis"), CancelAfter(60_000)]
    public async Task Nodes_hear_in_order_what_a_verb_did_and_not_before_it_tells(CancellationToken ct)
    {
        RedisFixture.Require();
        await using TestRedis redis = await TestRedis.StartAsync();
        ClusterOptions options = new() { Redis = redis.Address };
        await using RedisBroker node = RedisFixture.CreateBroker(options, tag: await Tags.ReadAsync(ct));
        RecordingReceiver heard = new();
        node.Attach(BrokerTopic.Control, heard);
        await node.StartAsync(ct);

        await using VerbBroker verb = Published();
        Assert.That(heard.Waiting, Is.Zero);
        Assert.That(await verb.TellAsync(options, Tags, ct), Is.True);

        Assert.That((await heard.TakeAsync(2, ct)).Select(one => one.Payload), Is.EqualTo(Orders));
    }

    [Test, CancelAfter(60_000)]
    public async Task Without_a_Redis_nobody_is_told(CancellationToken ct)
    {
        await using VerbBroker verb = Published();

        Assert.That(await verb.TellAsync(new ClusterOptions(), Tags, ct), Is.False);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_Redis_that_is_away_or_silent_is_waited_for_a_while([Values] bool isSilent, CancellationToken ct)
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        string address = silent.LocalEndpoint.ToString()!;
        if (!isSilent) silent.Stop();
        await using VerbBroker verb = Published();

        long start = Stopwatch.GetTimestamp();
        Assert.That(await verb.TellAsync(new ClusterOptions { Redis = address }, Tags, ct), Is.False);
        Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(Longest));
    }

    [Test, CancelAfter(60_000)]
    public async Task Who_does_not_want_to_wait_gets_no_fault(CancellationToken ct)
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await using VerbBroker verb = Published();

        Task<bool> telling = verb.TellAsync(new ClusterOptions { Redis = silent.LocalEndpoint.ToString()! }, Tags, stop.Token);
        using Socket connected = await silent.AcceptSocketAsync(ct);
        await stop.CancelAsync();

        Assert.That(await telling, Is.False);
        Assert.That(await Published().TellAsync(new ClusterOptions { Redis = silent.LocalEndpoint.ToString()! }, Tags, stop.Token), Is.False, "before it began");
    }

    [Test, CancelAfter(60_000)]
    public async Task A_verb_that_did_nothing_or_whose_database_went_away_asks_no_Redis(CancellationToken ct)
    {
        using TcpListener redis = new(IPAddress.Loopback, 0);
        redis.Start();
        ClusterOptions options = new() { Redis = redis.LocalEndpoint.ToString()! };
        await using VerbBroker idle = new(), busy = Published();
        TestDatabase gone = await TestDatabase.CreateEmptyAsync();
        await using (gone) Assert.That(await busy.TellAsync(options, new DatabaseTagStore(gone.Source), ct), Is.False);

        Assert.That(await idle.TellAsync(options, Tags, ct), Is.False);
        Assert.That(redis.Pending(), Is.False);
    }

    private static VerbBroker Published()
    {
        VerbBroker verb = new();
        foreach (byte[] order in Orders) Assert.That(verb.TryPublish(BrokerChannel.Control, order));
        return verb;
    }
}
