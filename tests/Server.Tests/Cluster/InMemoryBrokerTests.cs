using Chat.Domain.Cluster;
using Chat.TestKit;

namespace Chat.Server.Tests.Cluster;

[Parallelizable, FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class InMemoryBrokerTests : BrokerContract
{
    private readonly InMemoryBus _bus = new();
    private readonly List<InMemoryBroker> _joined = [];

    protected override IBroker CreateBroker()
    {
        InMemoryBroker broker = _bus.Join();
        _joined.Add(broker);
        return broker;
    }

    protected override Task BreakAsync()
    {
        foreach (InMemoryBroker broker in _joined) broker.SetHealth(BrokerHealth.Degraded);
        return Task.CompletedTask;
    }

    protected override Task MendAsync()
    {
        foreach (InMemoryBroker broker in _joined) broker.SetHealth(BrokerHealth.Healthy);
        return Task.CompletedTask;
    }
}
