using BenchmarkDotNet.Attributes;

using Chat.Domain.Fanout;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;

namespace Chat.Micro.Fanout;

/// <summary>One typing push to a chat, but not to the session that types; until all others have consumed it. An operation is one push.</summary>
[MemoryDiagnoser]
public class TypingBenchmarks
{
    private const long Typist = 1;

    private FanoutNode? _node;

    [Params(10, 1_000)]
    public int Members { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _node = new FanoutNode(chats: 1, Members);
        for (int i = 0; i < 2 * MessageRing.MaxCapacity; i++) Publish(); // until the ring is at its full size
    }

    [GlobalCleanup]
    public async Task CleanupAsync() => await _node!.DisposeAsync();

    [Benchmark]
    public long Publish()
    {
        TypingPush push = new(FanoutNode.ChatId(0), Typist, Active: true);
        _node!.Fanout.PublishEphemeral(push.ChatId, FrameEncoder.EncodeWebSocket(in push), exceptSessionId: Typist);
        int served = _node.Pump.Drain();
        return served == Members - 1 ? _node.Pump.Checksum : throw new InvalidOperationException($"{served} members were served.");
    }
}
