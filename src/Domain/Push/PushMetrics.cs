using System.Diagnostics.Metrics;

namespace Chat.Domain.Push;

/// <summary>What notifications tell the meters; names as in docs/operations.</summary>
internal static class PushMetrics
{
    private static readonly Meter Meter = new("Chat.Domain");

    private static readonly Counter<long> Notifications =
        Meter.CreateCounter<long>("push_notifications", "{notification}", "Notifications to devices that are not connected, by outcome.");

    /// <summary>Chats of which something was not told, as too many were waiting to be looked at.</summary>
    public static readonly Counter<long> Forgotten = Meter.CreateCounter<long>("push_forgotten", "{chat}");

    /// <summary>Notifications that wait to be handed over, those that are tried again among them.</summary>
    public static readonly UpDownCounter<long> Waiting = Meter.CreateUpDownCounter<long>("push_waiting", "{notification}");

    public static void Count(string outcome) => Notifications.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
