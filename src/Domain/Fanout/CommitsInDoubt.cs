using System.Threading.Channels;
using Chat.Domain.Cluster;
using Chat.Storage.Chats;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Fanout;

/// <summary>
/// Looks after chats whose commit got no answer: what it wrote may be stored, and is told to nobody. Asks the database how far their logs
/// go, until it answers, and has that told here and to the other nodes (promises P5, P15).
/// </summary>
/// <remarks>
/// The question waits for a transaction that still holds the chat's row: its backend may be about to commit. One whose statements have not
/// arrived yet holds nothing, and TCP may bring them long after the connection was given up; so each chat is asked for once more,
/// <see cref="LongestFlight"/> after the doubt. Thread-safe.
/// </remarks>
public sealed partial class CommitsInDoubt(IRepairReads reads, TimeProvider time, ILogger<CommitsInDoubt> log) : IAsyncDisposable
{
    /// <summary>Between two tries while the database does not answer.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// What was sent this long ago has arrived, or never will: the log gives a message up after 10 s, and TCP's own pauses double.
    /// </summary>
    public static readonly TimeSpan LongestFlight = TimeSpan.FromSeconds(30);

    /// <summary>Most chats of one query.</summary>
    public const int MaxChats = 1_000;

    /// <summary>How long a node that stops tries to find out.</summary>
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Doubt> _doubts = [];
    private readonly StoppableLoop _loop = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private bool _failed;

    public void Start() => _loop.Start(RunAsync);

    /// <summary>A commit of these chats got no answer. Returns at once.</summary>
    /// <param name="fanout">Who is to hear how far they go.</param>
    public void Note(IReadOnlyCollection<long> chatIds, ChatFanout fanout)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            foreach (long chatId in chatIds) _doubts[chatId] = new Doubt(chatId, fanout, now);
        }

        FanoutMetrics.CommitsInDoubt.Add(chatIds.Count);
        LogInDoubt(chatIds.Count);
        _wake.Writer.TryWrite(true);
    }

    /// <summary>
    /// Behind the last commit and in front of the last announcement of heads. Tries once more for what the database has not answered; if it
    /// does not, the other nodes are not told that this one ended in order, and so read heads when they miss it.
    /// </summary>
    public async Task StopAsync()
    {
        await _loop.StopAsync();
        if (!HasUnasked()) return;

        using CancellationTokenSource deadline = new(LongestFarewell, time);
        try
        {
            await TryAskAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            _failed = true; // the same as no answer
        }

        List<Doubt> left = TakeUnasked();
        if (left.Count == 0) return;
        LogLeft(left.Count);
        left[0].Fanout.OweHeads();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _loop.DisposeAsync();
    }

    private async Task RunAsync()
    {
        using ITimer alarm = time.CreateTimer(
            static wake => ((ChannelWriter<bool>)wake!).TryWrite(true), _wake.Writer, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (true)
            {
                await _wake.Reader.ReadAsync(_loop.Stopping);
                alarm.Change(await TryAskAsync(_loop.Stopping) ? UntilNext() : Pause, Timeout.InfiniteTimeSpan);
            }
        }
        catch (OperationCanceledException) when (_loop.Stopping.IsCancellationRequested)
        {
            // The node is going down; StopAsync has the last try.
        }
    }

    /// <returns>False when the database did not answer.</returns>
    private async Task<bool> TryAskAsync(CancellationToken ct)
    {
        try
        {
            foreach (Doubt[] due in TakeDue().Chunk(MaxChats))
            {
                foreach (ChatHead head in await reads.ReadSettledHeadsAsync([.. due.Select(doubt => doubt.ChatId)], ct))
                    due[0].Fanout.Settle(head.ChatId, head.Sequence);
                Answered(due);
            }

            if (_failed) LogAnswered();
            _failed = false;
            return true;
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            if (!_failed) LogNotAnswered(fault, Pause.TotalMilliseconds);
            _failed = true;
            return false;
        }
    }

    private List<Doubt> TakeDue()
    {
        lock (_gate) return [.. _doubts.Values.Where(doubt => !doubt.IsAsked || time.GetElapsedTime(doubt.Since) >= LongestFlight)];
    }

    /// <summary>One that came into doubt again while it was asked for stays as it is.</summary>
    private void Answered(Doubt[] due)
    {
        lock (_gate)
        {
            foreach (Doubt doubt in due)
            {
                if (_doubts.GetValueOrDefault(doubt.ChatId) != doubt) continue;
                if (time.GetElapsedTime(doubt.Since) >= LongestFlight) _doubts.Remove(doubt.ChatId);
                else doubt.IsAsked = true;
            }
        }
    }

    /// <summary>Until the next chat is to be asked for once more; for ever when there is none.</summary>
    private TimeSpan UntilNext()
    {
        lock (_gate)
        {
            if (_doubts.Count == 0) return Timeout.InfiniteTimeSpan;
            if (_doubts.Values.Any(doubt => !doubt.IsAsked)) return TimeSpan.Zero;
            TimeSpan left = LongestFlight - _doubts.Values.Max(doubt => time.GetElapsedTime(doubt.Since));
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private bool HasUnasked()
    {
        lock (_gate) return _doubts.Values.Any(doubt => !doubt.IsAsked);
    }

    private List<Doubt> TakeUnasked()
    {
        lock (_gate)
        {
            List<Doubt> unasked = [.. _doubts.Values.Where(doubt => !doubt.IsAsked)];
            _doubts.Clear();
            return unasked;
        }
    }

    [LoggerMessage(EventId = EventIds.CommitInDoubt, Level = LogLevel.Warning,
        Message = "A commit that changed {Count} chats got no answer; the database is asked how far they go")]
    private partial void LogInDoubt(int count);

    [LoggerMessage(EventId = EventIds.DoubtNotAnswered, Level = LogLevel.Warning,
        Message = "The database does not say how far chats go whose commit is in doubt; asked again every {Milliseconds} ms, "
            + "without another word until it does")]
    private partial void LogNotAnswered(Exception fault, double milliseconds);

    [LoggerMessage(EventId = EventIds.DoubtAnswered, Level = LogLevel.Information,
        Message = "The database has said how far the chats go whose commit was in doubt")]
    private partial void LogAnswered();

    [LoggerMessage(EventId = EventIds.DoubtLeft, Level = LogLevel.Warning,
        Message = "The node ends without knowing how far {Count} chats go whose commit is in doubt; other nodes find out "
            + "when they miss this one")]
    private partial void LogLeft(int count);

    private sealed class Doubt(long chatId, ChatFanout fanout, long since)
    {
        public long ChatId { get; } = chatId;

        public ChatFanout Fanout { get; } = fanout;

        /// <summary>When it arose; monotonic.</summary>
        public long Since { get; } = since;

        /// <summary>The database has answered once.</summary>
        public bool IsAsked { get; set; }
    }
}
