using PendingAppend = Chat.Storage.Pending<Chat.Storage.ChatLog.NewEvent, Chat.Storage.ChatLog.AppendOutcome>;

namespace Chat.Storage.ChatLog;

/// <summary>
/// A batch as the columns that the statements take, ordered by chat and, within a chat, by the order of the calls. The lists are parameters
/// of prepared statements and live as long as those; each batch fills them again. The loop only.
/// </summary>
internal sealed class AppendColumns
{
    private Place[] _places = [];

    // One element an event.
    public List<long> ChatIds { get; } = [];

    public List<long> SenderIds { get; } = [];

    public List<short> Kinds { get; } = [];

    public List<Guid> ClientMessageIds { get; } = [];

    public List<long?> ReplyTos { get; } = [];

    public List<string> Texts { get; } = [];

    /// <summary>JSON; null for plain text.</summary>
    public List<string?> Contents { get; } = [];

    /// <summary>How many events of the same chat come behind this one in the batch.</summary>
    public List<long> Behind { get; } = [];

    // One element a chat, ascending.
    public List<long> LockedChatIds { get; } = [];

    public List<long> EventCounts { get; } = [];

    // One element a run of events of the same sender in the same chat.
    public List<long> AskedChatIds { get; } = [];

    public List<long> AskedSenderIds { get; } = [];

    // One element a reply.
    public List<long> ReplyChatIds { get; } = [];

    public List<long> ReplySenderIds { get; } = [];

    public List<long> ReplyTargets { get; } = [];

    public List<long> ReplyEventCounts { get; } = [];

    public int Count => ChatIds.Count;

    public bool HasReplies => ReplyChatIds.Count > 0;

    /// <summary>Where the event of this row stands in the batch.</summary>
    public int IndexOf(int row) => _places[row].Index;

    public void Fill(IReadOnlyList<PendingAppend> items)
    {
        Clear();
        if (_places.Length < items.Count) _places = new Place[Math.Max(items.Count, 2 * _places.Length)];
        for (int i = 0; i < items.Count; i++)
            _places[i] = new Place(items[i].Request.ChatId, i);
        _places.AsSpan(0, items.Count).Sort();
        for (int row = 0; row < items.Count; row++)
            Add(items[_places[row].Index].Request);

        // From the end of each chat's events to their start.
        for (int chat = LockedChatIds.Count - 1, row = Count - 1; chat >= 0; chat--)
            for (long behind = 0; behind < EventCounts[chat]; behind++, row--)
                Behind[row] = behind;
        for (int reply = 0; reply < ReplyChatIds.Count; reply++)
            ReplyEventCounts.Add(EventCounts[LockedChatIds.BinarySearch(ReplyChatIds[reply])]);
    }

    private void Add(NewEvent e)
    {
        bool newChat = LockedChatIds.Count == 0 || LockedChatIds[^1] != e.ChatId;
        if (newChat)
        {
            LockedChatIds.Add(e.ChatId);
            EventCounts.Add(0);
        }
        EventCounts[^1]++;
        if (newChat || AskedSenderIds[^1] != e.SenderId)
        {
            AskedChatIds.Add(e.ChatId);
            AskedSenderIds.Add(e.SenderId);
        }
        if (e.ReplyTo is { } target)
        {
            ReplyChatIds.Add(e.ChatId);
            ReplySenderIds.Add(e.SenderId);
            ReplyTargets.Add(target);
        }
        ChatIds.Add(e.ChatId);
        SenderIds.Add(e.SenderId);
        Kinds.Add(e.Kind);
        ClientMessageIds.Add(e.ClientMessageId);
        ReplyTos.Add(e.ReplyTo);
        Texts.Add(e.Text);
        Contents.Add(e.Content);
        Behind.Add(0);
    }

    private void Clear()
    {
        ChatIds.Clear();
        SenderIds.Clear();
        Kinds.Clear();
        ClientMessageIds.Clear();
        ReplyTos.Clear();
        Texts.Clear();
        Contents.Clear();
        Behind.Clear();
        LockedChatIds.Clear();
        EventCounts.Clear();
        AskedChatIds.Clear();
        AskedSenderIds.Clear();
        ReplyChatIds.Clear();
        ReplySenderIds.Clear();
        ReplyTargets.Clear();
        ReplyEventCounts.Clear();
    }

    private readonly record struct Place(long ChatId, int Index) : IComparable<Place>
    {
        public int CompareTo(Place other) => ChatId != other.ChatId ? ChatId.CompareTo(other.ChatId) : Index.CompareTo(other.Index);
    }

#if PLANTED_BUGS
    /// <summary>As a sequence of PostgreSQL: numbers are gone for good once they are taken, whatever becomes of the transaction.</summary>
    public async Task TakeNumbersAsync(Npgsql.NpgsqlConnection connection)
    {
        await using var take = new Npgsql.NpgsqlCommand(
            "update chats c set head_sequence = c.head_sequence + i.events from unnest($1, $2) as i (chat_id, events) where c.id = i.chat_id", connection);
        take.Parameters.Add(new Npgsql.NpgsqlParameter<List<long>> { TypedValue = LockedChatIds });
        take.Parameters.Add(new Npgsql.NpgsqlParameter<List<long>> { TypedValue = [.. EventCounts] });
        await take.ExecuteNonQueryAsync();
        for (int i = 0; i < EventCounts.Count; i++) EventCounts[i] = 0;
    }
#endif
}
