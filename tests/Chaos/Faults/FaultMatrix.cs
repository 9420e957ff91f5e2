namespace Chat.Chaos.Faults;

/// <summary>All rows, in order.</summary>
internal static class FaultMatrix
{
    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new NodeCrashRow(), new NodePauseRow(), new AllNodesCrashRow(), new DrainRow(),
        new PostgresCrashRow(), new BackendKillRow(), new SwallowedCommitRow(), new PostgresHangRow(), new PostgresRefusalRow(),
        new RedisCrashRow(), new RedisSubscribersCutRow(), new RedisStallRow(),
        new AckWaitsForSyncRow(), new SlowDiskRow(), new FullDatabaseDiskRow(), new FullLogDiskRow(), new DiskErrorRow(),
        new PartitionRow(), new ResetStormRow(), new PacketLossRow(), new LatencyRow(), new NarrowLinkRow(), new HalfOpenRow(),
        new ClockRow(), new MemoryRow(), new CpuRow(), new DescriptorRow(), new PoolStarvationRow(),
        new RepeatedPublicationsRow(), new HerdRow(), new RestoreRow(), new RollingUpgradeRow(),
    ];
}
