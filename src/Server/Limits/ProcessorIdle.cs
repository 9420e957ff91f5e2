namespace Chat.Server.Limits;

/// <summary>
/// Which share of the machine's processors was idle over the last second, as Linux counts it (<c>/proc/stat</c>), or of those that this
/// process may use, where a quota gives it fewer and it uses them up. Elsewhere nothing is known. Not thread-safe.
/// </summary>
internal sealed class ProcessorIdle
{
    /// <summary>Idle and waiting for input are the fourth and fifth number; those behind the eighth, of guests, are in the first two already.</summary>
    private const int Idle = 3;
    private const int Waiting = 4;
    private const int Numbers = 8;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly string _file;
    private readonly Func<TimeSpan> _used;
    private readonly int _processors;
    private readonly TimeProvider _time;
    private (long At, long Idle, long All, TimeSpan Used)? _before;
    private double? _share;

    public ProcessorIdle(TimeProvider time)
        : this("/proc/stat", static () => Environment.CpuUsage.TotalTime, Environment.ProcessorCount, time)
    {
    }

    /// <param name="file">What the kernel counts; may be missing.</param>
    /// <param name="used">Processor time of this process so far.</param>
    /// <param name="processors">How many it may use at once.</param>
    internal ProcessorIdle(string file, Func<TimeSpan> used, int processors, TimeProvider time) =>
        (_file, _used, _processors, _time) = (file, used, processors, time);

    /// <summary>0 to 1, looked at again once a second; null while, or where, it is not known.</summary>
    public double? Read()
    {
        long now = _time.GetTimestamp();
        if (_before is { } last && _time.GetElapsedTime(last.At, now) < Period) return _share;
        if (!TryCount(out long idle, out long all)) return _share = null;

        TimeSpan used = _used();
        if (_before is { } before && all > before.All)
        {
            double own = 1 - ((used - before.Used) / (_time.GetElapsedTime(before.At, now) * _processors));
            _share = Math.Clamp(Math.Min((double)(idle - before.Idle) / (all - before.All), own), 0, 1);
        }

        _before = (now, idle, all, used);
        return _share;
    }

    /// <summary>The first line is the sum of all processors: <c>cpu user nice system idle iowait irq softirq steal …</c>, in ticks.</summary>
    private bool TryCount(out long idle, out long all)
    {
        (idle, all) = (0, 0);
        string[] parts;
        try
        {
            if (!File.Exists(_file)) return false;
            parts = (File.ReadLines(_file).FirstOrDefault() ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false; // a container may hide it
        }

        if (parts.Length <= Numbers || parts[0] != "cpu") return false;
        for (int i = 0; i < Numbers; i++)
        {
            if (!long.TryParse(parts[i + 1], out long ticks)) return false;
            all += ticks;
            if (i is Idle or Waiting) idle += ticks;
        }

        return true;
    }
}
