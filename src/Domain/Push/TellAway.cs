using Chat.Domain.Cluster;
using Chat.Storage.Push;

namespace Chat.Domain.Push;

/// <summary>
/// Tells those who are not connected of messages that this node committed and that they have not read by the time that they have settled. All
/// that it asks the database is bounded; what it does not get done is lost, and no message with it (ADR 0027).
/// </summary>
public sealed class TellAway(PushNews news, PushReceivers receivers, ConnectedDevices connected, PushNotices notices, PushQueue queue)
{
    private const int MaxChats = 200;
    private const int AtOnce = 3; // of the pool's four connections, one is left for calls

    /// <summary>Tells of all that has settled. What fails as the database is away is noted again, and stops nothing else.</summary>
    /// <exception cref="AggregateException">What failed so.</exception>
    public async Task ExecuteAsync(CancellationToken ct)
    {
        PassingFaults faults = new();
        while (!faults.Any && news.TakeChats(MaxChats) is { Count: > 0 } chats)
        {
            HashSet<long> watched = [];
            await faults.TryAsync(
                async () => watched = [.. await receivers.FindWatchedAsync([.. chats.Select(chat => chat.ChatId)], ct)],
                () => chats.ForEach(news.NoteAgain));
            ParallelOptions some = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct };
            await Parallel.ForEachAsync(
                chats.Where(chat => watched.Contains(chat.ChatId)), some,
                async (chat, stop) => await faults.TryAsync(() => TellOfAsync(chat, stop), () => news.NoteAgain(chat)));
        }

        faults.Throw();
    }

    private async Task TellOfAsync(NotedChat noted, CancellationToken ct)
    {
        if (await receivers.ReadChatAsync(noted.ChatId, noted.First, noted.Last, ct) is not { } chat) return;

        (long PrincipalId, long DeviceId) last = default;
        NewMessages subject = new(noted.ChatId, noted.First, noted.Last);
        await queue.WaitForRoomAsync(ct);
        while (await receivers.ListAsync(chat, last.PrincipalId, last.DeviceId, DeviceQuestion.MaxDevices, ct) is { Count: > 0 } page)
        {
            await TellAsync(subject, chat, page, ct);
            if (page.Count < DeviceQuestion.MaxDevices) return;
            last = (page[^1].Target.PrincipalId, page[^1].Target.DeviceId);
            await queue.WaitForRoomAsync(ct);
        }
    }

    private async Task TellAsync(NewMessages subject, ToldChat chat, IReadOnlyList<ChatTarget> page, CancellationToken ct)
    {
        List<(ChatTarget Receiver, List<ToldMessage> News)> wanting = [];
        foreach (ChatTarget receiver in page)
            if (UnreadMessages.Of(receiver, chat) is { Count: > 0 } unread) wanting.Add((receiver, unread));

        HashSet<long> here = await connected.FindAsync([.. wanting.Select(one => AskedDevice.Of(one.Receiver.Target))], ct);
        wanting.RemoveAll(one => here.Contains(one.Receiver.Target.DeviceId));
        long[] people = [.. wanting.Select(one => one.Receiver.Target.PrincipalId).Distinct()];
        IReadOnlyDictionary<long, int> badges = await receivers.CountBadgesAsync(chat, people, ct);
        foreach ((ChatTarget receiver, List<ToldMessage> unread) in wanting)
            queue.Add(notices.OfMessages(subject, chat, receiver, unread, badges.TryGetValue(receiver.Target.PrincipalId, out int badge) ? badge : null));
    }
}
