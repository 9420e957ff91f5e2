using System.Buffers;

using BenchmarkDotNet.Attributes;

using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;

namespace Chat.Micro.Protocol;

/// <summary>What one incoming message costs before anything is done with it.</summary>
[MemoryDiagnoser]
public class DecodeSendBenchmarks
{
    private const int BatchFrames = 16;

    private ReadOnlySequence<byte> _one;
    private ReadOnlySequence<byte> _batch;

    [Params(64, 1_024)]
    public int TextBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        SendMessageRequest request = SampleFrames.Send(TextBytes);
        byte[] frame = FrameEncoder.Encode(in request, requestId: 7);
        _one = new ReadOnlySequence<byte>(frame, FrameReader.HeaderBytes, frame.Length - FrameReader.HeaderBytes);
        _batch = new ReadOnlySequence<byte>([.. Enumerable.Repeat(frame, BatchFrames).SelectMany(bytes => bytes)]);
    }

    /// <summary>A body to a request; the text is a string of its own.</summary>
    [Benchmark]
    public bool DecodeBody() => SendMessageRequest.TryRead(_one, out _, out _);

    /// <summary>Cutting frames off what has come, without a look at their bodies.</summary>
    [Benchmark(OperationsPerInvoke = BatchFrames)]
    public long CutFrames()
    {
        ReadOnlySequence<byte> rest = _batch;
        long bytes = 0;
        while (FrameReader.TryRead(ref rest, ProtocolLimits.MaxClientFrameBytes, out ReadOnlySequence<byte> body) == FrameReadResult.Complete)
            bytes += body.Length;
        return bytes;
    }

    /// <summary>Type and request id, by which the dispatcher chooses.</summary>
    [Benchmark]
    public FrameHeader ReadHeader()
    {
        FrameHeader.TryReadRequest(_one, out FrameHeader header);
        return header;
    }
}
