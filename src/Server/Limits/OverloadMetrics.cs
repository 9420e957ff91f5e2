using System.Diagnostics.Metrics;

namespace Chat.Server.Limits;

/// <summary>What the node puts off or sends away, for the meters; names as in docs/operations.</summary>
internal static class OverloadMetrics
{
    private static readonly Meter Meter = new("Chat.Server");

    public static readonly Counter<long> PacedFrames = Meter.CreateCounter<long>(
        "chat_frames_paced", "{frame}", "Frames read later than they came because their connection sends too many.");

    private static readonly Counter<long> RefusedHellos = Meter.CreateCounter<long>(
        "chat_hellos_refused", "{hello}", "Sign-ins sent away before they were looked at, by reason.");

    public static void RefuseHello(string reason) => RefusedHellos.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
