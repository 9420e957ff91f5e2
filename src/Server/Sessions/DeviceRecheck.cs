using Chat.Domain.Accounts;
using Chat.Server.Cluster;
using Chat.Storage.Accounts;

namespace Chat.Server.Sessions;

/// <summary>
/// Asks the database whether the devices of this node's sessions are still signed in: a revocation ends a session within 30 s even if
/// nobody could tell this node of it (P10). And at once when the broker is back.
/// </summary>
internal sealed class DeviceRecheck : BackgroundService
{
    /// <summary>Devices a query: an index lookup each, a few milliseconds together.</summary>
    internal const int BatchSize = 2_000;

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(18);

    /// <summary>With the queries themselves this stays below the promised 30 s.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(27);

    private readonly SessionRegistry _registry;
    private readonly DeviceStore _devices;
    private readonly DeviceRevocation _revocation;
    private readonly StartGate _gate;
    private readonly Pace _pace;
    private readonly ILogger _log;

    public DeviceRecheck(
        SessionRegistry registry, DeviceStore devices, DeviceRevocation revocation, LoopParts parts, ILogger<DeviceRecheck> log)
    {
        (_registry, _devices, _revocation, _gate, _log) = (registry, devices, revocation, parts.Gate, log);
        _pace = new Pace(Shortest, Longest, parts.Time, Pace.Soon);
        parts.Control.Recovered += _pace.Wake;
    }

    /// <summary>One round over all live sessions.</summary>
    internal async Task CheckAsync(CancellationToken ct)
    {
        Dictionary<long, long> principals = [];
        foreach ((_, Session session) in _registry.All)
            if (session.IsOnline && !session.HasEnded) principals[session.DeviceId] = session.PrincipalId;

        foreach (long[] some in principals.Keys.Chunk(BatchSize))
        {
            IReadOnlyList<long> revoked = await _devices.FindRevokedAsync(some, ct);
            foreach (long deviceId in revoked) _revocation.CutHere(principals[deviceId], [deviceId]);
            if (revoked.Count > 0) SessionLog.FoundRevoked(_log, revoked.Count);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _gate.Opened.WaitAsync(stoppingToken);
        await _pace.RunAsync(CheckAsync, fault => SessionLog.DevicesNotChecked(_log, fault), stoppingToken);
    }
}
