using Chat.Protocol.Codes;

namespace Chat.Sdk.Connection;

/// <summary>Keeps what the last frames were, without their content. Thread-safe.</summary>
internal sealed class FrameTrace(TimeProvider time)
{
    private const int Capacity = 200;

    private readonly Lock _gate = new();
    private readonly TracedFrame[] _frames = new TracedFrame[Capacity];
    private long _count;

    public void Add(bool isInbound, FrameType type, uint requestId, int bytes)
    {
        lock (_gate) _frames[_count++ % Capacity] = new TracedFrame(time.GetUtcNow(), isInbound, type, requestId, bytes);
    }

    public IReadOnlyList<TracedFrame> Snapshot()
    {
        lock (_gate)
        {
            long first = Math.Max(0, _count - Capacity);
            var frames = new TracedFrame[_count - first];
            for (long i = first; i < _count; i++) frames[i - first] = _frames[i % Capacity];
            return frames;
        }
    }
}
