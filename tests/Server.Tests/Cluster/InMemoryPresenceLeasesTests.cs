using Chat.Domain.Cluster;
using Chat.Domain.Presence;
using Chat.TestKit;

namespace Chat.Server.Tests.Cluster;

[Parallelizable, FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class InMemoryPresenceLeasesTests : PresenceLeasesContract
{
    private readonly FakeTimeProvider _time = new();

    public InMemoryPresenceLeasesTests() => Leases = new InMemoryPresenceLeases(_time);

    protected override IPresenceLeases Leases { get; }

    protected override async Task LetEndAsync(NodeIdentity node, CancellationToken ct)
    {
        await Leases.RenewAsync(node, TimeSpan.FromSeconds(1), ct);
        _time.Advance(TimeSpan.FromSeconds(2));
    }
}
