using Chat.Storage;

namespace Chat.TestKit;

/// <summary>Keeps what the sink was told, in order. Thread-safe.</summary>
public sealed class RecordedEvents : ICommittedEvents
{
    private readonly Lock _gate = new();
    private readonly List<EventRow> _events = [];
    private readonly List<long> _inDoubt = [];

    public IReadOnlyList<EventRow> All
    {
        get { lock (_gate) return [.. _events]; }
    }

    /// <summary>Chats that were said to be in doubt, each time.</summary>
    public IReadOnlyList<long> InDoubt
    {
        get { lock (_gate) return [.. _inDoubt]; }
    }

    public void OnCommitted(IReadOnlyList<EventRow> events)
    {
        lock (_gate) _events.AddRange(events);
    }

    public void OnInDoubt(IReadOnlyCollection<long> chatIds)
    {
        lock (_gate) _inDoubt.AddRange(chatIds);
    }

    public IReadOnlyList<EventRow> Of(long chatId) => [.. All.Where(e => e.ChatId == chatId)];
}
