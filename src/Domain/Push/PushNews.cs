using Chat.Storage;

namespace Chat.Domain.Push;

/// <summary>A chat with something that those who are away may want to hear of.</summary>
/// <param name="First">The first message that was noted.</param>
/// <param name="Last">The last one.</param>
/// <param name="Since">When the first was noted, as a timestamp.</param>
public readonly record struct NotedChat(long ChatId, long First, long Last, long Since);

/// <summary>What an inbox was told of a call.</summary>
/// <param name="Rang">It began to ring.</param>
/// <param name="IsMissed">It was missed.</param>
/// <param name="Stopped">Those for whom it rings no more, as they answered or declined.</param>
/// <param name="Since">When it was noted, as a timestamp.</param>
public sealed record NotedCall(long InboxChatId, long CallId, bool Rang, bool IsMissed, IReadOnlyCollection<long> Stopped, long Since)
{
    internal static NotedCall From(EventRow e, long callId, long now)
    {
        string words = e.Text ?? "";
        bool isStopped = e.Kind == EventKinds.CallChanged && !words.StartsWith("left", StringComparison.Ordinal);
        return new NotedCall(
            e.ChatId, callId, e.Kind == EventKinds.CallRinging, e.Kind == EventKinds.CallEnded && words == "missed", isStopped ? [e.SenderId] : [], now);
    }

    internal NotedCall With(NotedCall other) =>
        this with { Rang = Rang || other.Rang, IsMissed = IsMissed || other.IsMissed, Stopped = [.. Stopped, .. other.Stopped] };
}

/// <summary>
/// What this node committed and has not pushed yet. Hears of commits on the way to whoever else does: noting one costs an entry in a table, and
/// nothing at all as long as nobody wants to be pushed to. What is here is lost with the node: no message is (ADR 0027). Thread-safe.
/// </summary>
public sealed class PushNews(ICommittedEvents next, PushOptions options, TimeProvider time) : ICommittedEvents
{
    private const int MaxChats = 10_000;
    private const int MaxCalls = 10_000;

    /// <summary>What fails for so long is not the database's being away for a moment, and would be asked for ever.</summary>
    private static readonly TimeSpan TriedFor = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan LookPause = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, NotedChat> _chats = [];
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
                if (_chats.Remove(oldest.ChatId, out NotedChat chat)) taken.Add(chat);
            }
        }

        return taken;
    }

    /// <summary>All that was noted of calls, by call and person: what was answered and is over at once is both.</summary>
    public List<NotedCall> TakeCalls()
    {
        lock (_gate)
        {
            if (_calls.Count == 0) return [];
            List<NotedCall> taken = [.. _calls.GroupBy(call => (call.InboxChatId, call.CallId), (_, told) => told.Aggregate((one, next) => one.With(next)))];
            _calls.Clear();
            return taken;
        }
    }

    /// <summary>The database was away when it was to be told: later.</summary>
    internal void NoteAgain(NotedChat chat)
    {
        lock (_gate)
        {
            if (IsTried(chat.Since)) NoteRange(chat);
        }
    }

    /// <inheritdoc cref="NoteAgain(NotedChat)"/>
    internal void NoteAgain(NotedCall call)
    {
        lock (_gate)
        {
            if (IsTried(call.Since)) NoteCall(call);
        }
    }

    private void Note(IReadOnlyList<EventRow> events)
    {
        lock (_gate)
        {
            for (int i = 0; i < events.Count; i++)
            {
                EventRow e = events[i];
                if (e.Kind == EventKinds.Message) NoteRange(new NotedChat(e.ChatId, e.Sequence, e.Sequence, time.GetTimestamp()));
                else if (e is { Kind: EventKinds.CallRinging or EventKinds.CallChanged or EventKinds.CallEnded, SubjectId: { } callId })
                    NoteCall(NotedCall.From(e, callId, time.GetTimestamp()));
            }
        }
    }

    private bool IsTried(long since)
    {
        if (time.GetElapsedTime(since) < TriedFor) return true;
        PushMetrics.Forgotten.Add(1);
        return false;
    }

    private void NoteRange(NotedChat more)
    {
        if (_chats.TryGetValue(more.ChatId, out NotedChat chat))
        {
            _chats[more.ChatId] = chat with { First = Math.Min(chat.First, more.First), Last = Math.Max(chat.Last, more.Last) };
        }
        else if (_chats.Count < MaxChats)
        {
            _chats.Add(more.ChatId, more);
            _order.Enqueue((more.ChatId, time.GetTimestamp()));
        }
        else
        {
            PushMetrics.Forgotten.Add(1);
        }
    }

    private void NoteCall(NotedCall call)
    {
        if (_calls.Count < MaxCalls) _calls.Enqueue(call);
        else PushMetrics.Forgotten.Add(1);
    }
}
