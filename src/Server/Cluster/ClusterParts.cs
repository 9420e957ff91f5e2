using Chat.Domain.Cluster;
using Chat.Domain.People;
using Chat.Domain.Presence;
using Chat.Domain.Push;
using Chat.Domain.Statuses;
using Chat.Storage.Nodes;

namespace Chat.Server.Cluster;

/// <summary>
/// What joins this node with the others: orders and chats always (they do nothing for a node that is alone), presence where there is a
/// Redis to keep leases in.
/// </summary>
internal sealed record ClusterParts(
    IBroker Broker,
    ClusterPrefix Prefix,
    DatabaseTagStore Tags,
    ControlReceiver Control,
    ClusterLoops Chats,
    PrivacyChanges Privacy,
    StatusAnnouncer Statuses,
    ConnectedDevices Devices,
    ClusterPresence? Presence = null)
{
    /// <summary>Reads by which names this node and others find each other; before <see cref="StartAsync"/>.</summary>
    public Task ReadPrefixAsync(CancellationToken ct) => Prefix.ReadAsync(Tags, ct);

    public Task StartAsync(CancellationToken ct)
    {
        Control.PrivacyChanged += Privacy.OnOrdered;
        Control.StatusChanged += Statuses.OnOrdered;
        Control.DevicesAsked += Devices.OnHeard;
        Broker.Attach(BrokerTopic.Control, Control);
        Presence?.Start(); // it attached itself when it was made, which must be before the broker starts
        return Chats.StartAsync(ct);
    }

    public async Task StopAsync()
    {
        if (Presence is not null) await Presence.StopAsync();
        await Chats.StopAsync(); // with it the broker
    }
}
