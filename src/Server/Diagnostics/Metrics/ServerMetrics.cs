using System.Diagnostics.Metrics;
using Chat.Domain.Limits;
using Chat.Server.Limits;
using Chat.Server.Outbound;
using Chat.Server.Sessions;
using Chat.Server.Transport;
using Chat.Storage.ChatLog;

namespace Chat.Server.Diagnostics.Metrics;

/// <summary>What this node holds at the moment of a scrape; names as in docs/operations. Made once at the start; the values are asked for.</summary>
internal sealed class ServerMetrics
{
    public ServerMetrics(IMeterFactory factory, MetricSources sources, PoolProbe pool)
    {
        Meter meter = factory.Create("Chat.Server");
        meter.CreateObservableGauge("chat_sessions", () => sources.Census.Counts.Online, "{session}", "Signed-in sessions.");
        meter.CreateObservableGauge("chat_connections", () => sources.Connections.Count, "{connection}", "Open WebSocket connections.");
        meter.CreateObservableGauge("chat_sessions_greeting", () => sources.Census.Counts.Greeting, "{connection}", "Connections that are not signed in yet.");
        meter.CreateObservableGauge("chat_hellos_waiting", () => sources.Hellos.Count, "{hello}", "Sign-ins that wait for the database.");
        meter.CreateObservableGauge("chat_outbound_queued", () => sources.Census.Counts.QueuedBytes, "By", "Replies and direct pushes that have not left.");
        meter.CreateObservableGauge("chat_outbound_behind", () => sources.Census.Counts.Behind, "{connection}", "Connections whose peer takes nothing at the moment.");
        meter.CreateObservableGauge("chat_pump_waiting", () => sources.Outputs.Pumps.Sum(static pump => pump.Waiting), "{connection}", "Connections that wait for their turn to be sent to.");
        meter.CreateObservableGauge("chat_draining", () => sources.Drain.IsDraining ? 1 : 0, null, "1 while the node stops.");
        meter.CreateObservableGauge("chat_log_waiting", () => sources.Log.WaitingEvents, "{event}", "Events that wait for a batch.");
        meter.CreateObservableGauge("chat_log_batch_age", () => sources.Log.BatchAge.TotalSeconds, "s", "For how long the batch in hand has been under way.");
        meter.CreateObservableGauge("chat_pool_delay", () => pool.Delay.TotalSeconds, "s", "How long the last piece of work waited for a thread of the pool, or waits now.");
        meter.CreateObservableGauge("chat_memory_share", () => sources.Memory.Share, null, "Share of the memory limit that is in use; 0 without a limit.");
        meter.CreateObservableGauge("chat_load_level", () => (int)sources.Load.Level, null, "0 normal, 1 typing is dropped, 2 history is busy, 3 new work is busy.");
        meter.CreateObservableGauge("process_open_fds", static () => Descriptors.Open, null, "Descriptors in use.");
        meter.CreateObservableGauge("process_max_fds", static () => Descriptors.Limit, null, "Descriptors that this process may have open.");
    }
}

/// <summary>Where the gauges look.</summary>
internal sealed record MetricSources(
    SessionCensus Census, ConnectionRegistry Connections, HelloBatcher Hellos, ConnectionOutputFactory Outputs, DrainState Drain)
{
    public required ChatLogWriter Log { get; init; }

    public required OverloadWatch Memory { get; init; }

    public required Overload Load { get; init; }
}
