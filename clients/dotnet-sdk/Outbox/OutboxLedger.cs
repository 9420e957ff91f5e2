using Chat.Sdk.Connection;

namespace Chat.Sdk.Outbox;

/// <summary>
/// Writes what becomes of messages to the app's <see cref="IOutboxStore"/>, if there is one, and reads what an earlier run left. A store that
/// fails says so once to whoever can do something about it, and never ends the client. Guarded by the outbox.
/// </summary>
internal sealed class OutboxLedger(ChatClientOptions options, Notifier notifier)
{
    private readonly IOutboxStore? _store = options.OutboxStore;
    private readonly List<ChatException> _faults = []; // of the start, until there is somebody to tell

    /// <summary>Whether messages outlive the client.</summary>
    public bool IsKept => _store is not null;

    /// <summary>Whose messages these are; null where nothing is kept.</summary>
    public long? Owner => _store?.PrincipalId;

    /// <summary>What an earlier run left, in the order in which the app sent. What cannot be read stays where it is.</summary>
    public IReadOnlyList<OutboxEntry> Load()
    {
        if (_store is null) return [];

        List<OutboxEntry> entries = [];
        int unread = 0;
        foreach (ReadOnlyMemory<byte> bytes in _store.Load())
        {
            if (OutboxEntry.TryRead(bytes, out OutboxEntry entry)) entries.Add(entry);
            else unread++;
        }

        if (unread > 0 || _store.DamagedBytes > 0)
        {
            string damage = $"Of the outbox {_store.DamagedBytes} bytes and {unread} entries could not be read: messages may be missing.";
            _faults.Add(ChatException.Local(LocalErrorCode.OutboxDamaged, damage));
        }

        if (_store.DamagedBytes > 0) Doubt(entries);
        return [.. entries.OrderBy(entry => entry.Number)];
    }

    /// <summary>Tells the app once what went wrong at the start.</summary>
    public void ReportDamage()
    {
        foreach (ChatException fault in _faults) notifier.Post(() => notifier.Report(fault));
        _faults.Clear();
    }

    public bool IsExpired(OutgoingMessage message) =>
        IsKept && options.MaxOutboxAge != Timeout.InfiniteTimeSpan && options.TimeProvider.GetUtcNow() - message.QueuedAt > options.MaxOutboxAge;

    /// <summary>Writes a message as it is now. Null: it is written; otherwise why it is not.</summary>
    public ChatException? Save(OutgoingMessage message) =>
        Save(new OutboxEntry(message.Number, message.QueuedAt, message.Place.WentOut, message.Error, message.Request));

    /// <summary>
    /// Writes what became of a message that is kept already. Where it cannot be, the next run takes it up from where it stood: it sends it once
    /// more under the same id, which doubles nothing.
    /// </summary>
    public void Update(OutgoingMessage message)
    {
        if (Save(message) is { } fault) notifier.Post(() => notifier.Report(fault));
    }

    /// <summary>Forgets a message. False: it is still there, and the app was told why.</summary>
    public bool Remove(Guid id)
    {
        if (_store is null) return true;

        try
        {
            _store.Remove(id);
            return true;
        }
#pragma warning disable CA1031 // as above
        catch (Exception fault)
#pragma warning restore CA1031
        {
            ChatException error = ChatException.Local(LocalErrorCode.OutboxUnwritable, $"The outbox cannot be written: {fault.Message}", fault);
            notifier.Post(() => notifier.Report(error));
            return false;
        }
    }

    /// <summary>
    /// Where something is missing it may be the word that a message went out. Written too: the store tells of the damage once, and the run
    /// after this one must not take for certain what this one doubts.
    /// </summary>
    private void Doubt(List<OutboxEntry> entries)
    {
        for (int i = 0; i < entries.Count; i++)
        {
            if (entries[i].WentOut) continue;

            entries[i] = entries[i] with { WentOut = true };
            if (Save(entries[i]) is { } fault) _faults.Add(fault);
        }
    }

    private ChatException? Save(in OutboxEntry entry)
    {
        if (_store is null) return null;

        try
        {
            _store.Save(entry.Request.ClientMessageId, entry.ToBytes());
            return null;
        }
        catch (ChatException tooLarge)
        {
            return tooLarge;
        }
#pragma warning disable CA1031 // the store may be the app's and throw anything; what became of the message is told
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return ChatException.Local(LocalErrorCode.OutboxUnwritable, $"The outbox cannot be written: {fault.Message}", fault);
        }
    }
}
