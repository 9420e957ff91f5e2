using System.Buffers;

using BenchmarkDotNet.Attributes;

using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;

namespace Chat.Micro.Protocol;

/// <summary>A push is encoded once for all who get it: how much that once costs.</summary>
[MemoryDiagnoser]
public class EncodeEventBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(4_096);
    private EventPush _push;

    [Params(64, 1_024)]
    public int TextBytes { get; set; }

    [GlobalSetup]
    public void Setup() => _push = SampleFrames.Event(TextBytes);

    /// <summary>As the fan-out does: one array with all headers.</summary>
    [Benchmark(Baseline = true)]
    public byte[] ToWebSocketFrame() => FrameEncoder.EncodeWebSocket(in _push);

    /// <summary>Into a buffer that is there.</summary>
    [Benchmark]
    public int IntoBuffer()
    {
        _output.ResetWrittenCount();
        FrameEncoder.Write(_output, in _push, requestId: 0);
        return _output.WrittenCount;
    }
}
