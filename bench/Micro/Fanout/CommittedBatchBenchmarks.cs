using BenchmarkDotNet.Attributes;

using Chat.Domain.Fanout;
using Chat.Storage;

namespace Chat.Micro.Fanout;

/// <summary>
/// A committed batch on its way to the members, until each has consumed it: 100 events in 10 chats of 10 members, 1,000 deliveries.
/// An operation is one event, the row that storage makes of it included.
/// </summary>
[MemoryDiagnoser]
public class CommittedBatchBenchmarks
{
    private const int Chats = 10;
    private const int MembersPerChat = 10;
    private const int Events = 100;

    private readonly EventRow[] _batch = new EventRow[Events];
    private readonly Guid _id = new("0198f1a2-7c3d-7000-8000-00000000002a");
    private FanoutNode? _node;
    private string _text = "";
    private long _head;

    [Params(64, 1_024)]
    public int TextBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        (_node, _text, _head) = (new FanoutNode(Chats, MembersPerChat), new string('a', TextBytes), FanoutNode.FirstHead);
        for (int i = 0; i < MessageRing.MaxCapacity; i++) OnCommitted(); // until the rings are at their full size
    }

    [GlobalCleanup]
    public async Task CleanupAsync() => await _node!.DisposeAsync();

    [Benchmark(OperationsPerInvoke = Events)]
    public long OnCommitted()
    {
        for (int i = 0; i < Events; i++)
        {
            if (i % Chats == 0) _head++;
            long chatId = FanoutNode.ChatId(i % Chats);
            _batch[i] = new EventRow(chatId, _head, EventKinds.Message, 4_321, 1_780_000_000_000, _id, null, _text, null, null);
        }

        _node!.Fanout.OnCommitted(_batch);
        int served = _node.Pump.Drain();
        return served == Chats * MembersPerChat ? _node.Pump.Checksum : throw new InvalidOperationException($"{served} members were served.");
    }
}
