using Chat.Domain.Cluster;
using Chat.Protocol.Framing;
using Chat.Server.Diagnostics;
using Chat.Server.Hosting;
using Chat.Storage;
using Chat.Storage.Nodes;
using Chat.Storage.Schema;
using Npgsql;

namespace Chat.Server.Cluster;

/// <summary>
/// Holds this node's name from the start to the end of the process, and shows every ten seconds that it lives. A process that finds the
/// name with another one after it lost its connection ends itself: two nodes with one name would answer for each other.
/// </summary>
internal sealed class NodeRegistration(
    NodeIdentity identity, DatabaseAddress database, LoopParts parts, IHostApplicationLifetime lifetime, ILogger<NodeRegistration> log)
    : BackgroundService
{
    /// <summary>Exit code of a process that ended because another one took its name.</summary>
    public const int SupersededExitCode = 4;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(2);

    /// <summary>A process that was killed is gone for PostgreSQL within milliseconds; one that is still here after this is alive.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan StartPause = TimeSpan.FromMilliseconds(100);

    private NodeLease? _lease;

    /// <summary>Another process has the name; this one is ending.</summary>
    public bool IsSuperseded { get; private set; }

    /// <summary>Takes the name, or says who has it.</summary>
    /// <param name="listenUrl">What Kestrel listens on, for the address that people see.</param>
    /// <exception cref="NodeTakenException">Another process has the name.</exception>
    public async Task ClaimAsync(string listenUrl, CancellationToken ct)
    {
        NodeEntry entry = new(
            identity.Id, identity.Incarnation, ServerVersion.Number,
            ProtocolLimits.ProtocolVersion, Migrator.ProgramVersion, ShownAddress(listenUrl));
        NodeLease lease = _lease = new NodeLease(database.ConnectionString, entry);
        long start = parts.Time.GetTimestamp();
        while (true)
        {
            TimeSpan pause = AfterFault;
            try
            {
                if (await lease.TryTakeAsync(ct) is not { } holder) break;
                if (parts.Time.GetElapsedTime(start) > StartPatience) throw new NodeTakenException(identity.Id, holder);
                pause = StartPause;
            }
            catch (Exception fault) when (DatabaseOutage.IsPassing(fault))
            {
                parts.Gate.WaitFor("the database does not answer"); // it did a moment ago
            }

            await Task.Delay(pause, parts.Time, ct);
        }

        NodeLog.Named(log, identity.Id, identity.Incarnation, entry.Address);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_lease is not { } lease) return;
        try
        {
            await lease.EndAsync(CancellationToken.None);
        }
        catch (Exception fault) when (fault is NpgsqlException or InvalidOperationException or TimeoutException)
        {
            NodeLog.EndNotNoted(log, fault, identity.Id);
        }

        await lease.DisposeAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await parts.Gate.Opened.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // a stop before that is no fault
        bool held = true;
        while (!stoppingToken.IsCancellationRequested && !IsSuperseded)
        {
            try
            {
                await Task.Delay(held ? Period : AfterFault, parts.Time, stoppingToken);
                if (held) await _lease!.RenewAsync(stoppingToken);
                else held = await TakeAgainAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) // of whatever kind: this loop alone notices that the name is lost
            {
                if (held) NodeLog.ConnectionLost(log, fault, identity.Id);
                held = false;
            }
        }
    }

    private async Task<bool> TakeAgainAsync(CancellationToken ct)
    {
        if (await _lease!.TryTakeAsync(ct) is not { } holder)
        {
            NodeLog.NamedAgain(log, identity.Id);
            return true;
        }

        // With our own row, or none, it is not said yet who that is: it may be between its lock and its row.
        if (holder.Entry is null || holder.Entry.Incarnation == identity.Incarnation) return false;
        IsSuperseded = true;
        NodeLog.Superseded(log, identity.Id, new NodeTakenException(identity.Id, holder).Message);
        lifetime.StopApplication();
        return false;
    }

    /// <summary>A node that listens everywhere is best known by its machine.</summary>
    private static string ShownAddress(string listenUrl)
    {
        if (!Uri.TryCreate(listenUrl, UriKind.Absolute, out Uri? url)) return Environment.MachineName;
        return $"{(url.Host is "[::]" or "0.0.0.0" ? Environment.MachineName : url.Host)}:{url.Port}";
    }
}
