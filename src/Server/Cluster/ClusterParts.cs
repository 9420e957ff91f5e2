using Chat.Domain.Presence;

namespace Chat.Server.Cluster;

/// <summary>
/// What joins this node with the others: chats always (it does nothing for a node that is alone), presence where there is a Redis to keep
/// leases in.
/// </summary>
internal sealed record ClusterParts(ClusterLoops Chats, ClusterPresence? Presence = null)
{
    public Task StartAsync(CancellationToken ct)
    {
        Presence?.Start(); // it attached itself when it was made, which must be before the broker starts
        return Chats.StartAsync(ct);
    }

    public async Task StopAsync()
    {
        if (Presence is not null) await Presence.StopAsync();
        await Chats.StopAsync(); // with it the broker
    }
}
