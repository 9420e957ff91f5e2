namespace Chat.Chaos.Workload;

/// <summary>How much traffic a run has, and where to.</summary>
public sealed record WorkloadOptions
{
    /// <summary>Decides who writes what when; printed with each verdict.</summary>
    public required int Seed { get; init; }

    /// <summary>Accounts. 2 or more. Default 8.</summary>
    public int People { get; init; } = 8;

    /// <summary>Clients of each person. Default 1.</summary>
    public int DevicesPerPerson { get; init; } = 1;

    /// <summary>Chats: the first half groups, the others direct. Default 6.</summary>
    public int Chats { get; init; } = 6;

    /// <summary>Members of a group. Default 4.</summary>
    public int MembersPerChat { get; init; } = 4;

    /// <summary>Messages a second, all senders together, whatever becomes of them (open loop). Default 40.</summary>
    public double MessagesPerSecond { get; init; } = 40;

    /// <summary>
    /// Base addresses of the nodes as clients are to reach them: of the nodes, or of proxies before them. A client goes to the next one at
    /// each connection.
    /// </summary>
    public required IReadOnlyList<Uri> Nodes { get; init; }

    /// <summary>Where the history goes; the directory is made if it is not there.</summary>
    public required string HistoryDirectory { get; init; }

    /// <summary>Bare connections that watch what the wire brings, without an SDK that mends it. Default 4.</summary>
    public int WireObservers { get; init; } = 4;

    /// <summary>Of these, how many stop reading now and then for <see cref="SlowReaderPause"/>. Default 1.</summary>
    public int SlowReaders { get; init; } = 1;

    /// <summary>How long a slow reader does not read. Default 1.5 s.</summary>
    public TimeSpan SlowReaderPause { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Members of groups removed and added again, a second. Default 1.</summary>
    public double MembershipChangesPerSecond { get; init; } = 1;

    /// <summary>Reads of history, of REST and of foreign chats, a second. Default 10.</summary>
    public double ReadsPerSecond { get; init; } = 10;

    /// <summary>Whether one device is signed out in the middle of the run. Default true.</summary>
    public bool RevokeOneDevice { get; init; } = true;

    /// <summary>When that is. Default 2 s after the start.</summary>
    public TimeSpan RevokeAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Least characters of a message. Default 8; above 4,000 slow readers are felt.</summary>
    public int PayloadCharacters { get; init; } = 8;

    /// <summary>A bare connection is kept between one and four of these. Default 1 s.</summary>
    public TimeSpan ObserverStay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Some messages are sent by a client that is wrong: it has no answer, and tries again under another id. Default false. Not a fault of
    /// the service, but of an SDK: the checker must see it.
    /// </summary>
    public bool RetriesWithNewId { get; init; }

    /// <summary>Probes of the end phase. Default 100.</summary>
    public int Probes { get; init; } = 100;

    /// <summary>The longest that the end phase waits for everybody to have everything, before and after the probes;
    /// for the outcomes of messages that were in doubt it waits longer. Default 10 s.</summary>
    public TimeSpan CatchUp { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>Where the truth is read from at the end.</summary>
/// <param name="ConnectionString">PostgreSQL itself, past every proxy.</param>
/// <param name="Node">A node that is alive.</param>
public sealed record FinalSource(string ConnectionString, Uri Node);
