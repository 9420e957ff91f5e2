using Chat.Storage.Calls;
using Chat.Storage.Push;

namespace Chat.Domain.Push;

/// <summary>What a device that is away is told of a call; names as in protocol-spec.md §8.15.</summary>
internal static class CallWords
{
    public const string Rings = "call";
    public const string RingsNoMore = "call_ended";
    public const string Missed = "missed_call";

    /// <summary>Null for what a device that is away need not know: it did not ring, or it was told already.</summary>
    public static string? Of(NotedCall noted, ToldCall call)
    {
        string? kind = noted.IsMissed ? Missed : noted.Stopped.Contains(call.PrincipalId) ? RingsNoMore : noted.Rang ? Rings : null;
        return kind is not null && IsTrue(kind, call) ? kind : null;
    }

    /// <summary>Whether it is so now: what rang may have been answered meanwhile, on another device.</summary>
    public static bool IsTrue(string kind, ToldCall call) => kind switch
    {
        Rings => call.State == SeatStates.Ringing && call.RingsFor > TimeSpan.Zero,
        Missed => call.State is SeatStates.Missed or SeatStates.Busy,
        _ => call.State != SeatStates.Ringing,
    };
}
