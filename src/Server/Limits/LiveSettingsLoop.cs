using Chat.Domain.Limits;
using Chat.Server.Cluster;
using Chat.Server.Sessions;
using Chat.Storage.Settings;
using Npgsql;

namespace Chat.Server.Limits;

/// <summary>
/// Keeps <see cref="LiveSettings"/> as the database has it: read at the start, when a node tells of a change, and within 30 s whatever was
/// heard.
/// </summary>
internal sealed class LiveSettingsLoop : BackgroundService
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(20);

    /// <summary>A change reaches every node within 30 s, the reading included.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(28);

    private readonly LiveSettings _settings;
    private readonly SettingStore _store;
    private readonly StartGate _gate;
    private readonly ILogger _log;
    private readonly Pace _pace;
    private IReadOnlyList<string> _told = [];

    public LiveSettingsLoop(LiveSettings settings, SettingStore store, LoopParts parts, ILogger<LiveSettingsLoop> log)
    {
        (_settings, _store, _gate, _log) = (settings, store, parts.Gate, log);
        _pace = new Pace(Shortest, Longest, parts.Time, Pace.Soon);
        parts.Control.SettingsChanged += _pace.Wake;
        parts.Control.Recovered += _pace.Wake;
        settings.LimitsChanged += limits => LimitsLog.Changed(log, limits, settings.ChangedAt);
    }

    /// <summary>Reads once and takes over what is stored.</summary>
    /// <exception cref="NpgsqlException">The database does not answer; what was in force stays.</exception>
    public async Task ReadAsync(CancellationToken ct)
    {
        IReadOnlyList<string> faults = _settings.Apply(await _store.ReadAsync(ct));
        foreach (string fault in faults.Except(_told)) LimitsLog.NotUsable(_log, fault); // each of them once
        _told = faults;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _gate.Opened.WaitAsync(stoppingToken); // the start has read them once
        await _pace.RunAsync(ReadAsync, fault => LimitsLog.NotRead(_log, fault), stoppingToken);
    }
}
