namespace Chat.Simulation.Schedules;

/// <summary>
/// Mistakes that can be planted into the simulated parts, to prove that the simulation finds them. Each is a classic of its kind.
/// </summary>
internal enum PlantedDefect : byte
{
    None,

    /// <summary>The sender hears "stored", and others see the message, while the commit is still under way (breaks P1, P2).</summary>
    AckBeforeCommit,

    /// <summary>Numbers come from a sequence object instead of the locked row (P3).</summary>
    NumbersWithoutLock,

    /// <summary>A known client message id is stored once more (P4).</summary>
    NoDeduplication,

    /// <summary>A client that makes a new id when it sends again (P4).</summary>
    RetriesWithNewId,

    /// <summary>A commit whose answer was lost is told as a final refusal (P5).</summary>
    LostReplyTakenForRefusal,

    /// <summary>A node that sees a hole does not find what is missing (P6).</summary>
    HolesNotRead,

    /// <summary>A connection that is behind loses pushes instead of keeping its place (P6).</summary>
    DropsWhenBehind,

    /// <summary>The welcome says nothing of what was missed (P7).</summary>
    PositionsForgotten,

    /// <summary>A restored backup keeps its epoch (P7).</summary>
    EpochKeptOnRestore,

    /// <summary>History is not cut to the asker's membership (P9).</summary>
    ReplayIgnoresMembership,

    /// <summary>Nodes do not hear of removals (P9).</summary>
    RemovalNotHeard,

    /// <summary>Nodes neither announce heads nor ask for them (P15).</summary>
    HeadsOff,
}
