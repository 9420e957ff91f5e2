using System.Collections.Concurrent;
using Chat.Storage.People;

namespace Chat.Domain.People;

/// <summary>
/// Remembers for a short while which chats are blocked, for what is asked every few seconds and decides nothing that lasts: typing. A block
/// empties it on every node; where that is not heard, the life of an entry heals it. Thread-safe.
/// </summary>
public sealed class DirectBlocks(BlockStore blocks, TimeProvider time)
{
    private const int MaxChats = 100_000;
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    private ConcurrentDictionary<long, Entry> _chats = new();

    /// <summary>Whether nothing passes from one to the others: a direct chat of which one has blocked the other, or a channel.</summary>
    public ValueTask<bool> IsBlockedAsync(long chatId, CancellationToken ct)
    {
        ConcurrentDictionary<long, Entry> chats = Volatile.Read(ref _chats);
        return chats.TryGetValue(chatId, out Entry entry) && time.GetElapsedTime(entry.ReadAt) < Life
            ? new ValueTask<bool>(entry.IsBlocked)
            : ReadAsync(chats, chatId, ct);
    }

    /// <summary>Somebody was blocked, or no longer is.</summary>
    public void Forget() => Volatile.Write(ref _chats, new ConcurrentDictionary<long, Entry>());

    /// <summary>What is read goes into the table that was looked at: one that was emptied meanwhile does not get an answer of before.</summary>
    private async ValueTask<bool> ReadAsync(ConcurrentDictionary<long, Entry> chats, long chatId, CancellationToken ct)
    {
        long readAt = time.GetTimestamp();
        bool isBlocked = await blocks.IsChatBlockedAsync(chatId, ct);
        if (chats.Count >= MaxChats) Interlocked.CompareExchange(ref _chats, new ConcurrentDictionary<long, Entry>(), chats);
        chats[chatId] = new Entry(isBlocked, readAt);
        return isBlocked;
    }

    private readonly record struct Entry(bool IsBlocked, long ReadAt);
}
