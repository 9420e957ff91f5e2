using System.Diagnostics.Metrics;
using Chat.Protocol.Codes;

namespace Chat.Server.Sessions;

/// <summary>How sessions end, for the meters; names as in docs/operations.</summary>
internal static class SessionMetrics
{
    private static readonly Meter Meter = new("Chat.Server");

    private static readonly Counter<long> SlowConsumers = Meter.CreateCounter<long>(
        "chat_slow_consumers_cut", "{connection}",
        "Connections cut because the peer did not take what it was sent, by what ran out: bytes or time.");

    private static readonly Counter<long> Disconnects = Meter.CreateCounter<long>(
        "chat_disconnects", "{connection}", "Connections that the server ended, by close code.");

    public static void CutAsSlow(string ranOut)
    {
        SlowConsumers.Add(1, new KeyValuePair<string, object?>("reason", ranOut));
        Disconnected(DisconnectCode.SlowConsumer);
    }

    public static void Disconnected(DisconnectCode code) =>
        Disconnects.Add(1, new KeyValuePair<string, object?>("code", DisconnectCodes.Name(code)));
}
