using Chat.Sdk.Connection;

namespace Chat.Sdk.Sync;

/// <summary>
/// Spreads the requests for a chat that changed for all who are in it: not all ask at once, and for many changes each asks once. Thread-safe.
/// </summary>
internal sealed class RefreshTurns(Backoff jitter, TimeProvider time, Action<long> refresh)
{
    private static readonly TimeSpan PerMember = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly HashSet<long> _waiting = [];

    /// <summary>Asks for a chat in a while; the longer, the more there are in it.</summary>
    public void Want(long chatId, int memberCount)
    {
        lock (_gate)
        {
            if (!_waiting.Add(chatId)) return;
        }

        TimeSpan spread = memberCount * PerMember;
        _ = AskAsync(chatId, jitter.Within(spread < Longest ? spread : Longest));
    }

    private async Task AskAsync(long chatId, TimeSpan pause)
    {
        await Task.Delay(pause, time).ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // the caller may hold the gate of ChatSync
        lock (_gate) _waiting.Remove(chatId);
        refresh(chatId);
    }
}
