using System.Diagnostics.Metrics;
using Chat.Domain.Limits;
using Chat.Domain.Search;
using Chat.Server.Limits;
using Chat.Server.Outbound;
using Chat.Server.Sessions;
using Chat.Server.Transport;
using Chat.Storage.ChatLog;

namespace Chat.Server.Diagnostics.Metrics;

/// <summary>
/// What this node holds at the moment of a scrape; names as in docs/operations. Made once at the start; the values are asked for.
/// </summary>
internal sealed class ServerMetrics
{
    private readonly Meter _meter;

    public ServerMetrics(IMeterFactory factory, MetricSources sources, PoolProbe pool)
    {
        _meter = factory.Create("Chat.Server");
        AddSessions(sources);
        AddOutbound(sources);
        AddLoad(sources);
        Gauge(
            "chat_pool_delay", "s", "How long the last piece of work waited for a thread of the pool, or waits now.",
            () => pool.Delay.TotalSeconds);
        Gauge("process_open_fds", null, "Descriptors in use.", static () => Descriptors.Open);
        Gauge("process_max_fds", null, "Descriptors that this process may have open.", static () => Descriptors.Limit);
    }

    private void AddSessions(MetricSources sources)
    {
        Gauge("chat_sessions", null, "Signed-in sessions.", () => sources.Census.Counts.Online);
        Gauge("chat_connections", null, "Open WebSocket connections.", () => sources.Connections.Count);
        Gauge("chat_sessions_greeting", null, "Connections that are not signed in yet.", () => sources.Census.Counts.Greeting);
        Gauge("chat_hellos_waiting", null, "Sign-ins that wait for the database.", () => sources.Hellos.Count);
        Gauge("chat_draining", null, "1 while the node stops.", () => sources.Drain.IsDraining ? 1 : 0);
    }

    private void AddOutbound(MetricSources sources)
    {
        Gauge("chat_outbound_queued", "By", "Replies and direct pushes that have not left.", () => sources.Census.Counts.QueuedBytes);
        Gauge("chat_outbound_behind", null, "Connections whose peer takes nothing at the moment.", () => sources.Census.Counts.Behind);
        Gauge(
            "chat_pump_waiting", null, "Connections that wait for their turn to be sent to.",
            () => sources.Outputs.Pumps.Sum(static pump => pump.Waiting));
    }

    private void AddLoad(MetricSources sources)
    {
        Gauge("chat_log_waiting", null, "Events that wait for a batch.", () => sources.Log.WaitingEvents);
        Gauge("chat_log_batch_age", "s", "For how long the batch in hand has been under way.", () => sources.Log.BatchAge.TotalSeconds);
        Gauge("chat_log_wait", "s", "How long messages wait for their commit: the first of each of the last batches.", () => sources.Log.RecentWait.TotalSeconds);
        Gauge("chat_search_waiting", null, "Chats with something that this node has to bring into the search index.", () => sources.SearchNews.Count);
        Gauge("chat_memory_share", null, "Share of the memory limit that is in use; 0 without a limit.", () => sources.Memory.Share);
        Gauge(
            "chat_load_level", null, "0 normal, 1 typing is dropped, 2 older history is busy, 3 new work is busy.",
            () => (int)sources.Load.Level);
    }

    private void Gauge(string name, string? unit, string description, Func<double> observe) =>
        _meter.CreateObservableGauge(name, observe, unit, description);
}

/// <summary>Where the gauges look.</summary>
internal sealed record MetricSources(
    SessionCensus Census, ConnectionRegistry Connections, HelloBatcher Hellos, ConnectionOutputFactory Outputs, DrainState Drain)
{
    public required ChatLogWriter Log { get; init; }

    public required SearchNews SearchNews { get; init; }

    public required OverloadWatch Memory { get; init; }

    public required Overload Load { get; init; }
}
