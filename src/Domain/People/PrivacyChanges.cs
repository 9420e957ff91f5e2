using Chat.Domain.Cluster;
using Chat.Domain.Presence;
using Chat.Storage.Accounts;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.People;

/// <summary>
/// Lets what a person newly hides be felt at once by those who are connected, on every node: who watches them and may no longer is told
/// that they are offline, and hears nothing from then on. Other nodes are told through the broker; one that does not hear it goes on until
/// the watching session names anew whom it watches, which it does whenever its screen changes, and after a reconnect. Thread-safe.
/// </summary>
public sealed partial class PrivacyChanges(
    PrincipalStore principals, PresenceRegistry registry, DirectBlocks blocks, IBroker broker, ILogger<PrivacyChanges> log)
{
    private long _generation;

    /// <summary>
    /// Grows before anything is looked at again. Who read what they may see before it grew, and acts on it after, must read again.
    /// </summary>
    internal long Generation => Interlocked.Read(ref _generation);

    /// <summary>Tells every node that these people hide more, or less, than before; returns when this one has acted on it.</summary>
    internal async Task AnnounceAsync(IReadOnlyList<long> principalIds)
    {
        broker.TryPublish(BrokerChannel.Control, ControlOrder.EncodePrivacyChanged(principalIds));
        await ApplyAsync(principalIds);
    }

    /// <summary>Another node says so. Returns at once, never throws.</summary>
    public void OnOrdered(IReadOnlyList<long> principalIds) => _ = ApplyAsync(principalIds);

    /// <summary>Never throws: what was changed is stored, and what is not done here heals as the class says.</summary>
    internal async Task ApplyAsync(IReadOnlyList<long> principalIds)
    {
        Interlocked.Increment(ref _generation);
        blocks.Forget();
        foreach (long id in principalIds)
        {
            List<long> watchers = registry.WatchersOf(id);
            if (watchers.Count == 0) continue;
            try
            {
                registry.KeepWatchers(id, [.. await principals.FindWhoMaySeePresenceAsync(id, watchers, CancellationToken.None)]);
            }
#pragma warning disable CA1031 // Whatever it is: the change is stored, and hiding too much is the safe side.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                // They are asked for again by those who still may.
                NotRead(log, fault, id);
                registry.KeepWatchers(id, [id]);
            }
        }
    }

    [LoggerMessage(
        EventId = EventIds.PrivacyNotRead,
        Level = LogLevel.Warning,
        Message = "Who may see the presence of principal {PrincipalId} could not be read; nobody is told of it until they ask again")]
    private static partial void NotRead(ILogger logger, Exception exception, long principalId);
}
