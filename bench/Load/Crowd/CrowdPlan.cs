using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chat.Load.Crowd;

/// <summary>What one worker is to do: a file, because a hundred thousand tokens fit on no command line.</summary>
/// <param name="Servers">Of all nodes, <c>address:port</c>.</param>
/// <param name="Home">The node its sessions begin on, by its place.</param>
/// <param name="Refuges">The nodes they go to when theirs is gone, in turn.</param>
/// <param name="Run">Tells messages of this run from any other's.</param>
internal sealed record CrowdPlan(
    int Worker, IReadOnlyList<string> Servers, int Home, IReadOnlyList<int> Refuges, uint Run, IReadOnlyList<CrowdSession> Sessions)
{
    public async Task WriteAsync(string path, CancellationToken ct)
    {
        await using FileStream file = File.Create(path);
        await JsonSerializer.SerializeAsync(file, this, CrowdJson.Default.CrowdPlan, ct);
    }

    public static CrowdPlan Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        return JsonSerializer.Deserialize(file, CrowdJson.Default.CrowdPlan)!;
    }
}

/// <summary>A session: who, and the chat it speaks and listens in.</summary>
/// <param name="Head">The chat's head before the first message.</param>
internal sealed record CrowdSession(string Token, long ChatId, long Epoch, long Head);

/// <summary>A line that a worker prints every second.</summary>
/// <param name="Ready">Sessions that are signed in and whole.</param>
/// <param name="Pending">Messages sent and not acked yet.</param>
internal sealed record CrowdStatus(int Ready, long Sent, long Acked, long Delivered, int Pending);

/// <summary>What a worker found, printed at its end.</summary>
/// <param name="Missing">Pairs of a session and an event of its chat that it never got.</param>
/// <param name="Corrupted">Events with another text than was sent, or another than the ack had said.</param>
/// <param name="Repeated">Events that the wire brought again, which the protocol allows and a client drops.</param>
/// <param name="Holes">Events that came ahead of others; the client read what was between from history.</param>
/// <param name="Unacked">Messages without a final answer.</param>
/// <param name="Unseen">Acked messages that their sender's own session did not get.</param>
/// <param name="BusyPages">Pages of history that were refused for the moment.</param>
/// <param name="Moved">Sessions that lost their node and came back on another.</param>
/// <param name="LastBackAt">Time of the last of them, in nanoseconds of the monotonic clock.</param>
internal sealed record CrowdFindings(
    long Sent, long Acked, long Delivered, long Missing, long Corrupted, long Repeated, long Holes, long Unacked, long Unseen, long Refused,
    long Busy, long BusyPages, int Moved, long LastBackAt, string? FirstClose, long[] SteadyDeliveries, long[] SteadyAcks, long[] DisturbedDeliveries,
    long[] LateDeliveries, long[] Welcomes, long[] Returns);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CrowdPlan))]
[JsonSerializable(typeof(CrowdStatus))]
[JsonSerializable(typeof(CrowdFindings))]
[JsonSerializable(typeof(CrowdResult))]
[JsonSerializable(typeof(Dictionary<long, long>))]
internal sealed partial class CrowdJson : JsonSerializerContext;
