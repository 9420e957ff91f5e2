namespace Chat.Simulation.Schedules;

/// <summary>
/// Something that a schedule does to the world. The names say what; the numbers of an <see cref="Act"/> say to whom and how long.
/// </summary>
internal enum ActKind : byte
{
    Send,
    CutLink,
    HalfOpenLink,
    StallReading,
    RestartClient,
    PauseClient,
    KillNode,
    KillNodeAtStep,
    PauseNode,
    PauseStore,
    CrashStore,
    RefuseStore,
    CutNodeFromStore,
    FaultCommits,
    LosePublications,
    BusLoss,
    BusRepeats,
    BusReorders,
    DegradeBroker,
    CutSubscriber,
    AddMember,
    RemoveMember,
    BackUp,
    RestoreBackup,
}

/// <summary>One act of a schedule.</summary>
/// <param name="Index">Its place in the schedule as the seed made it: what a shrunk schedule names what it keeps by.</param>
/// <param name="AtMs">Virtual milliseconds from the start.</param>
/// <param name="Who">A client, a node or a principal, by number, as the kind has it.</param>
/// <param name="Chat">Which chat, by number, where the kind has one.</param>
/// <param name="DurationMs">How long it lasts, where it does.</param>
/// <param name="Amount">How many or how much, where the kind has that.</param>
internal readonly record struct Act(int Index, int AtMs, ActKind Kind, int Who, int Chat, int DurationMs, int Amount)
{
    public override string ToString() => $"{AtMs,6} ms  {Kind}(who {Who}, chat {Chat}, {DurationMs} ms, {Amount})";
}

/// <summary>What a seed stands for: the size of the world and the acts, in the order of their times.</summary>
internal sealed record Schedule(ulong Seed, int Nodes, int Clients, int LengthMs, IReadOnlyList<Act> Acts)
{
    /// <summary>False in a regression that needs the order of before there was resting.</summary>
    public bool ConnectionsRest { get; init; } = true;

    /// <summary>The same without some of its acts.</summary>
    public Schedule Only(IEnumerable<int> kept)
    {
        HashSet<int> wanted = [.. kept];
        return this with { Acts = [.. Acts.Where(act => wanted.Contains(act.Index))] };
    }
}
