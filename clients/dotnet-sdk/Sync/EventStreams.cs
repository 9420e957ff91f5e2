using System.Threading.Channels;

namespace Chat.Sdk.Sync;

/// <summary>
/// Hands events to the app's readers. A reader that is slow makes the client take less, never lose: who delivers asks for room first.
/// Thread-safe.
/// </summary>
internal sealed class EventStreams(int capacity)
{
    private readonly Lock _gate = new();
    private readonly List<Reader> _readers = [];
    private TaskCompletionSource? _waiting;
    private bool _isClosed;

    /// <summary>How far the readers of all chats are.</summary>
    public HandedOut HandedOut { get; } = new();

    /// <summary>Whether each reader of the chat can take so many events now.</summary>
    public bool HasRoom(long chatId, int events)
    {
        lock (_gate) return HasRoomLocked(chatId, events);
    }

    /// <summary>Waits until <see cref="HasRoom"/>.</summary>
    public async Task WaitForRoomAsync(long chatId, int events, CancellationToken ct)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (HasRoomLocked(chatId, events)) return;

                _waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                changed = _waiting.Task;
            }

            await changed.WaitAsync(ct).ConfigureAwait(false);
        }
    }

    /// <summary>Hands an event to each reader of its chat. The caller has made sure that there is room.</summary>
    public void Publish(ChatEvent chatEvent)
    {
        lock (_gate)
        {
            var delivery = new Delivery(chatEvent, _readers.Count(reader => reader.ChatId is null));
            foreach (Reader reader in _readers)
                if (reader.Wants(chatEvent.ChatId)) reader.Queue.Writer.TryWrite(delivery);
        }
    }

    /// <summary>The events of all chats, or of one, from the moment on that an enumerator is made.</summary>
    public IAsyncEnumerable<ChatEvent> ReadAsync(long? chatId, CancellationToken ct) => new Feed(this, chatId, ct);

    /// <summary>Ends every reader after what it has.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (Reader reader in _readers) reader.Queue.Writer.TryComplete();
        }
    }

    private bool HasRoomLocked(long chatId, int events)
    {
        foreach (Reader reader in _readers)
            if (reader.Wants(chatId) && capacity - reader.Queue.Reader.Count < events) return false;
        return true;
    }

    private void SignalRoom()
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            waiting = _waiting;
            if (waiting is null) return;

            _waiting = null;
        }

        waiting.TrySetResult();
    }

    private Reader Open(long? chatId)
    {
        var reader = new Reader(chatId, Channel.CreateUnbounded<Delivery>(new UnboundedChannelOptions { SingleReader = false }));
        lock (_gate)
        {
            if (_isClosed) reader.Queue.Writer.TryComplete();
            else _readers.Add(reader);
        }

        return reader;
    }

    private void OnHandedOut(Reader reader, Delivery delivery)
    {
        if (reader.ChatId is null && delivery.IsLast()) HandedOut.Advance(delivery.Event);
        SignalRoom();
    }

    private void Drop(Reader reader)
    {
        lock (_gate) _readers.Remove(reader);
        SignalRoom();
    }

    private sealed record Reader(long? ChatId, Channel<Delivery> Queue)
    {
        public bool Wants(long chatId) => ChatId is null || ChatId == chatId;
    }

    /// <summary>An event on its way to the readers; the slowest reader of all chats decides when it is handed out.</summary>
    private sealed class Delivery(ChatEvent chatEvent, int readers)
    {
        private int _missing = readers;

        public ChatEvent Event => chatEvent;

        public bool IsLast() => Interlocked.Decrement(ref _missing) == 0;
    }

    // Not an iterator method: that would begin to listen only at the first move, and miss what the app does before it.
    private sealed class Feed(EventStreams streams, long? chatId, CancellationToken ct) : IAsyncEnumerable<ChatEvent>
    {
        public IAsyncEnumerator<ChatEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            new Enumerator(streams, streams.Open(chatId), ct, cancellationToken);
    }

    private sealed class Enumerator : IAsyncEnumerator<ChatEvent>
    {
        private readonly EventStreams _streams;
        private readonly Reader _reader;
        private readonly CancellationTokenSource _stop;

        public Enumerator(EventStreams streams, Reader reader, CancellationToken one, CancellationToken other)
        {
            (_streams, _reader) = (streams, reader);
            _stop = CancellationTokenSource.CreateLinkedTokenSource(one, other);
        }

        public ChatEvent Current { get; private set; } = null!;

        public async ValueTask<bool> MoveNextAsync()
        {
            while (await _reader.Queue.Reader.WaitToReadAsync(_stop.Token).ConfigureAwait(false))
            {
                if (!_reader.Queue.Reader.TryRead(out Delivery? next)) continue;

                Current = next.Event;
                _streams.OnHandedOut(_reader, next);
                return true;
            }

            return false;
        }

        public ValueTask DisposeAsync()
        {
            _streams.Drop(_reader);
            _stop.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
