using System.Buffers;

using BenchmarkDotNet.Attributes;

using Chat.Server.Transport;

namespace Chat.Micro.Transport;

/// <summary>From a client's bytes to a message: header, limits and mask of one small binary WebSocket frame that came whole.</summary>
[MemoryDiagnoser]
public class MessageReaderBenchmarks
{
    private readonly WebSocketMessageReader _reader = new(new WebSocketOptions());
    private ReadOnlySequence<byte> _frame;

    [Params(64, 1_024)]
    public int TextBytes { get; set; }

    [GlobalSetup]
    public void Setup() => _frame = new ReadOnlySequence<byte>(MaskedFrames.Send(TextBytes));

    [GlobalCleanup]
    public void Cleanup() => _reader.Dispose();

    /// <summary>Handed out where it lies. Every other call finds the payload unmasked and masks it: binary payloads are not looked at.</summary>
    [Benchmark]
    public long ReadInPlace()
    {
        ReadOnlySequence<byte> rest = _frame;
        WebSocketReadResult result = _reader.TryRead(ref rest, out ReadOnlySequence<byte> payload);
        return result == WebSocketReadResult.Message ? payload.Length : throw new InvalidOperationException($"The reader answered {result}.");
    }
}
