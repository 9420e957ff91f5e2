using Chat.Storage.Nodes;
using Chat.TestKit;
using Npgsql;

namespace Chat.Storage.Tests.Nodes;

[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class NodeLeaseTests
{
    private TestDatabase _database = null!;
    private NodeStore _nodes = null!;

    [SetUp]
    public async Task CreateDatabaseAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _nodes = new NodeStore(_database.Source);
    }

    [TearDown]
    public async Task DropDatabaseAsync() => await _database.DisposeAsync();

    [Test, CancelAfter(60_000)]
    public async Task A_name_has_one_holder_and_the_second_hears_who_it_is(CancellationToken ct)
    {
        await using NodeLease first = Lease("a", 1), second = Lease("a", 2), other = Lease("b", 3);
        Assert.That(await first.TryTakeAsync(ct), Is.Null);
        Assert.That(await other.TryTakeAsync(ct), Is.Null, "another name is free");

        NodeHolder? holder = await second.TryTakeAsync(ct);

        Assert.That(holder, Is.Not.Null);
        Assert.That((holder!.Entry?.Incarnation, holder.Entry?.Address), Is.EqualTo((1L, "host:1")));
        Assert.That(holder.ProcessId, Is.GreaterThan(0));
        Assert.That(holder.ConnectedAt, Is.Not.Null);
        Assert.That((await RowAsync("a", ct)).Incarnation, Is.EqualTo(1), "who was refused has written nothing");
    }

    [Test, CancelAfter(60_000)]
    public async Task A_clean_end_is_noted_and_the_name_is_free_at_once(CancellationToken ct)
    {
        await using NodeLease first = Lease("a", 1), second = Lease("a", 2);
        await first.TryTakeAsync(ct);
        Assert.That((await RowAsync("a", ct)).IsRunning);

        await first.EndAsync(ct);
        Assert.That((await RowAsync("a", ct)).EndedAt, Is.Not.Null);

        Assert.That(await second.TryTakeAsync(ct), Is.Null);
        NodeRow row = await RowAsync("a", ct);
        Assert.That((row.Incarnation, row.EndedAt, row.IsRunning), Is.EqualTo((2L, (DateTimeOffset?)null, true)));
    }

    [Test, CancelAfter(60_000)]
    public async Task Whoever_is_killed_leaves_the_name_free(CancellationToken ct)
    {
        await using NodeLease first = Lease("a", 1), second = Lease("a", 2);
        await first.TryTakeAsync(ct);
        await EndSessionsAsync(ct); // what the kernel does for a process that is gone

        Assert.That(await WaitForAsync(second, ct), Is.Null);
        await Assert.CatchAsync<NpgsqlException>(() => first.RenewAsync(ct));
        NodeHolder? now = await first.TryTakeAsync(ct);
        Assert.That(now?.Entry?.Incarnation, Is.EqualTo(2), "the one before sees that it was superseded");
    }

    [Test, CancelAfter(60_000)]
    public async Task A_holder_that_lost_its_connection_takes_its_name_again_although_PostgreSQL_has_not_noticed(CancellationToken ct)
    {
        await using PostgresProxy proxy = new(_database.ConnectionString);
        await using NodeLease cutOff = new(proxy.ConnectionString, Entry("a", 1));
        await cutOff.TryTakeAsync(ct);
        DateTimeOffset started = (await RowAsync("a", ct)).StartedAt;
        proxy.ForgetClients();
        await Assert.CatchAsync<NpgsqlException>(() => cutOff.RenewAsync(ct));
        await using (NodeLease pretender = Lease("a", 2))
            Assert.That((await pretender.TryTakeAsync(ct))?.Entry?.Incarnation, Is.EqualTo(1), "its old session still holds the lock");

        Assert.That(await cutOff.TryTakeAsync(ct), Is.Null);

        await cutOff.RenewAsync(ct);
        NodeRow row = await RowAsync("a", ct);
        Assert.That((row.Incarnation, row.StartedAt), Is.EqualTo((1L, started)), "it did not start again");
    }

    [Test, CancelAfter(60_000)]
    public async Task A_row_that_was_tidied_away_comes_back_with_the_next_sign_of_life(CancellationToken ct)
    {
        await using NodeLease lease = Lease("a", 1);
        await lease.TryTakeAsync(ct);
        Assert.That(await _nodes.PruneAsync(TimeSpan.FromTicks(-TimeSpan.TicksPerDay), ct), Is.EqualTo(1));

        await lease.RenewAsync(ct);

        Assert.That((await RowAsync("a", ct)).IsRunning);
    }

    [Test, CancelAfter(60_000)]
    public async Task Only_nodes_that_ended_or_fell_silent_long_ago_are_pruned(CancellationToken ct)
    {
        const string Insert = """
            insert into nodes (id, incarnation, version, protocol_version, schema_version, address, renewed_at, ended_at) values
                ('runs', 1, '1', 1, 2, 'x', clock_timestamp(), null),
                ('silent', 1, '1', 1, 2, 'x', clock_timestamp() - interval '1 minute', null),
                ('silent_long', 1, '1', 1, 2, 'x', clock_timestamp() - interval '2 days', null),
                ('ended', 1, '1', 1, 2, 'x', clock_timestamp() - interval '2 days', clock_timestamp() - interval '1 hour'),
                ('ended_long', 1, '1', 1, 2, 'x', clock_timestamp() - interval '2 days', clock_timestamp() - interval '2 days')
            """;
        await using (NpgsqlCommand command = _database.Source.CreateCommand(Insert)) await command.ExecuteNonQueryAsync(ct);

        Assert.That(await _nodes.PruneAsync(TimeSpan.FromDays(1), ct), Is.EqualTo(2));

        IReadOnlyList<NodeRow> left = await _nodes.ListAsync(ct);
        Assert.That(left.Select(node => node.Id), Is.EqualTo(new[] { "runs", "silent", "ended" }));
        Assert.That(left.Select(node => node.IsRunning), Is.EqualTo(new[] { true, false, false }));
    }

    [Test, CancelAfter(60_000)]
    public async Task Who_lost_its_name_and_did_not_take_it_again_in_time_counts_as_dead_before_the_others_do(CancellationToken ct)
    {
        await using NodeLease holder = Lease("holds", 1);
        await holder.TryTakeAsync(ct);
        await SilenceAsync("holds", seconds: 15, ct);
        foreach ((string id, int seconds) in new[] { ("lost_now", 1), ("lost", 20) })
        {
            await using NodeLease lost = Lease(id, 1);
            await lost.TryTakeAsync(ct);
            await SilenceAsync(id, seconds, ct);
        }

        await WaitUntilFreeAsync("lost_now", ct);
        await WaitUntilFreeAsync("lost", ct);

        foreach ((string id, bool holds, bool runs) in new[] { ("holds", true, true), ("lost_now", false, true), ("lost", false, false) })
        {
            NodeRow row = await RowAsync(id, ct);
            Assert.That((row.HoldsName, row.IsRunning), Is.EqualTo((holds, runs)), id);
        }
    }

    [TestCase(true, 30, true)]
    [TestCase(true, 30.1, false)]
    [TestCase(false, 13, true)]
    [TestCase(false, 13.1, false)]
    public void A_node_is_given_up_after_so_long_without_a_sign_of_life(bool holdsName, double silentSeconds, bool runs)
    {
        NodeRow row = new("a", 1, "1", 2, "x", DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(silentSeconds), null, holdsName);

        Assert.That(row.IsRunning, Is.EqualTo(runs));
    }

    private static NodeEntry Entry(string id, long incarnation) => new(id, incarnation, "0.1.0", 1, 2, $"host:{incarnation}");

    private NodeLease Lease(string id, long incarnation) => new(_database.ConnectionString, Entry(id, incarnation));

    private async Task<NodeRow> RowAsync(string id, CancellationToken ct) => (await _nodes.ListAsync(ct)).Single(node => node.Id == id);

    private async Task SilenceAsync(string id, int seconds, CancellationToken ct)
    {
        await using NpgsqlCommand command = _database.Source.CreateCommand(
            "update nodes set renewed_at = clock_timestamp() - $1 * interval '1 second' where id = $2");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = seconds });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
        Assert.That(await command.ExecuteNonQueryAsync(ct), Is.EqualTo(1));
    }

    /// <summary>A closed connection's process ends a moment later.</summary>
    private async Task WaitUntilFreeAsync(string id, CancellationToken ct)
    {
        while ((await RowAsync(id, ct)).HoldsName) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
    }

    private async Task EndSessionsAsync(CancellationToken ct)
    {
        await using NpgsqlCommand command = _database.Source.CreateCommand("""
            select count(pg_terminate_backend(pid, 10000)) from pg_stat_activity
            where application_name = 'chat node' and datname = current_database()
            """);
        Assert.That(await command.ExecuteScalarAsync(ct), Is.EqualTo(1L));
    }

    private static async Task<NodeHolder?> WaitForAsync(NodeLease lease, CancellationToken ct)
    {
        while (await lease.TryTakeAsync(ct) is not null) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
        return null;
    }
}
