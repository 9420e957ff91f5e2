using Chat.Domain.Cluster;
using Chat.Storage;
using Chat.Storage.Calls;
using Chat.Storage.Push;

namespace Chat.Domain.Push;

/// <summary>
/// Tells those who are not connected of what this node committed: messages that they have not read by the time that they have settled,
/// and calls at once. Everything it asks the database is bounded; what it does not get done is lost, and no message with it (ADR 0027).
/// </summary>
public sealed class TellAway(PushNews news, PushReceivers receivers, ConnectedDevices connected, PushNotices notices, PushQueue queue)
{
    /// <summary>Unread chats are counted for those who are told something in a chat of at most so many; it is a look at all of a person's chats.</summary>
    public const int MaxCountedMembers = 256;

    private const int MaxChats = 200;
    private const int AtOnce = 4;

    /// <summary>Tells of all that has settled, and lets be tried again what was put off.</summary>
    public async Task ExecuteAsync(CancellationToken ct)
    {
        if (news.IsLookDue()) news.IsWanted = await receivers.AnyAsync(ct);
        foreach (NotedCall call in news.TakeCalls()) await TellOfCallAsync(call, ct);
        while (news.TakeChats(MaxChats) is { Count: > 0 } chats)
        {
            HashSet<long> watched = [.. await receivers.FindWatchedAsync([.. chats.Select(chat => chat.ChatId)], ct)];
            ParallelOptions some = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct };
            await Parallel.ForEachAsync(chats.Where(chat => watched.Contains(chat.ChatId)), some, async (chat, stop) => await TellOfChatAsync(chat, stop));
        }

        queue.Tick();
    }

    private async Task TellOfChatAsync(NotedChat noted, CancellationToken ct)
    {
        if (await receivers.ReadChatAsync(noted.ChatId, noted.First, noted.Last, ct) is not { } chat) return;

        (long PrincipalId, long DeviceId) last = default;
        while (await receivers.ListAsync(chat, last.PrincipalId, last.DeviceId, DeviceQuestion.MaxDevices, ct) is { Count: > 0 } page)
        {
            await TellAsync(chat, page, ct);
            if (page.Count < DeviceQuestion.MaxDevices) return;
            last = (page[^1].Target.PrincipalId, page[^1].Target.DeviceId);
        }
    }

    private async Task TellAsync(ToldChat chat, IReadOnlyList<ChatTarget> page, CancellationToken ct)
    {
        List<(ChatTarget Receiver, ToldMessage[] News)> wanting = [];
        foreach (ChatTarget receiver in page)
        {
            ToldMessage[] unread = [.. NewTo(receiver, chat)];
            if (unread.Length > 0) wanting.Add((receiver, unread));
        }

        HashSet<long> here = await connected.FindAsync([.. wanting.Select(one => DeviceOf(one.Receiver.Target))], ct);
        wanting.RemoveAll(one => here.Contains(one.Receiver.Target.DeviceId));
        long[] counted = chat.MemberCount > MaxCountedMembers ? [] : [.. wanting.Select(one => one.Receiver.Target.PrincipalId).Distinct()];
        IReadOnlyDictionary<long, int> badges = await receivers.CountBadgesAsync(counted, ct);
        foreach ((ChatTarget receiver, ToldMessage[] unread) in wanting)
            queue.Add(notices.OfMessages(chat, receiver, unread, badges.TryGetValue(receiver.Target.PrincipalId, out int badge) ? badge : null));
    }

    /// <summary>Whoever wrote something has read what came before it; their mark says so later (ADR 0012).</summary>
    private static IEnumerable<ToldMessage> NewTo(ChatTarget receiver, ToldChat chat)
    {
        long seen = receiver.SeenUpTo;
        foreach (ToldMessage message in chat.Messages)
            if (message.SenderId == receiver.Target.PrincipalId) seen = Math.Max(seen, message.Sequence);
        return chat.Messages.Where(message => message.Sequence > seen && message.Sequence >= receiver.Since);
    }

    /// <summary>What an inbox was told may have been answered meanwhile, on another device: what rings is looked at once more.</summary>
    private async Task TellOfCallAsync(NotedCall noted, CancellationToken ct)
    {
        if (await receivers.FindCallAsync(noted.InboxChatId, noted.CallId, ct) is not { } call || call.PrincipalId == call.CallerId) return;
        if (KindOf(noted, call) is not { } kind) return;

        IReadOnlyList<PushTarget> targets = await receivers.ListOfAsync(call.PrincipalId, ct);
        HashSet<long> here = await connected.FindAsync([.. targets.Select(DeviceOf)], ct);
        foreach (PushTarget target in targets)
            if (!here.Contains(target.DeviceId)) queue.Add(notices.OfCall(kind, noted.CallId, call, target));
    }

    private static AskedDevice DeviceOf(PushTarget target) => new(target.PrincipalId, target.DeviceId);

    /// <summary>Null for what a device that is away need not know: it did not ring, or it was told already.</summary>
    private static string? KindOf(NotedCall noted, ToldCall call) => noted.Kind switch
    {
        EventKinds.CallRinging => call.State == SeatStates.Ringing ? "call" : null,
        EventKinds.CallChanged => noted.SenderId == call.PrincipalId && !noted.Words.StartsWith("left", StringComparison.Ordinal) ? "call_ended" : null,
        EventKinds.CallEnded => noted.Words == "missed" ? "missed_call" : null,
        _ => null,
    };
}
