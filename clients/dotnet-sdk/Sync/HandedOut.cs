namespace Chat.Sdk.Sync;

/// <summary>
/// How far the app was given each chat's events: what waits in a reader does not count, so that a crash loses nothing. Thread-safe.
/// </summary>
internal sealed class HandedOut
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Mark> _marks = [];

    public IReadOnlyList<ChatPosition> Snapshot()
    {
        lock (_gate) return [.. _marks.Select(mark => new ChatPosition(mark.Key, mark.Value.Epoch, mark.Value.Sequence))];
    }

    /// <summary>A chat's log has a place: what comes after it will be handed out. One that is known keeps its mark.</summary>
    public void Begin(long chatId, long epoch, long sequence)
    {
        lock (_gate)
        {
            if (_marks.TryGetValue(chatId, out Mark? mark)) mark.End = null;
            else _marks.Add(chatId, new Mark { Epoch = epoch, Sequence = sequence });
        }
    }

    /// <summary>Every reader of all chats has got the event.</summary>
    public void Advance(ChatEvent handedOut)
    {
        lock (_gate)
        {
            if (!_marks.TryGetValue(handedOut.ChatId, out Mark? mark)) return;

            (mark.Epoch, mark.Sequence) = handedOut switch
            {
                ChatLogEvent taken => (taken.Epoch, taken.Sequence),
                ChatDiscontinuity seam => (seam.Epoch, seam.ContinuesAfter),
                _ => (mark.Epoch, mark.Sequence),
            };
            if (mark.IsOver || mark.Epoch == 0) _marks.Remove(handedOut.ChatId);
        }
    }

    /// <summary>Nothing follows the last event of the chat: once that is handed out, the chat needs no position.</summary>
    public void End(long chatId, long lastSequence)
    {
        lock (_gate)
        {
            if (!_marks.TryGetValue(chatId, out Mark? mark)) return;

            mark.End = lastSequence;
            if (mark.IsOver) _marks.Remove(chatId);
        }
    }

    private sealed class Mark
    {
        public long Epoch { get; set; }

        public long Sequence { get; set; }

        /// <summary>The last sequence of a chat that the principal is not in any longer.</summary>
        public long? End { get; set; }

        public bool IsOver => Sequence >= End;
    }
}
