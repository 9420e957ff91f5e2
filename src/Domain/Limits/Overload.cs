using Chat.Storage.ChatLog;

namespace Chat.Domain.Limits;

/// <summary>
/// Judges the node's load from what waits for the chat log and from memory, as <see cref="Refresh"/> saw them last. The log's own bounds
/// (a full queue, an old batch) stand apart and are exact; these come before, and let what matters less give way first.
/// </summary>
/// <remarks>Thread-safe; reading the level costs one volatile load.</remarks>
public sealed class Overload(ChatLogWriter log, ChatLogOptions options, TimeProvider time)
{
    /// <summary>Share of the memory limit at which new work is refused (promise P12).</summary>
    public const double FullMemory = 0.8;

    private const double HighMemory = 0.75;
    private const double RaisedMemory = 0.7;

    private volatile LoadLevel _level;
    private volatile bool _isShortOfMemory;
    private long _answeredAt; // 0: nothing but the log was asked yet

    public LoadLevel Level => _level;

    /// <summary>What a refused client is told to wait.</summary>
    public TimeSpan RetryAfter => _isShortOfMemory ? TimeSpan.FromSeconds(2) : options.RetryAfter;

    /// <summary>How long messages waited lately for their commit: what can wait itself gives way to them long before anything is refused.</summary>
    public TimeSpan RecentWait => log.RecentWait;

    /// <summary>
    /// The batch in hand is older than anybody is made to wait, and nothing else that was asked of PostgreSQL got an answer for as long
    /// (<see cref="NoteAnswer"/>): whoever asks it anything would wait in vain. False also where nothing was asked of the log, and where the
    /// batch alone waits, such as for a lock.
    /// </summary>
    public bool IsStorageSilent =>
        log.BatchAge >= options.MaxQueueAge && time.GetElapsedTime(Volatile.Read(ref _answeredAt)) >= options.MaxQueueAge;

    /// <summary>The batch in hand is half as old: time to ask PostgreSQL something else, so that there is an answer or none when it counts.</summary>
    public bool IsStorageLate => log.BatchAge >= options.MaxQueueAge / 2;

    /// <summary>Memory is the reason, or one of the reasons, for <see cref="LoadLevel.Full"/>.</summary>
    public bool IsShortOfMemory => _isShortOfMemory;

    /// <summary>PostgreSQL answered something other than the log's batch, an error of the statement included.</summary>
    public void NoteAnswer() => Volatile.Write(ref _answeredAt, time.GetTimestamp());

    /// <summary>Looks again. Called several times a second by one caller.</summary>
    /// <param name="memoryShare">Memory in use as a share of what this process may have; 0 when nothing is known.</param>
    public void Refresh(double memoryShare)
    {
        _isShortOfMemory = memoryShare >= FullMemory;
        double queue = Math.Max((double)log.WaitingEvents / options.MaxWaitingEvents, log.BatchAge / options.MaxQueueAge);
        _level = _isShortOfMemory ? LoadLevel.Full
            : queue >= 0.5 || memoryShare >= HighMemory ? LoadLevel.High
            : queue >= 0.25 || memoryShare >= RaisedMemory ? LoadLevel.Raised
            : LoadLevel.Normal;
    }
}
