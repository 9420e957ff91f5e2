using System.IO.Pipelines;

namespace Chat.Server.Transport;

/// <summary>The deadlines of a connection that has not said what it is. Swept by <see cref="ConnectionRegistry"/>.</summary>
internal sealed class PendingHandshake(PipeReader input, WebSocketOptions options, TimeProvider time)
{
    private readonly long _acceptedAt = time.GetTimestamp();
    private long _firstByteAt;
    private long _lingersSince;
    private int _isLate;

    public bool IsLate => Volatile.Read(ref _isLate) == 1;

    public bool HasBegun => Volatile.Read(ref _firstByteAt) != 0;

    /// <summary>The request was refused before it was whole, or with bytes behind it.</summary>
    public bool IsMidRequest { get; set; }

    public void Begin()
    {
        if (_firstByteAt == 0) Volatile.Write(ref _firstByteAt, time.GetTimestamp());
    }

    /// <summary>The request is refused; only its leftover is awaited.</summary>
    public void Linger() => Volatile.Write(ref _lingersSince, time.GetTimestamp());

    /// <param name="patience">How many times as long as otherwise the first byte may take.</param>
    public void Sweep(int patience)
    {
        long firstByteAt = Volatile.Read(ref _firstByteAt), lingersSince = Volatile.Read(ref _lingersSince);
        bool isLate = lingersSince != 0 ? time.GetElapsedTime(lingersSince) >= options.FailTimeout
            : firstByteAt != 0 ? time.GetElapsedTime(firstByteAt) >= options.HandshakeTimeout
            : time.GetElapsedTime(_acceptedAt) >= options.FirstByteTimeout * patience;
        if (!isLate) return;

        Volatile.Write(ref _isLate, 1);
        input.CancelPendingRead();
    }
}
