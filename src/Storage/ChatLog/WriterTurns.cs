namespace Chat.Storage.ChatLog;

/// <summary>
/// Decides whether a writer waits for its turn before it takes a batch (ADR 0017). Writers whose batches touch the same chats wait for each
/// other's row locks anyway, over a whole commit, each with a small batch in hand; who waits in front of its batch fills it meanwhile. Where
/// batches do not meet, turns would cost what commits gain by going side by side: so they are taken only after waits were measured, and
/// left when they turn out not to be. A guess about speed, never about correctness. The loop only.
/// </summary>
/// <param name="leastEvents">
/// Smaller batches gain nothing by waiting for a turn: at a low rate it would only be one more way to the database.
/// </param>
internal sealed class WriterTurns(int leastEvents)
{
    /// <summary>How long a batch's locks may take before they count as waited for, and what each further chat adds.</summary>
    private static readonly TimeSpan Unhindered = TimeSpan.FromMilliseconds(1), PerChat = TimeSpan.FromMicroseconds(20);

    /// <summary>A turn that came sooner was not waited for.</summary>
    private static readonly TimeSpan Free = TimeSpan.FromMilliseconds(0.5);

    /// <summary>After a turn that did not come: a writer that stands still holds it, until PostgreSQL ends its session.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private const int MostScore = 8;
    private const int EnoughScore = 4;
    private const int TurnsAtOnce = 64;

    private int _score;
    private int _turnsLeft;
    private int _waited;
    private int _events;
    private long _pausedAt;
    private bool _isPaused;

    /// <summary>Whether to wait for a turn before the next batch.</summary>
    public bool AreWorthIt(TimeProvider time)
    {
        if (_isPaused && time.GetElapsedTime(_pausedAt) < Pause) return false;
        _isPaused = false;
        return _turnsLeft > 0;
    }

    /// <summary>A batch without a turn, of so many chats and events, had all its locks after this time.</summary>
    public void Locked(TimeSpan after, int chats, int events)
    {
        bool isHindered = events >= leastEvents && after > Unhindered + (chats * PerChat);
        _score = isHindered ? Math.Min(_score + 1, MostScore) : Math.Max(_score - 1, 0);
        if (_score >= EnoughScore) _turnsLeft = TurnsAtOnce;
    }

    /// <summary>A turn came after this time, and its batch has so many events.</summary>
    public void Came(TimeSpan after, int events)
    {
        if (after > Free) _waited++;
        _events += events;
        if (--_turnsLeft > 0) return;
        if (_waited * 4 >= TurnsAtOnce && _events >= TurnsAtOnce * leastEvents) _turnsLeft = TurnsAtOnce;
        else _score = 0;
        (_waited, _events) = (0, 0);
    }

    /// <summary>No turn came in time.</summary>
    public void Missed(TimeProvider time) =>
        (_score, _turnsLeft, _waited, _events, _isPaused, _pausedAt) = (0, 0, 0, 0, true, time.GetTimestamp());
}
