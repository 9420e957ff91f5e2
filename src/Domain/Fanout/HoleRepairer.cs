using System.Collections.Concurrent;
using System.Threading.Channels;
using Chat.Storage;
using Chat.Storage.Chats;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Fanout;

/// <summary>
/// Fills holes in what this node has applied of a chat: waits 50 ms, and as long as the broker takes, for the missing event to come by
/// itself, then reads it from the database. One repair a chat at a time, at most four queries at once, so that a fault is not answered with
/// a herd (architecture decision D8).
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed partial class HoleRepairer(IRepairReads reads, TimeProvider time, ILogger<HoleRepairer> log) : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    /// <summary>However slow the broker is: a lost event is to be there within two seconds (promise P15).</summary>
    public static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(1);

    /// <summary>Most events of one read.</summary>
    public const int MaxEvents = 500;

    private const int Workers = 4;
    private const int MaxReadings = 5;

    /// <summary>The database does not have it, though its log goes that far: twice as long each time, because time alone mends nothing.</summary>
    private static readonly TimeSpan FirstMissingPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestMissingPause = TimeSpan.FromMinutes(1);

    /// <summary>The database does not answer. Not longer: chats live again two seconds after it does (promise P15).</summary>
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<long, Repair> _repairs = new();
    private readonly Channel<Repair> _due = Channel.CreateUnbounded<Repair>(new UnboundedChannelOptions { SingleReader = false });
    private readonly CancellationTokenSource _stopping = new();
    private Task[] _workers = [];

    public void Start() => _workers = [.. Enumerable.Range(0, Workers).Select(_ => Task.Run(RunAsync))];

    /// <summary>Sees to it that the chat's hole is filled. Returns at once.</summary>
    /// <param name="chatId">The chat.</param>
    /// <param name="fanout">Whose hole it is.</param>
    /// <param name="atOnce">The missing events are known to be stored, and are not waited for.</param>
    public void Schedule(long chatId, ChatFanout fanout, bool atOnce = false)
    {
        if (_repairs.ContainsKey(chatId)) return;
        Repair repair = new(chatId, fanout, time.GetTimestamp());
        if (_repairs.TryAdd(chatId, repair)) Enqueue(repair, atOnce ? TimeSpan.Zero : PatienceWith(fanout.BrokerDelay));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_workers);
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach (Repair repair in _due.Reader.ReadAllAsync(_stopping.Token)) await RunAsync(repair);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The node is going down; sessions read what they miss on their next connection.
        }
    }

    private async Task RunAsync(Repair repair)
    {
        TimeSpan pause = FailurePause;
        try
        {
            if (await FillAsync(repair) is not { } missing)
            {
                _repairs.TryRemove(repair.ChatId, out _);
                if (repair.Fanout.FindHole(repair.ChatId) is not null) Schedule(repair.ChatId, repair.Fanout); // opened since the last look
                return;
            }

            pause = NoteMissing(repair, missing);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !_stopping.IsCancellationRequested)
        {
            FanoutMetrics.RepairsFailed.Add(1);
            repair.Failures++;
            if (repair.Failures == 2) LogFailedTwice(fault, repair.ChatId);
            else LogFailed(fault, repair.ChatId, repair.Failures);
        }

        Enqueue(repair, pause);
    }

    /// <summary>
    /// Once may be chance: the event was committed between the two readings. Twice is a log that lost rows, of a damaged or half restored
    /// database: its members here wait, because to go on would hide the hole.
    /// </summary>
    private TimeSpan NoteMissing(Repair repair, (long From, long To) missing)
    {
        if (++repair.Missings == 2) LogMissing(repair.ChatId, missing.From, missing.To);
        if (repair.Missings > 1) FanoutMetrics.RepairsFailed.Add(1);
        return TimeSpan.FromTicks(Math.Min(LongestMissingPause.Ticks, FirstMissingPause.Ticks << Math.Min(repair.Missings - 1, 10)));
    }

    /// <summary>Reads what is missing until nothing is.</summary>
    /// <returns>What the database does not have, though somebody has told of it and the log goes that far; null when all is filled.</returns>
    private async Task<(long From, long To)?> FillAsync(Repair repair)
    {
        for (bool isFirst = true; repair.Fanout.FindHole(repair.ChatId) is { } hole; isFirst = false)
        {
            if (isFirst && hole.IsTail) FanoutMetrics.TailRepairs.Add(1);
            long to = Math.Min(hole.To, hole.From + MaxEvents - 1);
            IReadOnlyList<EventRow> missing = await reads.ReadRangeAsync(repair.ChatId, hole.From, to, _stopping.Token);
            if (missing.Count > 0)
            {
                await MoveOwnerAsync(repair.Fanout, repair.ChatId, missing);
                foreach (EventRow row in missing) repair.Fanout.Apply(new SequencedPush(row), EventSource.Read);
                repair.Missings = 0;
                FanoutMetrics.GapsRepaired.Add(1);
                FanoutMetrics.RepairMs.Record(time.GetElapsedTime(repair.ScheduledAt).TotalMilliseconds);
                LogRepaired(repair.ChatId, hole.From, to, missing.Count);
                continue;
            }

            long head = await reads.ReadHeadAsync(repair.ChatId, _stopping.Token);
            if (head >= to) return (hole.From, to);
            FanoutMetrics.Unfounded.Add(1);
            LogUnfounded(repair.ChatId, to, head);
            repair.Fanout.LogEndsAt(repair.ChatId, head);
        }

        return null;
    }

    /// <summary>
    /// An inbox says that its owner is in other chats, or left a channel: enters them there, or takes them out, in front of the pushes that
    /// tell the client. Whom an admin removed leaves by the channel's own log, at the place of the removal. What counts is what the
    /// memberships are now; an event that undoes one of these comes behind them in the same inbox.
    /// </summary>
    private async Task MoveOwnerAsync(ChatFanout fanout, long inboxChatId, IReadOnlyList<EventRow> rows)
    {
        SessionSubscriptions[] sessions = fanout.OwnersOf(inboxChatId);
        if (sessions.Length == 0) return;
        long owner = sessions[0].Subscriber.PrincipalId;
        EventRow[] left = [.. rows.Where(
            row => row.Kind == EventKinds.ChatRemoved && row is { ReplyTo: not null, SubjectId: not null } && row.SenderId == owner)];
        IEnumerable<EventRow> moves = rows.Where(row => row.Kind == EventKinds.ChatAdded && row.SubjectId is not null).Concat(left);
        long[] added = [.. moves.Select(row => row.SubjectId!.Value).Distinct()];
        if (added.Length == 0) return;

        foreach (SessionSubscriptions session in sessions) session.BeginEntering();
        try
        {
            for (int reading = 1; added.Length > 0; reading++)
            {
                IReadOnlyList<JoinedChat> joined = await reads.ReadJoinedAsync(owner, added, _stopping.Token);
                if (reading == 1)
                {
                    foreach (EventRow row in left.Where(row => joined.All(chat => chat.ChatId != row.SubjectId)))
                        fanout.LeaveSilently(sessions, row.SubjectId!.Value, row.ReplyTo!.Value);
                }

                added = [.. joined.Where(chat => !fanout.EnterJoined(sessions, chat)).Select(chat => chat.ChatId)];
                if (added.Length > 0 && reading == MaxReadings)
                    throw new InvalidOperationException($"The memberships that inbox {inboxChatId} tells of were read {MaxReadings} times, and each time they were older than what is applied here.");
            }
        }
        finally
        {
            foreach (SessionSubscriptions session in sessions) session.Entered();
        }
    }

    /// <summary>Events of two nodes overtake each other by up to as much as either takes.</summary>
    internal static TimeSpan PatienceWith(TimeSpan brokerDelay) =>
        Patience + brokerDelay is var patience && patience < LongestPatience ? patience : LongestPatience;

    private void Enqueue(Repair repair, TimeSpan delay)
    {
        if (delay == TimeSpan.Zero) _due.Writer.TryWrite(repair);
        else _ = EnqueueLaterAsync(repair, delay);
    }

    /// <summary>Ends without a trace when the node does.</summary>
    private async Task EnqueueLaterAsync(Repair repair, TimeSpan delay)
    {
        await Task.Delay(delay, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _due.Writer.TryWrite(repair);
    }

    [LoggerMessage(EventId = EventIds.HoleRepaired, Level = LogLevel.Debug, Message = "Chat {ChatId}: read the missing events {From} to {To} from the database, {Count} found")]
    private partial void LogRepaired(long chatId, long from, long to, int count);

    [LoggerMessage(EventId = EventIds.HoleNotRepaired, Level = LogLevel.Debug, Message = "Chat {ChatId}: could not read its missing events, attempt {Attempt}; trying again")]
    private partial void LogFailed(Exception fault, long chatId, int attempt);

    [LoggerMessage(EventId = EventIds.HoleFailedTwice, Level = LogLevel.Warning, Message = "Chat {ChatId}: twice could not read its missing events; its members here get nothing of it until that works")]
    private partial void LogFailedTwice(Exception fault, long chatId);

    [LoggerMessage(EventId = EventIds.HoleUnfounded, Level = LogLevel.Warning, Message = "Chat {ChatId}: a node told of event {Sequence}, but the log ends at {Head}; ignored")]
    private partial void LogUnfounded(long chatId, long sequence, long head);

    [LoggerMessage(EventId = EventIds.HoleMissing, Level = LogLevel.Error,
        Message = "Chat {ChatId}: its log says that it goes beyond events {From} to {To}, but the database does not have them. Its members "
            + "here get nothing of it until they are there; they are looked for less and less often, at last once a minute. Restore them "
            + "from a backup")]
    private partial void LogMissing(long chatId, long from, long to);

    private sealed class Repair(long chatId, ChatFanout fanout, long scheduledAt)
    {
        public long ChatId { get; } = chatId;

        public ChatFanout Fanout { get; } = fanout;

        public long ScheduledAt { get; } = scheduledAt;

        public int Failures { get; set; }

        /// <summary>How often in a row the database did not have what it should.</summary>
        public int Missings { get; set; }
    }
}
