using Chat.Domain.Accounts;
using Chat.Server.Cluster;

namespace Chat.Server.Sessions;

/// <summary>
/// Asks the database what operators did to accounts: within two seconds every node has done its part, whatever a broker told it, and
/// the command line of one machine needs no broker.
/// </summary>
internal sealed class OperatorLoop : BackgroundService
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly ObeyOperator _obey;
    private readonly StartGate _gate;
    private readonly Pace _pace;
    private readonly ILogger _log;

    public OperatorLoop(ObeyOperator obey, LoopParts parts, ILogger<OperatorLoop> log)
    {
        (_obey, _gate, _log) = (obey, parts.Gate, log);
        _pace = new Pace(Shortest, Longest, parts.Time, Pace.Soon);
        parts.Control.Recovered += _pace.Wake;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _gate.Opened.WaitAsync(stoppingToken);
        _pace.Wake(); // what was done while this node was away, at once
        await _pace.RunAsync(_obey.ExecuteAsync, fault => SessionLog.OperatorNotHeard(_log, fault), stoppingToken);
    }
}
