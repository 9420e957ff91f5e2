using System.Threading.Channels;
using Chat.Domain.Cluster;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Presence;

/// <summary>
/// Tells other nodes who is online here: keeps this node's list and its lease, and publishes what changes. The list is written first and
/// the publication sent then, so whoever reads the list on hearing a publication finds what it says. One loop; while it waits for an
/// answer, changes gather and go together. Thread-safe.
/// </summary>
internal sealed class PresenceAnnouncer : ILocalPresence
{
    /// <summary>How long a node that died stays online for others (promise P17).</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>A third of the lease, so that one late renewal does no harm.</summary>
    public static readonly TimeSpan RenewPeriod = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly IBroker _broker;
    private readonly IPresenceLeases _leases;
    private readonly PresenceRegistry _registry;
    private readonly NodeIdentity _node;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private Dictionary<long, PresenceChange> _pending = [];
    private volatile bool _renewalIsDue;
    private volatile bool _listIsSound;
    private long _number;
    private bool _failureTold;

    public PresenceAnnouncer(
        IBroker broker, IPresenceLeases leases, PresenceRegistry registry, NodeIdentity node, (TimeProvider Time, ILogger Log) process)
    {
        (_broker, _leases, _registry, _node) = (broker, leases, registry, node);
        (_time, _log) = process;
    }

    public void OnCame(long principalId) => Add(new PresenceChange(principalId, true, default));

    public void OnWent(long principalId, DateTimeOffset at) => Add(new PresenceChange(principalId, false, at));

    /// <summary>Nothing is known of the list any more: it is written anew.</summary>
    public void Renounce()
    {
        _listIsSound = false;
        _signal.Writer.TryWrite(true);
    }

    public async Task RunAsync(CancellationToken ct)
    {
        await using ITimer timer = _time.CreateTimer(_ => Remind(), null, RenewPeriod, RenewPeriod);
        while (await _signal.Reader.WaitToReadAsync(ct))
        {
            _signal.Reader.TryRead(out _);
            if (_broker.Health != BrokerHealth.Healthy)
            {
                _listIsSound = false; // changes need not be kept: the list is written whole when there is somebody to hear of it
                continue;
            }

            try
            {
                await AnnounceAsync(ct);
                _failureTold = false;
            }
            catch (PresenceLeasesException fault)
            {
                if (!_failureTold) PresenceLog.ListNotWritten(_log, fault);
                _failureTold = true;
                _listIsSound = false;
                await Task.Delay(RetryPause, _time, ct);
                _signal.Writer.TryWrite(true);
            }
        }
    }

    /// <summary>
    /// Leaves the list to end by itself a little later: those who were here are coming back on other nodes, and should not be seen to go.
    /// </summary>
    public async Task LeaveAsync(TimeSpan remaining, CancellationToken ct)
    {
        if (_broker.Health != BrokerHealth.Healthy) return;
        try
        {
            await _leases.RenewAsync(_node, remaining, ct);
        }
        catch (PresenceLeasesException fault)
        {
            PresenceLog.ListNotWritten(_log, fault); // it ends with its lease then
        }
    }

    private void Add(PresenceChange change)
    {
        lock (_gate)
        {
            if (!_listIsSound) return; // it will be written whole
            _pending[change.PrincipalId] = change;
        }

        _signal.Writer.TryWrite(true);
    }

    private void Remind()
    {
        _renewalIsDue = true;
        _signal.Writer.TryWrite(true);
    }

    private async Task AnnounceAsync(CancellationToken ct)
    {
        if (!_listIsSound)
        {
            await WriteListAsync(ct);
            return;
        }

        while (Take() is { Count: > 0 } changes)
        {
            List<long> online = [.. changes.Where(change => change.Online).Select(change => change.PrincipalId)];
            List<long> offline = [.. changes.Where(change => !change.Online).Select(change => change.PrincipalId)];
            if (!await _leases.ChangeAsync(_node, online, offline, Lease, ct))
            {
                await WriteListAsync(ct);
                return;
            }

            _number++;
            Publish(changes);
        }

        if (!_renewalIsDue) return;
        _renewalIsDue = false;
        if (await _leases.RenewAsync(_node, Lease, ct)) Publish([]);
        else await WriteListAsync(ct);
    }

    private async Task WriteListAsync(CancellationToken ct)
    {
        List<long> here = _registry.ReadHere(() =>
        {
            lock (_gate)
            {
                _pending.Clear();
                _listIsSound = true; // what changes from now on is added to this list
            }
        });
        await _leases.ReplaceAsync(_node, here, Lease, ct);
        _renewalIsDue = false;
        _number++; // whoever follows has missed something, and reads the list
        Publish([]);
    }

    /// <summary>A lost publication is not told again: the next one shows that it is missing.</summary>
    private void Publish(IReadOnlyList<PresenceChange> changes) =>
        _broker.TryPublish(BrokerChannel.Presence, new PresencePublication(_node, _number, changes).Write());

    private List<PresenceChange> Take()
    {
        lock (_gate)
        {
            if (_pending.Count <= PresencePublication.MaxChanges)
            {
                List<PresenceChange> all = [.. _pending.Values];
                _pending = [];
                return all;
            }

            List<PresenceChange> some = [.. _pending.Values.Take(PresencePublication.MaxChanges)];
            foreach (PresenceChange change in some) _pending.Remove(change.PrincipalId);
            return some;
        }
    }
}
