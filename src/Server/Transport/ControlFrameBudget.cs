namespace Chat.Server.Transport;

/// <summary>Counts pings and pongs against a rate with a burst (promise 4.4). Connection loop only.</summary>
internal struct ControlFrameBudget(WebSocketOptions options, TimeProvider time)
{
    private double _left = options.ControlFrameBurst;
    private long _countedAt = time.GetTimestamp();

    public bool TrySpend()
    {
        long now = time.GetTimestamp();
        double refill = time.GetElapsedTime(_countedAt, now).TotalSeconds * options.MaxControlFramesPerSecond;
        (_left, _countedAt) = (Math.Min(options.ControlFrameBurst, _left + refill), now);
        if (_left < 1) return false;
        _left--;
        return true;
    }
}
