using Chat.Domain.Cluster;
using Chat.Domain.Presence;
using Chat.Protocol.Frames.Pushes;
using Chat.Storage.Accounts;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Domain.Tests.Presence;

/// <summary>One node's presence, joined with others of its test. The storage behind it does not answer, which must not matter.</summary>
internal sealed class PresenceNode : IAsyncDisposable
{
    private static long _lastSession;

    private readonly NpgsqlDataSource _nowhere = NpgsqlDataSource.Create("Host=/nonexistent/chat-domain-tests;Timeout=1");

    public PresenceNode(string name, InMemoryBus bus, IPresenceLeases leases, TimeProvider time)
    {
        Identity = NodeIdentity.Create(name);
        Broker = bus.Join();
        Registry = new PresenceRegistry(new PrincipalStore(_nowhere), new PresenceOptions(), time, NullLogger<PresenceRegistry>.Instance);
        Cluster = new ClusterPresence(Broker, leases, Registry, Identity, time, NullLogger<ClusterPresence>.Instance);
    }

    public NodeIdentity Identity { get; }

    public InMemoryBroker Broker { get; }

    public PresenceRegistry Registry { get; }

    public ClusterPresence Cluster { get; }

    public async Task StartAsync()
    {
        Cluster.Start();
        await Broker.StartAsync(CancellationToken.None);
    }

    public RecordingSubscriber Online(long principalId)
    {
        RecordingSubscriber session = new(Interlocked.Increment(ref _lastSession), principalId);
        Registry.Online(session);
        return session;
    }

    /// <summary>A session that watches; its own principal is nobody else's.</summary>
    public RecordingSubscriber Watching(params long[] principalIds)
    {
        RecordingSubscriber watcher = Online(1_000_000 + Interlocked.Increment(ref _lastSession));
        Registry.Watch(watcher, principalIds);
        return watcher;
    }

    public static PresencePush[] Told(RecordingSubscriber watcher) =>
        [.. watcher.Pushed.Select(push => PushFrames.Read<PresencePush>(push.Frame))];

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await Broker.DisposeAsync();
        await Registry.DisposeAsync();
        await _nowhere.DisposeAsync();
    }
}
