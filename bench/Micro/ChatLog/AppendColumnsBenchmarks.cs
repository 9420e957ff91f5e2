using System.Collections.Concurrent;

using BenchmarkDotNet.Attributes;

using Chat.Storage;
using Chat.Storage.ChatLog;

namespace Chat.Micro.ChatLog;

/// <summary>Building a batch: events in the order of their calls become columns in the order of their chats.</summary>
[MemoryDiagnoser]
public class AppendColumnsBenchmarks
{
    private const int EventsPerChat = 5;
    private const int EventsPerReply = 10;

    private readonly AppendColumns _columns = new();
    private Pending<NewEvent, AppendOutcome>[] _items = [];

    [Params(10, 100, 500)]
    public int Events { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Random random = new(1);
        ConcurrentQueue<Pending<NewEvent, AppendOutcome>> pool = new();
        _items = new Pending<NewEvent, AppendOutcome>[Events];
        for (int i = 0; i < _items.Length; i++)
        {
            long chatId = 1_000 + random.Next(Events / EventsPerChat);
            long? replyTo = i % EventsPerReply == 0 ? 12 : null;
            Guid id = new(i + 1, 0, 0, new byte[8]);
            _items[i] = Pending<NewEvent, AppendOutcome>.Rent(pool);
            NewEvent request = new(chatId, 4_000 + i, EventKinds.Message, id, replyTo, "a text that is not copied");
            _ = _items[i].BeginAsync(request, acceptedAt: 0).AsTask(); // never completed: nobody waits here
        }
    }

    /// <summary>An operation is a batch, because a batch is what one transaction waits for.</summary>
    [Benchmark]
    public int Fill()
    {
        _columns.Fill(_items);
        return _columns.Count;
    }
}
