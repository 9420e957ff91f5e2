namespace Chat.Chaos.Faults;

/// <summary>All rows, in order.</summary>
internal static class FaultMatrix
{
    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new NodeCrashRow(), new NodePauseRow(), new AllNodesCrashRow(),
        new PostgresCrashRow(), new BackendKillRow(), new SwallowedCommitRow(), new PostgresHangRow(), new PostgresRefusalRow(),
        new RedisCrashRow(), new RedisSubscribersCutRow(), new RedisStallRow(),
        new RepeatedPublicationsRow(),
    ];
}
