using Chat.Protocol.Codes;
using Chat.Protocol.Frames;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Sdk.Connection;

namespace Chat.Sdk.Sync;

/// <summary>
/// Learns which chats there are: all of them once, the most recent ones after each reconnect, single ones when an event names them.
/// What a lost connection interrupted is wanted again on the next one. Thread-safe.
/// </summary>
/// <param name="sync">Takes what is learned.</param>
/// <param name="backoff">The pauses after refusals.</param>
/// <param name="time">The clock of the pauses.</param>
/// <param name="isContinued">An earlier run knew the chats already, so that one without a position is new.</param>
internal sealed class ChatListing(ChatSync sync, Backoff backoff, TimeProvider time, bool isContinued)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Wish> _wanted = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isListAllPending = true;

    public Task Ready => _ready.Task;

    /// <summary>Lists the chats on a new session.</summary>
    public void Start(WireSession session, long inboxId, bool listAll)
    {
        KeyValuePair<long, Wish>[] wanted;
        lock (_gate)
        {
            _isListAllPending |= listAll;
            wanted = [.. _wanted];
        }

        foreach ((long chatId, Wish wish) in wanted) _ = FetchAsync(session, chatId, wish);
        _ = PersistAsync(session, () => ListAsync(session, inboxId));
    }

    /// <summary>Asks for one chat, now or on the next session.</summary>
    /// <param name="isNew">The inbox named it.</param>
    /// <param name="isKnown">It is known, and an answer that is on its way may be too old.</param>
    public void Want(long chatId, WireSession? session = null, bool isNew = false, bool isKnown = false)
    {
        Wish? wish;
        lock (_gate)
        {
            bool isUnderWay = _wanted.TryGetValue(chatId, out wish);
            if (!isUnderWay) _wanted.Add(chatId, wish = new Wish());
            wish!.IsNew |= isNew || (session is not null && !isUnderWay && !isKnown);
            if (isNew || isKnown) wish.Number++;
            if (isUnderWay) return;
        }

        if (session is not null) _ = FetchAsync(session, chatId, wish);
    }

    /// <summary>The chat went; true if its answer had not come yet.</summary>
    public bool Unwant(long chatId)
    {
        lock (_gate) return _wanted.Remove(chatId);
    }

    private async Task ListAsync(WireSession session, long inboxId)
    {
        // The inbox first: a chat that comes while the list is read is told of above this position.
        ChatReply inbox = await CallAsync<GetChatRequest, ChatReply>(session, new GetChatRequest(inboxId)).ConfigureAwait(false);
        WireChat inboxChat = inbox.Chat;
        long inboxTaken = sync.Adopt(session, in inboxChat, fromItsStart: false);

        bool all;
        lock (_gate) all = _isListAllPending;

        string? cursor = null;
        HashSet<long> added = [];
        do
        {
            var request = new GetChatsRequest(cursor, ProtocolLimits.MaxChatsLimit);
            ChatsReply page = await CallAsync<GetChatsRequest, ChatsReply>(session, request).ConfigureAwait(false);
            bool isFirstList = !Ready.IsCompleted && !isContinued;
            if (isFirstList) inboxTaken = await ReadAddedAsync(session, inboxId, inboxTaken, added).ConfigureAwait(false);
            foreach (WireChat chat in page.Chats)
                sync.Adopt(session, in chat, fromItsStart: !isFirstList || added.Contains(chat.ChatId) || IsNew(chat.ChatId));
            cursor = page.NextCursor;
        }
        while (cursor is not null && all);

        lock (_gate) _isListAllPending &= !all;
        _ready.TrySetResult();
    }

    /// <summary>
    /// Learns which chats came while the list is read. The inbox's own events may reach the client after the list that has such a chat.
    /// </summary>
    /// <returns>How far the inbox was read.</returns>
    private static async Task<long> ReadAddedAsync(WireSession session, long inboxId, long after, HashSet<long> added)
    {
        HistoryReply page;
        do
        {
            var request = new GetHistoryRequest(inboxId, After: after, Limit: ProtocolLimits.MaxHistoryLimit);
            page = await CallAsync<GetHistoryRequest, HistoryReply>(session, request).ConfigureAwait(false);
            foreach (WireEvent e in page.Events)
                if (e is { Kind: EventKind.ChatAdded, SubjectId: { } chatId }) added.Add(chatId);
            after = Math.Max(after, page.CoversTo);
        }
        while (page.HasMore && page.Events.Count > 0);

        return after;
    }

    private bool IsNew(long chatId)
    {
        lock (_gate) return _wanted.TryGetValue(chatId, out Wish? wish) && wish.IsNew;
    }

    private Task FetchAsync(WireSession session, long chatId, Wish wish) => PersistAsync(session, async () =>
    {
        while (true)
        {
            int asked;
            lock (_gate) asked = wish.Number;

            WireChat? chat = await FindAsync(session, chatId).ConfigureAwait(false);
            lock (_gate)
            {
                if (_wanted.GetValueOrDefault(chatId) != wish) return; // taken back, and perhaps made anew: that one asks for itself
                if (wish.Number != asked) continue; // the chat came again meanwhile, and the answer may be older

                _wanted.Remove(chatId);
            }

            if (chat is { } found) sync.Adopt(session, in found, wish.IsNew);
            else sync.Leave(chatId);
            return;
        }
    });

    private static async Task<WireChat?> FindAsync(WireSession session, long chatId)
    {
        try
        {
            ChatReply reply = await CallAsync<GetChatRequest, ChatReply>(session, new GetChatRequest(chatId)).ConfigureAwait(false);
            return reply.Chat;
        }
        catch (ChatException gone) when (gone.Code == (int)ErrorCode.ChatNotFound)
        {
            return null;
        }
    }

    /// <summary>Works until it is done or the session is over; a refusal is tried again.</summary>
    private async Task PersistAsync(WireSession session, Func<Task> work)
    {
        await Task.Yield(); // the caller may hold the gate of ChatSync
        int failures = 0;
        while (true)
        {
            try
            {
                await work().ConfigureAwait(false);
                return;
            }
            catch (ChatException refused)
            {
                await WaitAsync(refused.RetryAfter ?? backoff.Next(failures++)).ConfigureAwait(false);
                if (session.Ended.IsCancellationRequested) return;
            }
            catch (Exception over) when (over is ConnectionLostException or OperationCanceledException)
            {
                return;
            }
        }

        Task WaitAsync(TimeSpan pause) => Task.WhenAny(Task.Delay(pause, time, session.Ended));
    }

    private static Task<TReply> CallAsync<TRequest, TReply>(WireSession session, TRequest request)
        where TRequest : struct, IFrame<TRequest>
        where TReply : struct, IFrame<TReply> => session.CallAsync<TRequest, TReply>(in request);

    /// <summary>One chat that is asked for.</summary>
    private sealed class Wish
    {
        /// <summary>Whether the chat's first event is news.</summary>
        public bool IsNew { get; set; }

        /// <summary>Grows with each time that the inbox named the chat.</summary>
        public int Number { get; set; }
    }
}
