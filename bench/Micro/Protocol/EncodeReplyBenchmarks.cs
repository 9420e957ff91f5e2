using BenchmarkDotNet.Attributes;

using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Framing;

namespace Chat.Micro.Protocol;

/// <summary>The ack of a message has one receiver and is copied on at once, so it needs no array of its own.</summary>
[MemoryDiagnoser]
public class EncodeReplyBenchmarks
{
    private readonly SentReply _reply = SampleFrames.Sent();

    /// <summary>What the ack would cost if it were encoded as a push is.</summary>
    [Benchmark(Baseline = true)]
    public byte[] ToWebSocketFrame() => FrameEncoder.EncodeWebSocket(in _reply, requestId: 7);

    /// <summary>As the dispatcher does: into memory of the thread.</summary>
    [Benchmark]
    public int IntoRentedMemory()
    {
        using RentedFrame frame = FrameEncoder.RentWebSocket(in _reply, requestId: 7);
        return frame.Bytes.Length;
    }
}
