using Chat.Storage;

namespace Chat.TestKit;

/// <summary>Keeps what the sink was told, in order. Thread-safe.</summary>
public sealed class RecordedEvents : ICommittedEvents
{
    private readonly Lock _gate = new();
    private readonly List<EventRow> _events = [];

    public IReadOnlyList<EventRow> All
    {
        get { lock (_gate) return [.. _events]; }
    }

    public void OnCommitted(IReadOnlyList<EventRow> events)
    {
        lock (_gate) _events.AddRange(events);
    }

    public IReadOnlyList<EventRow> Of(long chatId) => [.. All.Where(e => e.ChatId == chatId)];
}
