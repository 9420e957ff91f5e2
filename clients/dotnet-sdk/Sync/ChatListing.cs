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
internal sealed class ChatListing(ChatSync sync, Backoff backoff, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, bool> _wanted = []; // chat → whether its first event is news
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isListAllPending = true;

    public Task Ready => _ready.Task;

    /// <summary>Lists the chats on a new session.</summary>
    public void Start(WireSession session, long inboxId, bool listAll)
    {
        long[] wanted;
        lock (_gate)
        {
            _isListAllPending |= listAll;
            wanted = [.. _wanted.Keys];
        }

        foreach (long chatId in wanted) _ = FetchAsync(session, chatId);
        _ = PersistAsync(session, () => ListAsync(session, inboxId));
    }

    /// <summary>Asks for one chat, now or on the next session.</summary>
    public void Want(long chatId, WireSession? session = null, bool isNew = false)
    {
        lock (_gate)
        {
            bool isUnderWay = _wanted.TryGetValue(chatId, out bool wasNew);
            _wanted[chatId] = wasNew || isNew || (session is not null && !isUnderWay);
            if (isUnderWay) return;
        }

        if (session is not null) _ = FetchAsync(session, chatId);
    }

    /// <summary>The chat went before its answer came.</summary>
    public void Unwant(long chatId)
    {
        lock (_gate) _wanted.Remove(chatId);
    }

    private async Task ListAsync(WireSession session, long inboxId)
    {
        // The inbox first: a chat that comes while the list is read is told of above this position.
        ChatReply inbox = await CallAsync<GetChatRequest, ChatReply>(session, new GetChatRequest(inboxId)).ConfigureAwait(false);
        WireChat inboxChat = inbox.Chat;
        sync.Adopt(session, in inboxChat, fromItsStart: false);

        bool all;
        lock (_gate) all = _isListAllPending;

        string? cursor = null;
        do
        {
            var request = new GetChatsRequest(cursor, ProtocolLimits.MaxChatsLimit);
            ChatsReply page = await CallAsync<GetChatsRequest, ChatsReply>(session, request).ConfigureAwait(false);
            foreach (WireChat chat in page.Chats) sync.Adopt(session, in chat, fromItsStart: Ready.IsCompleted);
            cursor = page.NextCursor;
        }
        while (cursor is not null && all);

        lock (_gate) _isListAllPending &= !all;
        _ready.TrySetResult();
    }

    private Task FetchAsync(WireSession session, long chatId) => PersistAsync(session, async () =>
    {
        try
        {
            ChatReply reply = await CallAsync<GetChatRequest, ChatReply>(session, new GetChatRequest(chatId)).ConfigureAwait(false);
            bool isNew;
            lock (_gate)
            {
                if (!_wanted.Remove(chatId, out isNew)) return;
            }

            WireChat chat = reply.Chat;
            sync.Adopt(session, in chat, isNew);
        }
        catch (ChatException gone) when (gone.Code == (int)ErrorCode.ChatNotFound)
        {
            Unwant(chatId);
            sync.Forget(chatId);
        }
    });

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
}
