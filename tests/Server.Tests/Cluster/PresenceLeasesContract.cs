using Chat.Domain.Cluster;
using Chat.Domain.Presence;

namespace Chat.Server.Tests.Cluster;

/// <summary>What keeps the lists of who is online does this, wherever they are (<see cref="IPresenceLeases"/>).</summary>
internal abstract class PresenceLeasesContract
{
    internal static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private readonly NodeIdentity _one = NodeIdentity.Create("one"), _two = NodeIdentity.Create("two.b-c_d");

    protected abstract IPresenceLeases Leases { get; }

    [Test, CancelAfter(60_000)]
    public async Task A_list_is_read_as_it_was_written_and_changed(CancellationToken ct)
    {
        await Leases.ReplaceAsync(_one, [1, 2, long.MaxValue], Long, ct);
        await Leases.ReplaceAsync(_two, [2], Long, ct);

        bool changed = await Leases.ChangeAsync(_one, [3, 1], [2, 99], Long, ct);

        Assert.That(changed, Is.True);
        Assert.That(await Leases.ReadAsync(_one, ct), Is.EquivalentTo(new[] { 1, 3, long.MaxValue }));
        Assert.That(await Leases.ReadAsync(_two, ct), Is.EquivalentTo(new[] { 2L }));
    }

    [Test, CancelAfter(60_000)]
    public async Task An_empty_list_is_a_list(CancellationToken ct)
    {
        await Leases.ReplaceAsync(_one, [], Long, ct);
        Assert.That(await Leases.ReadAsync(_one, ct), Is.Empty);
        Assert.That(await Leases.ReadAsync(_two, ct), Is.Null);

        await Leases.ChangeAsync(_one, [5], [], Long, ct);
        await Leases.ChangeAsync(_one, [], [5], Long, ct);
        Assert.That(await Leases.ReadAsync(_one, ct), Is.Empty);
        Assert.That(await Leases.RenewAsync(_one, Long, ct), Is.True);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_list_that_is_made_anew_keeps_nothing_of_the_old_one(CancellationToken ct)
    {
        long[] many = [.. Enumerable.Range(1, 25_000).Select(id => (long)id)];
        await Leases.ReplaceAsync(_one, many, Long, ct);
        Assert.That(await Leases.ReadAsync(_one, ct), Is.EquivalentTo(many));

        await Leases.ReplaceAsync(_one, [25_001], Long, ct);

        Assert.That(await Leases.ReadAsync(_one, ct), Is.EqualTo(new[] { 25_001L }));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_has_no_list_cannot_be_changed_or_renewed(CancellationToken ct)
    {
        Assert.That(await Leases.RenewAsync(_one, Long, ct), Is.False);
        Assert.That(await Leases.ChangeAsync(_one, [1], [], Long, ct), Is.False);

        Assert.That(await Leases.ReadAsync(_one, ct), Is.Null, "half a list is none");
        Assert.That(await Leases.RenewAsync(_one, Long, ct), Is.False);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_list_ends_with_its_lease_and_one_call_alone_is_told(CancellationToken ct)
    {
        await Leases.ReplaceAsync(_one, [1], Long, ct);
        await Leases.ReplaceAsync(_two, [1], Long, ct);
        List<NodeIdentity> ended = [];
        Assert.That(await Leases.ReadNodesAsync(ended, ct), Is.EquivalentTo(new[] { _one, _two }));
        Assert.That(ended, Is.Empty);

        await LetEndAsync(_two, ct);

        Assert.That(await Leases.ReadAsync(_two, ct), Is.Null);
        Assert.That(await Leases.RenewAsync(_one, Long, ct), Is.True);
        List<NodeIdentity> first = [], second = [];
        Assert.That(await Leases.ReadNodesAsync(first, ct), Is.EqualTo(new[] { _one }));
        Assert.That(await Leases.ReadNodesAsync(second, ct), Is.EqualTo(new[] { _one }));
        Assert.That(first, Is.EqualTo(new[] { _two }));
        Assert.That(second, Is.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task An_incarnation_has_a_list_of_its_own(CancellationToken ct)
    {
        NodeIdentity again = NodeIdentity.Create("one");
        await Leases.ReplaceAsync(_one, [1], Long, ct);
        await Leases.ReplaceAsync(again, [2], Long, ct);

        Assert.That(await Leases.ReadAsync(_one, ct), Is.EqualTo(new[] { 1L }));
        Assert.That(await Leases.ReadNodesAsync([], ct), Is.EquivalentTo(new[] { _one, again }));
    }

    /// <summary>Gives the node's list a short lease and waits until it has ended.</summary>
    protected abstract Task LetEndAsync(NodeIdentity node, CancellationToken ct);
}
