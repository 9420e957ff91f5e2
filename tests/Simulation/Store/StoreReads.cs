using Chat.Simulation.Schedules;
using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.Storage.Chats;
using Chat.Storage.Messages;
using Chat.Storage.Nodes;

namespace Chat.Simulation.Store;

/// <summary>The queries, each over one snapshot: what is committed at the moment it runs.</summary>
internal readonly struct StoreReads(SimulatedStore store, Tally tally, PlantedDefect defect)
{
    /// <summary>Pages are short, so that resuming takes several.</summary>
    private const int MaxPage = 5;

    /// <summary>As <c>EventStore.ReadAsync</c>: within the asker's intervals, with the range that the page covers.</summary>
    public HistoryPage? ReadPage(long chatId, long principalId, long? after, long? before, int limit)
    {
        if (store.Find(chatId) is not { } chat || chat.VisibleHead(principalId) is var head && head < 0) return null;
        bool forwards = after is not null;
        bool unfiltered = defect == PlantedDefect.ReplayIgnoresMembership;
        if (unfiltered) head = chat.Head;
        int most = Math.Min(limit, MaxPage);
        List<EventRow> events = [];
        bool hasMore = false;
        for (long at = forwards ? after!.Value + 1 : Math.Min(chat.Head, before - 1 ?? chat.Head);
            at >= 1 && at <= chat.Head; at += forwards ? 1 : -1)
        {
            if (!unfiltered && !chat.MaySee(principalId, at)) continue;
            if (events.Count == most)
            {
                hasMore = true;
                break;
            }

            events.Add(chat.Events[(int)at - 1]);
        }

        if (!forwards)
        {
            events.Reverse();
            long end = Math.Max(0, Math.Min(head, before - 1 ?? head));
            return new HistoryPage(chat.Epoch, head, events, hasMore ? events[0].Sequence : Math.Min(1, end + 1), end, hasMore);
        }

        return new HistoryPage(
            chat.Epoch, head, events, after!.Value + 1, hasMore ? events[^1].Sequence : Math.Max(head, after.Value), hasMore);
    }

    /// <summary>As <c>EventStore.ReadRangeAsync</c>.</summary>
    public IReadOnlyList<EventRow> ReadRange(long chatId, long from, long to)
    {
        tally.Add(Happening.HoleRead);
        if (defect == PlantedDefect.HolesNotRead || store.Find(chatId) is not { } chat) return [];
        long last = Math.Min(to, chat.Head);
        return from > last ? [] : [.. chat.Events.GetRange((int)from - 1, (int)(last - from) + 1).Select(Heard)];
    }

    /// <summary>As the three of <c>HeadStore</c>.</summary>
    public IReadOnlyList<ChatHead> ReadAhead(IReadOnlyList<ChatHead> known)
    {
        tally.Add(Happening.HeadsRead);
        List<ChatHead> ahead = [];
        foreach (ChatHead chat in known)
            if (store.Find(chat.ChatId) is { } found && found.Head > chat.Sequence) ahead.Add(new ChatHead(found.Id, found.Head));
        return ahead;
    }

    /// <summary>The row of a node that was killed counts for some seconds more; its name is free at once.</summary>
    public IReadOnlyList<NodeRow> ReadNodes() =>
        [.. store.Nodes.Select(node => new NodeRow(node.Number, IsRunning: true, HoldsName: !node.IsDead))];

    public long ReadHead(long chatId) => store.Find(chatId)?.Head ?? 0;

    public IReadOnlyList<JoinedChat> ReadJoined(long principalId, IReadOnlyList<long> chatIds)
    {
        List<JoinedChat> joined = [];
        foreach (long chatId in chatIds)
            if (store.Find(chatId) is { } chat && chat.Current(principalId) is { } current)
                joined.Add(new JoinedChat(chatId, current.Joined, chat.Head));
        return joined;
    }

    public SessionSeed? ReadSeed(long principalId)
    {
        List<SessionMembership> memberships = [];
        foreach (StoredChat chat in store.Chats)
            if (chat.Current(principalId) is { } current)
                memberships.Add(new SessionMembership(chat.Id, chat.Kind, chat.Epoch, chat.Head, current.Joined));
        return new SessionSeed($"p{principalId}", store.InboxOf(principalId), memberships);
    }

    public IReadOnlyList<PositionHead> ReadHeads(long principalId, IReadOnlyList<long> chatIds)
    {
        List<PositionHead> heads = [];
        foreach (long chatId in chatIds)
            if (store.Find(chatId) is { } chat && chat.VisibleHead(principalId) is var head && head >= 0)
                heads.Add(new PositionHead(chatId, chat.Epoch, head, chat.IsMember(principalId)));
        return heads;
    }

    public ChatRow? ReadChat(long chatId, long principalId) =>
        store.Find(chatId) is { } chat && chat.Current(principalId) is { } current ? Row(chat, current) : null;

    /// <summary>All chats in one page but for the inbox: there are few.</summary>
    public IReadOnlyList<ChatRow> ReadChats(long principalId)
    {
        List<ChatRow> rows = [];
        foreach (StoredChat chat in store.Chats)
            if (chat.Kind != ChatKinds.Inbox && chat.Current(principalId) is { } current) rows.Add(Row(chat, current));
        return rows;
    }

    public IReadOnlyList<MemberRow>? ReadMembers(long chatId, long principalId) =>
        store.Find(chatId) is not { } chat || !chat.IsMember(principalId)
            ? null
            : [.. chat.Members.Where(m => m.Left is null)
                .Select(m => new MemberRow(m.PrincipalId, $"p{m.PrincipalId}", m.Role, 0, 0, m.Joined))];

    /// <summary>A row as the fan-out gets to hear it.</summary>
    public EventRow Heard(EventRow row) =>
        defect == PlantedDefect.RemovalNotHeard && row.Kind == EventKinds.MemberRemoved ? row with { Kind = EventKinds.Renamed } : row;

    private static ChatRow Row(StoredChat chat, Interval current) => new(
        chat.Id, chat.Kind, chat.Epoch, "chat", current.Role, current.Joined, chat.Head, 0, 0, 0, 0,
        chat.Members.Count(m => m.Left is null), null, null, chat.Head > 0 ? chat.Events[^1] : null, 0,
        chat.Head > 0 ? chat.Events[^1].CreatedAtMs : 0, chat.Events.Count(e => e.Kind == EventKinds.Message));
}
