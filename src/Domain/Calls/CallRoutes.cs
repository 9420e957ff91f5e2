using System.Collections.Concurrent;
using Chat.Storage.Calls;

namespace Chat.Domain.Calls;

/// <summary>
/// Remembers for two seconds who takes part in a call, and where: a connection comes about with dozens of signals, and none of them is worth
/// a question of its own. Whoever has left may pass on signals for that long. Thread-safe.
/// </summary>
public sealed class CallRoutes(CallReader reader, TimeProvider time)
{
    private const int MaxCalls = 10_000;
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(2);

    private ConcurrentDictionary<long, Entry> _calls = new();

    /// <summary>The two participants; null when they are not both in the call, where they say they are.</summary>
    /// <param name="callId">The call.</param>
    /// <param name="from">The sender's own place.</param>
    /// <param name="to">The other participant.</param>
    /// <param name="ct">Gives up.</param>
    public async ValueTask<CallRoute?> FindAsync(long callId, CallPlace from, long to, CancellationToken ct)
    {
        if (Volatile.Read(ref _calls).TryGetValue(callId, out Entry held) && time.GetElapsedTime(held.ReadAt) < Life && Judge(held.Routes, from, to) is { } known)
            return known;

        long readAt = time.GetTimestamp();
        IReadOnlyList<CallRoute> routes = await reader.FindRoutesAsync(callId, ct); // what is not known may have come just now
        ConcurrentDictionary<long, Entry> calls = Volatile.Read(ref _calls);
        if (calls.Count >= MaxCalls) Interlocked.CompareExchange(ref _calls, new ConcurrentDictionary<long, Entry>(), calls);
        if (routes.Count > 0) calls[callId] = new Entry(routes, readAt);
        return Judge(routes, from, to);
    }

    private static CallRoute? Judge(IReadOnlyList<CallRoute> routes, CallPlace from, long to)
    {
        bool isThere = routes.Any(route => route.IsUsable
            && route.PrincipalId == from.PrincipalId && route.DeviceId == from.DeviceId && route.EndpointId == from.EndpointId);
        return isThere ? routes.FirstOrDefault(route => route.IsUsable && route.PrincipalId == to) : null;
    }

    private readonly record struct Entry(IReadOnlyList<CallRoute> Routes, long ReadAt);
}
