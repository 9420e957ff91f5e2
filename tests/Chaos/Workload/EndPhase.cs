using System.Globalization;

using Chat.Chaos.Checker;
using Chat.Chaos.History;

namespace Chat.Chaos.Workload;

/// <summary>
/// What happens once all faults are healed (promises of the end): everybody comes back and has all within a bound, probes are acked, and
/// the whole log is read through REST and SQL.
/// </summary>
internal sealed class EndPhase(
    WorkloadOptions options, Cast cast, IReadOnlyList<ChaosClient> clients, IReadOnlyList<WireObserver> observers, Traffic traffic)
{
    /// <summary>So long a client asks again for the outcome of a message that may have been stored and is refused now (protocol-spec.md §6.4).</summary>
    private static readonly TimeSpan LongestDoubt = TimeSpan.FromSeconds(30);

    private readonly long[] _chats = [.. cast.Chats.Select(chat => chat.Id)];

    public async Task<FinalState> RunAsync(FinalReader truth, RestCalls rest, IReadOnlyDictionary<long, long> epochs, CancellationToken ct)
    {
        foreach (WireObserver observer in observers) observer.Settle();
        foreach (ChaosClient client in clients)
            if (!client.IsOnline) client.Client.ReconnectNow();
        await CatchUpAsync(truth, ct);
        // Messages of before stand in front of probes in the outbox of who sends both: outcomes first.
        await OutcomesAsync(ct);
        await ProbeAsync(ct);
        await OutcomesAsync(ct);
        await CatchUpAsync(truth, ct);
        List<string> stuck = [.. clients.Where(client => !client.IsOnline || client.UnderWay > 0).Select(Describe)];
        foreach (ChaosClient client in clients.Where(client => client.IsOnline))
            client.Write(new HistoryEntry { Op = HistoryOp.AtEnd }, HistoryClock.Now());
        foreach (WireObserver observer in observers.Where(observer => observer.IsOnline))
            observer.Write(new HistoryEntry { Op = HistoryOp.AtEnd });

        await ReadAllAsync(rest, ct);
        long readAt = HistoryClock.Now();
        IReadOnlyList<FinalChat> chats = await truth.ReadAsync(_chats, ct);
        return new FinalState
        {
            Chats = chats,
            ReadAt = readAt,
            StuckClients = stuck,
            ProbesWanted = options.Probes,
            RenumberedChats = chats.Where(chat => epochs.TryGetValue(chat.Id, out long epoch) && epoch != chat.Epoch)
                .Select(chat => chat.Id).ToHashSet(),
        };
    }

    /// <summary>Waits until every client knows the outcome of its sends, or the time is over.</summary>
    private Task OutcomesAsync(CancellationToken ct) =>
        Waiting.UntilAsync(() => new(clients.All(client => client.UnderWay == 0)), options.CatchUp + LongestDoubt, ct);

    /// <summary>Waits until every client is connected and was given all, or the time is over.</summary>
    private Task CatchUpAsync(FinalReader truth, CancellationToken ct) =>
        Waiting.UntilAsync(() => IsCaughtUpAsync(truth, ct), options.CatchUp, ct);

    private async ValueTask<bool> IsCaughtUpAsync(FinalReader truth, CancellationToken ct)
    {
        if (clients.Any(client => !client.IsOnline) || observers.Any(observer => !observer.IsOnline)) return false;

        Dictionary<long, (long Head, long Epoch)> heads = await truth.ReadHeadsAsync(_chats, ct);
        foreach (long chat in _chats)
        {
            foreach (FinalMember member in await truth.ReadMembersAsync(chat, ct))
            {
                if (member.To is not null) continue;
                if (clients.Any(client => client.User == member.User && client.PositionOf(chat) < heads[chat].Head)) return false;
                if (observers.Any(observer => observer.User == member.User
                    && observer.PositionOf(chat) is > 0 and var at && at < heads[chat].Head))
                    return false;
            }
        }

        return true;
    }

    private async Task ProbeAsync(CancellationToken ct)
    {
        List<Task> probes = [];
        for (int n = 0; n < options.Probes; n++)
        {
            ChaosChat chat = cast.Chats[n % cast.Chats.Count];
            probes.Add(traffic.Writer(chat).SendAsync(chat.Id, traffic.NextMarker(), 8, HistoryClock.Now(), HistoryOp.Probe));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, ct);
        }

        // What has no outcome by then is judged as it stands.
        await Task.WhenAny(Task.WhenAll(probes), Task.Delay(options.CatchUp, TimeProvider.System, ct));
    }

    private async Task ReadAllAsync(RestCalls rest, CancellationToken ct)
    {
        foreach (ChaosChat chat in cast.Chats)
        {
            foreach (ChaosDevice[] person in cast.Devices.Where(devices => chat.Members.Contains(devices[0].User)))
            {
                long? after = 0;
                do after = await rest.ReadPageAsync(person[0], 0, chat.Id, after.Value, ct);
                while (after is > 0);
            }
        }
    }

    private static string Describe(ChaosClient client) => string.Create(
        CultureInfo.InvariantCulture,
        $"session {client.Session} of user {client.User} is {client.Client.State.Kind} ({client.Client.State.End?.Code} "
            + $"{client.Client.State.End?.Reason}), {client.UnderWay} messages without outcome");
}
