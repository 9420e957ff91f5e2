using Chat.Domain.Fanout;
using Chat.Storage.Chats;

namespace Chat.Domain.Cluster;

/// <summary>The heads of the chats that this node wrote in the last ten seconds. Thread-safe.</summary>
internal sealed class WrittenHeads(TimeProvider time)
{
    /// <summary>How long a chat is announced after its last event: ten announcements, of which any one is enough.</summary>
    public static readonly TimeSpan Announced = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Written> _heads = [];

    public void Note(ReadOnlySpan<SequencedPush> pushes)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            foreach (ref readonly SequencedPush push in pushes) Note(push.ChatId, push.Sequence, now);
        }
    }

    public void Note(long chatId, long head)
    {
        lock (_gate) Note(chatId, head, time.GetTimestamp());
    }

    /// <summary>The heads that are to be announced now; older ones are forgotten.</summary>
    public List<ChatHead> Take()
    {
        lock (_gate)
        {
            List<ChatHead> heads = new(_heads.Count);
            foreach ((long chatId, Written written) in _heads)
            {
                if (time.GetElapsedTime(written.At) > Announced) _heads.Remove(chatId);
                else heads.Add(new ChatHead(chatId, written.Head));
            }

            return heads;
        }
    }

    private void Note(long chatId, long head, long now) =>
        _heads[chatId] = new Written(Math.Max(head, _heads.GetValueOrDefault(chatId).Head), now);

    private readonly record struct Written(long Head, long At);
}
