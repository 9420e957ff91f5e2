using Chat.Protocol.Codes;
using Chat.Sdk;

namespace Chat.Scenario.Devices;

/// <summary>
/// A chat on the screen of an app on the C# SDK, which keeps no list of messages itself: what is stored, then what comes, with the changes
/// counted in as <see cref="ChatMessage.With"/> says. Thread-safe.
/// </summary>
internal sealed class Conversation : IAsyncDisposable
{
    private readonly ChatHandle _chat;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, ChatLogEvent> _shown = [];
    private readonly HashSet<long> _hidden = [];
    private readonly Task _reading;
    private long _clearedUpTo;
    private long _taken;

    public Conversation(ChatHandle chat)
    {
        _chat = chat;
        _reading = ReadAsync();
    }

    /// <summary>The newest event that was taken.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Why nothing more is taken; null while it goes on.</summary>
    public string? End { get; private set; }

    /// <summary>What is shown, ascending by sequence: changes are seen in the message, not beside it.</summary>
    public IReadOnlyList<ChatLogEvent> Shown
    {
        get { lock (_gate) return [.. _shown.Values]; }
    }

    /// <summary>The person deleted a message for itself alone.</summary>
    public void Hide(long sequence)
    {
        lock (_gate)
        {
            _hidden.Add(sequence);
            _shown.Remove(sequence);
        }
    }

    /// <summary>The person cleared the history.</summary>
    public void Clear(long upTo)
    {
        lock (_gate)
        {
            _clearedUpTo = Math.Max(_clearedUpTo, upTo);
            foreach (long sequence in _shown.Keys.Where(sequence => sequence <= upTo).ToList()) _shown.Remove(sequence);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _reading;
        _closing.Dispose();
    }

    private async Task ReadAsync()
    {
        long after = 0;
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                bool isSeam = false;
                await foreach (ChatEvent next in _chat.ReadEventsAsync(after, _closing.Token))
                {
                    isSeam = next is ChatDiscontinuity;
                    if (isSeam) break;
                    await TakeAsync((ChatLogEvent)next);
                    after = ((ChatLogEvent)next).Sequence;
                }

                if (!isSeam)
                {
                    End = "the client was closed";
                    return;
                }

                lock (_gate) _shown.Clear();
                after = 0; // what is shown is read anew
            }
            catch (ChatException refused) when (refused.Retryable)
            {
                await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, _closing.Token)); // and on from there
            }
            catch (Exception over)
            {
                End = over.ToString(); // closed, the chat is none of this person's any more, or a fault of the SDK
                return;
            }
        }
    }

    private async Task TakeAsync(ChatLogEvent next)
    {
        bool isTextUnknown = false;
        lock (_gate)
        {
            if (next is not ChatMessageChange change) Show(next);
            else if (_shown.GetValueOrDefault(change.Target) is ChatMessage message)
            {
                _shown[change.Target] = message.With(change);
                isTextUnknown = change is { Kind: EventKind.Edited, Text: null };
            }
        }

        if (isTextUnknown) await ReadAgainAsync(((ChatMessageChange)next).Target);
        Interlocked.Exchange(ref _taken, next.Sequence);
    }

    /// <summary>An edit did not say the text: it is asked for.</summary>
    private async Task ReadAgainAsync(long sequence)
    {
        HistoryPage page = await _chat.HistoryAsync(after: sequence - 1, limit: 1, cancellationToken: _closing.Token);
        lock (_gate)
        {
            foreach (ChatLogEvent found in page.Events)
            {
                if (found is ChatMessage { Sequence: var at } message && at == sequence) Show(message);
            }
        }
    }

    private void Show(ChatLogEvent entry)
    {
        if (entry.Sequence > _clearedUpTo && !_hidden.Contains(entry.Sequence)) _shown[entry.Sequence] = entry;
    }
}
