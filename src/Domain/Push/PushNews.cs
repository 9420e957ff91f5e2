using Chat.Storage;

namespace Chat.Domain.Push;

/// <summary>A chat with something that those who are away may want to hear of.</summary>
/// <param name="First">The first message that was noted.</param>
/// <param name="Last">The last one.</param>
public readonly record struct NotedChat(long ChatId, long First, long Last);

/// <summary>Something that an inbox was told of a call.</summary>
/// <param name="Kind">One of <see cref="EventKinds"/>.</param>
/// <param name="SenderId">Who did it.</param>
/// <param name="Words">What it was, protocol-spec.md §6.42.</param>
public sealed record NotedCall(long InboxChatId, long CallId, short Kind, long SenderId, string Words);

/// <summary>
/// What this node committed and has not pushed yet. Hears of commits on the way to whoever else does: noting one costs an entry in a table, and
/// nothing at all as long as nobody wants to be pushed to. What is here is lost with the node: no message is (ADR 0027). Thread-safe.
/// </summary>
public sealed class PushNews(ICommittedEvents next, PushOptions options, TimeProvider time) : ICommittedEvents
{
    private const int MaxChats = 10_000;
    private const int MaxCalls = 10_000;

    private static readonly TimeSpan LookPause = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, (long First, long Last)> _chats = [];
    private readonly Queue<(long ChatId, long NotedAt)> _order = new(); // each noted chat once, by when it was noted first
    private readonly Queue<NotedCall> _calls = new();
    private volatile bool _isWanted;
    private long _lookedAt;

    /// <summary>Whether anybody wants to be pushed to, as far as is known here.</summary>
    public bool IsWanted
    {
        get => _isWanted;
        set => _isWanted = value;
    }

    /// <summary>Whether it is time to look whether anybody does. Not thread-safe.</summary>
    internal bool IsLookDue()
    {
        if (_lookedAt != 0 && time.GetElapsedTime(_lookedAt) < LookPause) return false;
        _lookedAt = time.GetTimestamp();
        return true;
    }

    public void OnCommitted(IReadOnlyList<EventRow> events)
    {
        if (_isWanted) Note(events);
        next.OnCommitted(events);
    }

    /// <summary>What may be committed is told by the chat itself, to whoever comes back: a notification of it is not worth a search.</summary>
    public void OnInDoubt(IReadOnlyCollection<long> chatIds) => next.OnInDoubt(chatIds);

    /// <summary>Chats whose first message of these has settled, which are no longer noted then.</summary>
    public List<NotedChat> TakeChats(int most)
    {
        List<NotedChat> taken = [];
        lock (_gate)
        {
            while (taken.Count < most && _order.TryPeek(out (long ChatId, long NotedAt) oldest) && time.GetElapsedTime(oldest.NotedAt) >= options.Settling)
            {
                _order.Dequeue();
                _chats.Remove(oldest.ChatId, out (long First, long Last) range);
                taken.Add(new NotedChat(oldest.ChatId, range.First, range.Last));
            }
        }

        return taken;
    }

    /// <summary>All that was noted of calls; of one call and person the newest.</summary>
    public List<NotedCall> TakeCalls()
    {
        lock (_gate)
        {
            if (_calls.Count == 0) return [];
            Dictionary<(long, long), NotedCall> newest = [];
            while (_calls.TryDequeue(out NotedCall? call)) newest[(call.InboxChatId, call.CallId)] = call;
            return [.. newest.Values];
        }
    }

    private void Note(IReadOnlyList<EventRow> events)
    {
        lock (_gate)
        {
            for (int i = 0; i < events.Count; i++)
            {
                EventRow e = events[i];
                if (e.Kind == EventKinds.Message) NoteMessage(e);
                else if (e.Kind is EventKinds.CallRinging or EventKinds.CallChanged or EventKinds.CallEnded) NoteCall(e);
            }
        }
    }

    private void NoteMessage(EventRow e)
    {
        if (_chats.TryGetValue(e.ChatId, out (long First, long Last) range))
        {
            _chats[e.ChatId] = (Math.Min(range.First, e.Sequence), Math.Max(range.Last, e.Sequence));
        }
        else if (_chats.Count < MaxChats)
        {
            _chats.Add(e.ChatId, (e.Sequence, e.Sequence));
            _order.Enqueue((e.ChatId, time.GetTimestamp()));
        }
        else
        {
            PushMetrics.Forgotten.Add(1);
        }
    }

    private void NoteCall(EventRow e)
    {
        if (e.SubjectId is not { } callId) return;
        if (_calls.Count < MaxCalls) _calls.Enqueue(new NotedCall(e.ChatId, callId, e.Kind, e.SenderId, e.Text ?? ""));
        else PushMetrics.Forgotten.Add(1);
    }
}
