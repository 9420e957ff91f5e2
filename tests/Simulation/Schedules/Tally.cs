namespace Chat.Simulation.Schedules;

/// <summary>What is counted, so that a run shows which faults its schedules really had.</summary>
internal enum Happening : byte
{
    MessageSent,
    MessageAcked,
    MessageRefused,
    EventDelivered,
    Discontinuity,
    ClientOnline,
    ClientRestarted,
    ClientPaused,
    LinkCut,
    LinkHalfOpen,
    ReadingStalled,
    GapPushed,
    NodeKilled,
    NodeKilledBeforeCommit,
    NodeKilledAfterCommit,
    NodeKilledAfterPublish,
    NodePaused,
    StorePaused,
    StoreCrashed,
    StoreRefused,
    StoreCutOff,
    CommitCutBefore,
    CommitReplyLost,
    CommitRace,
    PublicationLost,
    PublicationRepeated,
    PublicationReordered,
    BrokerDegraded,
    SubscriberCut,
    MemberAdded,
    MemberRemoved,
    BackupRestored,
    HoleRead,
    HeadsRead,
    DoubtSettled,
}

/// <summary>Counts of <see cref="Happening"/>. One thread.</summary>
internal sealed class Tally
{
    private readonly long[] _counts = new long[Enum.GetValues<Happening>().Length];

    public long this[Happening what] => _counts[(int)what];

    public void Add(Happening what) => _counts[(int)what]++;

    public void Add(Tally other)
    {
        for (int i = 0; i < _counts.Length; i++) _counts[i] += other._counts[i];
    }
}
