using System.Collections.Concurrent;
using Npgsql;

namespace Chat.Storage.Messages;

/// <summary>
/// Reads pages of logs. Those that wait at the same time share a round trip, as writes do in the batch writer: when thousands of clients
/// come back at once, it is the way to the database and back that they wait for, not its work. Thread-safe.
/// </summary>
internal sealed class PageReader(NpgsqlDataSource source)
{
    /// <summary>Connections that read pages at the same time; the pool's others are for everything else.</summary>
    private const int MaxReadings = 4;

    /// <summary>Pages of one round trip: with the largest pages some thousand rows.</summary>
    private const int MaxPages = 32;

    private const string ReadChat = """
        select c.epoch, case when bool_or(m.left_at_sequence is null) then c.head_sequence else max(m.left_at_sequence) end
        from members m join chats c on c.id = m.chat_id
        where m.chat_id = $1 and m.principal_id = $2
        group by c.id
        """;

    // Per interval of membership, so that each is one walk along the primary key. $3 and $4 are exclusive bounds.
    private static readonly string ReadPage = $"""
        with seen as (
            select case when bool_or(left_at_sequence is null) then {ShownEvent.Forever} else max(left_at_sequence) end as until
            from members where chat_id = $1 and principal_id = $2
        ),
        page as materialized (
            select e.* from members m
            cross join lateral (
                select e.* from events e
                where e.chat_id = $1 and e.sequence >= m.joined_at_sequence and e.sequence <= coalesce(m.left_at_sequence, $4)
                    and e.sequence > $3 and e.sequence < $4 and {HiddenStore.Shows("$2")}
                order by e.sequence limit $5
            ) e
            where m.chat_id = $1 and m.principal_id = $2
            order by e.sequence limit $5
        )
        select {ShownEvent.Columns("$2", "seen.until")}
        from page e cross join seen
        {ShownEvent.Joins("$2")}
        order by e.sequence
        """;

#if PLANTED_BUGS
    private static readonly string ReadUnfiltered = $"""
        select {ShownEvent.Columns("$2", ShownEvent.Forever)} from events e {ShownEvent.Joins("$2")}
        where e.chat_id = $1 and $2 <> 0 and e.sequence > $3 and e.sequence < $4
        order by e.sequence limit $5
        """;
#endif

    private static readonly string ReadPageBackwards =
        ReadPage.Replace("order by e.sequence", "order by e.sequence desc", StringComparison.Ordinal);

    private readonly ConcurrentQueue<Waiting> _waiting = new();
    private int _readings;

    /// <summary>Null if the principal never was in the chat.</summary>
    public Task<HistoryPage?> ReadAsync(in PageRequest request)
    {
        Waiting waiting = new(request);
        _waiting.Enqueue(waiting);
        StartReading();
        return waiting.Task;
    }

    private void StartReading()
    {
        while (!_waiting.IsEmpty)
        {
            int readings = Volatile.Read(ref _readings);
            if (readings >= MaxReadings) return; // one of them takes it
            if (Interlocked.CompareExchange(ref _readings, readings + 1, readings) != readings) continue;
            _ = ReadWaitingAsync(); // its faults go to those who wait
            return;
        }
    }

    private async Task ReadWaitingAsync()
    {
        List<Waiting> batch = [];
        while (true)
        {
            while (batch.Count < MaxPages && _waiting.TryDequeue(out Waiting? waiting)) batch.Add(waiting);
            if (batch.Count == 0) break;
            try
            {
                await ReadBatchAsync(batch);
            }
            catch (Exception fault) // of whatever kind: everybody who waits hears of it
            {
                foreach (Waiting waiting in batch) waiting.TrySetException(fault);
            }

            batch.Clear();
        }

        Interlocked.Decrement(ref _readings);
        StartReading(); // who came after the last look may have found no reading to spare
    }

    private async Task ReadBatchAsync(List<Waiting> waiting)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await using NpgsqlBatch batch = new(connection);
        foreach (Waiting one in waiting) AddCommands(batch, one.Request);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        foreach (Waiting one in waiting)
        {
            one.TrySetResult(await ReadPageAsync(reader, one.Request));
            await reader.NextResultAsync();
        }
    }

    private static void AddCommands(NpgsqlBatch batch, in PageRequest request)
    {
        string page = request.After is null ? ReadPageBackwards : ReadPage;
#if PLANTED_BUGS
        if (request.After is not null && PlantedBug.Is("no-membership-filter")) page = ReadUnfiltered;
#endif
        batch.BatchCommands.Add(Command(ReadChat, request.ChatId, request.PrincipalId));
        batch.BatchCommands.Add(
            Command(
                page, request.ChatId, request.PrincipalId, request.After ?? 0, request.Before ?? long.MaxValue, request.Limit + 1));
    }

    /// <summary>Reads the two results of one page.</summary>
    private static async Task<HistoryPage?> ReadPageAsync(NpgsqlDataReader reader, PageRequest request)
    {
        bool isMember = await reader.ReadAsync();
        (long epoch, long head) = isMember ? (reader.GetInt64(0), reader.GetInt64(1)) : default;
        await reader.NextResultAsync();
        if (!isMember) return null;

        bool forwards = request.After is not null;
        var events = new List<EventRow>(Math.Min(request.Limit, 256));
        bool hasMore = false;
        long textBytes = 0;
        int rows = 0;
        while (await reader.ReadAsync())
        {
            EventRow row = ShownEvent.Read(reader, 0);
            rows++;
            // Committed between the two statements: not of this page's head, though it took the place of an older one.
            if (row.Sequence > head) continue;
            textBytes += row.CountTextBytes();
            if (events.Count == request.Limit || (events.Count > 0 && textBytes > request.MaxTextBytes))
            {
                hasMore = true;
                break;
            }

            events.Add(row);
        }

        if (!forwards && rows > request.Limit) hasMore = true;
        if (!forwards) events.Reverse();
        (long from, long to) = Cover(events, forwards, hasMore, request.After, request.Before, head);
        return new HistoryPage(epoch, head, events, from, to, hasMore);
    }

    /// <summary>
    /// What the asker holds with this page (protocol-spec.md §6.18). Where the page ends because there is no more to see, the range
    /// reaches to the end of what was asked for: the log's beginning, or the visible head.
    /// </summary>
    private static (long From, long To) Cover(List<EventRow> events, bool forwards, bool hasMore, long? after, long? before, long head)
    {
        if (forwards)
        {
            long from = after!.Value + 1;
            long to = hasMore ? events[^1].Sequence : Math.Max(head, after.Value);
            return (from, to);
        }
        long end = Math.Max(0, Math.Min(head, before - 1 ?? head));
        if (hasMore) return (events.Count > 0 ? events[0].Sequence : end + 1, end);
        return (Math.Min(1, end + 1), end);
    }

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<long> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (long value in values)
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        return command;
    }

    /// <summary>Whoever waits for a page. Continues elsewhere, so that the reading goes on.</summary>
    private sealed class Waiting(in PageRequest request)
        : TaskCompletionSource<HistoryPage?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public PageRequest Request { get; } = request;
    }
}

/// <summary>What <see cref="EventStore.ReadAsync"/> is asked for.</summary>
internal readonly record struct PageRequest(long ChatId, long PrincipalId, long? After, long? Before, int Limit, int MaxTextBytes);
