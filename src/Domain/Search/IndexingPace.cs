namespace Chat.Domain.Search;

/// <summary>
/// Decides how much is indexed at once and how long the indexer rests then, so that no message waits for the index (ADR 0023). A step is short,
/// whatever the machine; between two it rests as long as it worked, and much longer while messages wait for their commit. One caller at a time.
/// </summary>
internal sealed class IndexingPace
{
    /// <summary>Events of one step at most, and at first.</summary>
    internal const int MostEvents = 8_000;

    internal const int FirstEvents = 320;

    /// <summary>What a step is to take: a commit waits for a part of it, where processors are short.</summary>
    internal static readonly TimeSpan Step = TimeSpan.FromMilliseconds(25);

    /// <summary>Messages that wait longer than this for their commit have not all that they need. An unhindered one takes two or three.</summary>
    internal static readonly TimeSpan LongWait = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// One part in so many of a connection's time is left to the indexers of all nodes together while messages wait: they share the database. It is
    /// more from five nodes on, where <see cref="LongestRest"/> bounds the rest behind a whole step.
    /// </summary>
    internal const int ShareUnderLoad = 20;

    /// <summary>The longest rest.</summary>
    internal static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(2);

    private const int FewestEvents = 20;

    /// <summary>Of a chat so many at a time where there are many: each chat of a step costs a claim, whatever is in it.</summary>
    private const int EventsOfAChat = 64;

    /// <summary>Events that the next step takes.</summary>
    public int Events { get; private set; } = FirstEvents;

    /// <summary>Chats that the next step takes.</summary>
    public int Chats => Math.Max(1, Events / EventsOfAChat);

    /// <summary>A step is done.</summary>
    /// <param name="took">How long it took.</param>
    /// <param name="wasWhole">It had as many chats as it might.</param>
    public void Took(TimeSpan took, bool wasWhole)
    {
        if (took > Step) Events = Math.Max(FewestEvents, (int)(Events * Math.Max(Step / took, 0.25)));
        else if (wasWhole) Events = Math.Min(MostEvents, Events + (Events / 4));
    }

    /// <summary>How long to rest.</summary>
    /// <param name="worked">For how long the indexer was at work.</param>
    /// <param name="wait">How long messages wait for their commit.</param>
    /// <param name="nodes">How many nodes index at the same time, this one among them.</param>
    public static TimeSpan Rest(TimeSpan worked, TimeSpan wait, int nodes)
    {
        TimeSpan rest = wait > LongWait ? worked * ((ShareUnderLoad * nodes) - 1) : worked;
        return rest < LongestRest ? rest : LongestRest;
    }
}
