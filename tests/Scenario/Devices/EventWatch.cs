using System.Text.Json;
using System.Text.Json.Nodes;

using Chat.Sdk;

namespace Chat.Scenario.Devices;

/// <summary>
/// What the events of a client promise: in each chat ascending and each once. What was seen is kept, so that what is missing shows at the
/// end. The twin of <c>driver/event-watch.mjs</c>. Thread-safe.
/// </summary>
internal sealed class EventWatch
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Seen> _chats = [];
    private readonly List<string> _faults = [];

    /// <summary>All above this sequence is news.</summary>
    public void Begin(long chatId, long head)
    {
        lock (_gate) Of(chatId).From ??= head;
    }

    public void Take(ChatEvent got)
    {
        lock (_gate)
        {
            Seen chat = Of(got.ChatId);
            if (got is ChatDiscontinuity seam)
            {
                chat.Skips.Add(seam.Reason);
                return;
            }

            long sequence = ((ChatLogEvent)got).Sequence;
            if (sequence <= chat.Last) _faults.Add($"chat {got.ChatId}: event {sequence} came after {chat.Last}");
            chat.Last = Math.Max(chat.Last, sequence);
            if (chat.Ranges is [.., long[] newest] && newest[1] == sequence - 1) newest[1] = sequence;
            else chat.Ranges.Add([sequence, sequence]);
        }
    }

    public JsonNode Report()
    {
        lock (_gate)
        {
            return JsonSerializer.SerializeToNode(new
            {
                faults = _faults,
                chats = _chats.ToDictionary(chat => chat.Key, chat => new { from = chat.Value.From ?? 0, seen = chat.Value.Ranges, skips = chat.Value.Skips }),
                errors = Array.Empty<string>(),
            })!;
        }
    }

    private Seen Of(long chatId)
    {
        if (!_chats.TryGetValue(chatId, out Seen? chat)) _chats.Add(chatId, chat = new Seen());
        return chat;
    }

    private sealed class Seen
    {
        public long? From { get; set; }

        public long Last { get; set; }

        public List<long[]> Ranges { get; } = [];

        public List<string> Skips { get; } = [];
    }
}
