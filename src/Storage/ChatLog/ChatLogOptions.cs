namespace Chat.Storage.ChatLog;

/// <summary>How the chat log batches and how long it tries.</summary>
public sealed record ChatLogOptions
{
    /// <summary>Most events in one transaction. Default 500 (D5).</summary>
    public int MaxBatchEvents { get; init; } = 500;

    /// <summary>Most bytes of text in one transaction, counted as UTF-16 code units; one event always goes. Default 64 Ki.</summary>
    public int MaxBatchTextLength { get; init; } = 64 * 1024;

    /// <summary>
    /// Other writers serve the same chats: where they wait for each other's locks they take turns (<see cref="WriterTurns"/>). Default false.
    /// </summary>
    public bool TakesTurns { get; init; }

    /// <summary>Events of a batch from which on turns are worth it. Default 8.</summary>
    public int LeastTurnEvents { get; init; } = 8;

    /// <summary>Most events waiting for a batch; more are told <see cref="AppendStatus.Busy"/>. Default 5,000.</summary>
    public int MaxWaitingEvents { get; init; } = 5_000;

    /// <summary>When the batch in hand has taken this long, new events are told Busy instead of joining the queue. Default 1 s.</summary>
    public TimeSpan MaxQueueAge { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one event may wait for a certain outcome, from its acceptance. Default 10 s.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>First pause after a lost connection; doubles up to <see cref="MaxBackOff"/>. Default 50 ms.</summary>
    public TimeSpan MinBackOff { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest pause between attempts. Default 2 s.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What Busy and Unavailable tell the client to wait. Default 500 ms.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMilliseconds(500);
}
