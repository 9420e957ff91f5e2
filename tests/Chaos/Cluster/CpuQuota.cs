namespace Chat.Chaos.Cluster;

/// <summary>Gives one process a share of a core. Its process is free when it is disposed. Not thread-safe.</summary>
internal sealed class CpuQuota : IDisposable
{
    private const int PeriodMicroseconds = 100_000;
    private const string QuotaFile = "cpu.cfs_quota_us";

    private readonly ControlGroup _group;

    private CpuQuota(ControlGroup group) => _group = group;

    /// <summary>Null where this cannot be had.</summary>
    public static CpuQuota? TryCreate() => ControlGroup.TryCreate("cpu", QuotaFile) is { } group ? new CpuQuota(group) : null;

    public void Limit(int process, int percentOfACore)
    {
        _group.Set("cpu.cfs_period_us", PeriodMicroseconds);
        _group.Set(QuotaFile, PeriodMicroseconds * percentOfACore / 100);
        _group.Take(process);
    }

    /// <summary>Gives the process its cores back.</summary>
    public void Free() => _group.Free();

    public void Dispose() => _group.Dispose();
}
