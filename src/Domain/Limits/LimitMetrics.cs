using System.Diagnostics.Metrics;

namespace Chat.Domain.Limits;

/// <summary>What is not admitted, for the meters; names as in docs/operations.</summary>
internal static class LimitMetrics
{
    private static readonly Meter Meter = new("Chat.Domain");

    private static readonly Counter<long> BusyAnswers = Meter.CreateCounter<long>(
        "chat_busy_answers", "{request}", "Requests not taken because the node has too much to do, by kind.");

    private static readonly Counter<long> LimitedAnswers = Meter.CreateCounter<long>(
        "chat_rate_limited", "{request}", "Requests not taken because of a rate, by kind.");

    public static readonly Counter<long> DroppedTyping = Meter.CreateCounter<long>(
        "chat_typing_dropped", "{notice}", "Typing notices not passed on, because of a rate or of load.");

    public static void Busy(string kind) => BusyAnswers.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public static void Limited(string kind) => LimitedAnswers.Add(1, new KeyValuePair<string, object?>("kind", kind));
}
