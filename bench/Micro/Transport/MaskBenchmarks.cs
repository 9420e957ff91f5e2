using BenchmarkDotNet.Attributes;

using Chat.Server.Transport;

namespace Chat.Micro.Transport;

/// <summary>Removing the mask of a payload where it lies.</summary>
[MemoryDiagnoser]
public class MaskBenchmarks
{
    private byte[] _payload = [];

    [Params(64, 1_024, 65_536)]
    public int PayloadBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _payload = new byte[PayloadBytes];
        new Random(1).NextBytes(_payload);
    }

    /// <summary>In place. The next call lays the mask on again, which is the same work.</summary>
    [Benchmark]
    public uint ApplyInPlace() => WebSocketMask.Apply(_payload, _payload, MaskedFrames.Key);
}
