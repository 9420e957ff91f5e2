using Chat.Sdk;

namespace Chat.Simulation.Clients;

/// <summary>How far an app was given each chat.</summary>
internal sealed class AppLog
{
    private readonly Dictionary<long, (long Epoch, long Sequence)> _chats = [];

    public (long Epoch, long Sequence)? Find(long chatId) => _chats.TryGetValue(chatId, out (long, long) place) ? place : null;

    public void Set(long chatId, long epoch, long sequence) => _chats[chatId] = (epoch, sequence);

    public void Drop(long chatId) => _chats.Remove(chatId);

    public void Forget() => _chats.Clear();

    /// <summary>The client has a place in these chats: what comes after it will be given.</summary>
    public void Begin(IReadOnlyList<ChatPosition> positions)
    {
        foreach (ChatPosition position in positions) _chats.TryAdd(position.ChatId, (position.Epoch, position.Sequence));
    }
}
