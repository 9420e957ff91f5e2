using Chat.Domain.Cluster;
using Chat.Storage.Push;

namespace Chat.Domain.Push;

/// <summary>
/// Tells those who are not connected of calls, at once, and lets be tried again what was put off: what cannot wait until the messages of a large
/// channel are told.
/// </summary>
public sealed class RingAway(PushNews news, PushReceivers receivers, ConnectedDevices connected, PushNotices notices, PushQueue queue)
{
    private const int AtOnce = 4;

    /// <summary>Tells of all that was noted of calls. What fails as the database is away is noted again, and stops nothing else.</summary>
    /// <exception cref="AggregateException">What failed so.</exception>
    public async Task ExecuteAsync(CancellationToken ct)
    {
        PassingFaults faults = new();
        if (news.IsLookDue()) await faults.TryAsync(async () => news.IsWanted = await receivers.AnyAsync(ct), () => { });
        ParallelOptions some = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct };
        await Parallel.ForEachAsync(
            news.TakeCalls(), some, async (call, stop) => await faults.TryAsync(() => TellOfAsync(call, stop), () => news.NoteAgain(call)));
        queue.Tick();
        faults.Throw();
    }

    private async Task TellOfAsync(NotedCall noted, CancellationToken ct)
    {
        if (await receivers.FindCallAsync(noted.InboxChatId, noted.CallId, ct) is not { } call || call.PrincipalId == call.CallerId) return;
        if (CallWords.Of(noted, call) is not { } kind) return;

        IReadOnlyList<PushTarget> targets = await receivers.ListOfAsync(call.PrincipalId, ct);
        HashSet<long> here = await connected.FindAsync([.. targets.Select(AskedDevice.Of)], ct);
        CallNews subject = new(noted.InboxChatId, noted.CallId, kind);
        foreach (PushTarget target in targets)
            if (!here.Contains(target.DeviceId)) queue.Add(notices.OfCall(subject, call, target));
    }
}
