using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Sdk.Connection;

namespace Chat.Sdk.Sync;

/// <summary>
/// Tells the service what was taken, one frame for many events of a chat, and nothing in channels (protocol-spec.md §8.9). What a lost
/// connection interrupted is told on the next one. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="kindOf">The kind of a chat; null while it is not known, and until then nothing is told of it.</param>
/// <param name="onTold">Takes what is stored.</param>
internal sealed class DeliveryMarks(TimeProvider time, Func<long, ChatKind?> kindOf, Action<long, long> onTold)
{
    private static readonly TimeSpan Coalescing = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private Dictionary<long, long> _due = [];
    private WireSession? _session;
    private bool _isScheduled;

    public void OnOnline(WireSession session)
    {
        lock (_gate)
        {
            _session = session;
            if (_due.Count > 0) Schedule();
        }
    }

    public void Mark(long chatId, long sequence)
    {
        lock (_gate)
        {
            _due[chatId] = Math.Max(sequence, _due.GetValueOrDefault(chatId));
            Schedule();
        }
    }

    /// <summary>The chat's kind is known.</summary>
    public void OnKnown(long chatId)
    {
        lock (_gate)
        {
            if (_due.ContainsKey(chatId)) Schedule();
        }
    }

    private void Schedule()
    {
        if (_isScheduled || _session is null || _session.Ended.IsCancellationRequested) return;

        _isScheduled = true;
        _ = FlushAsync(_session);
    }

    private async Task FlushAsync(WireSession session)
    {
        await Task.WhenAny(Task.Delay(Coalescing, time, session.Ended)).ConfigureAwait(false);

        List<(long ChatId, long Sequence)> toSend = [];
        lock (_gate)
        {
            _isScheduled = false;
            if (session.Ended.IsCancellationRequested) return;

            Dictionary<long, long> unknown = [];
            foreach ((long chatId, long sequence) in _due)
            {
                // Asked once: a kind that becomes known in between would have the mark kept and sent.
                ChatKind? kind = kindOf(chatId);
                if (kind is null) unknown.Add(chatId, sequence);
                else if (kind != ChatKind.Channel) toSend.Add((chatId, sequence));
            }

            _due = unknown;
        }

        foreach ((long chatId, long sequence) in toSend) _ = SendAsync(session, chatId, sequence);
    }

    private async Task SendAsync(WireSession session, long chatId, long sequence)
    {
        try
        {
            await session.CallAsync<MarkDeliveredRequest, OkReply>(new MarkDeliveredRequest(chatId, sequence)).ConfigureAwait(false);
            onTold(chatId, sequence);
        }
        catch (ChatException refused) when (!refused.Retryable)
        {
            // Not a member any longer: nobody waits for this receipt.
        }
        catch (Exception again) when (again is ChatException or ConnectionLostException)
        {
            lock (_gate) _due[chatId] = Math.Max(sequence, _due.GetValueOrDefault(chatId));
            if (again is ChatException) Mark(chatId, sequence); // the next flush tries again; after a lost connection the next session does
        }
    }
}
