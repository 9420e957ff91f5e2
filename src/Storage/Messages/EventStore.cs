using Npgsql;

namespace Chat.Storage.Messages;

/// <summary>Reads a chat's log by sequence. Thread-safe.</summary>
public sealed class EventStore(NpgsqlDataSource source)
{
    private const string IsMember = """
        select exists (select from members where chat_id = $1 and principal_id = $2 and left_at_sequence is null)
        """;

    private static readonly string ReadPinned = $"""
        with page as materialized (
            select e.* from message_changes p join events e on e.chat_id = p.chat_id and e.sequence = p.sequence
            where p.chat_id = $1 and p.pinned_at is not null and {HiddenStore.Shows("$2")} and exists (
                select from members v where v.chat_id = $1 and v.principal_id = $2
                    and p.sequence between v.joined_at_sequence and coalesce(v.left_at_sequence, p.sequence) and p.sequence > v.cleared_up_to)
        )
        select {ShownEvent.Columns("$2", ShownEvent.Forever)} from page e {ShownEvent.Joins("$2")} order by e.sequence
        """;

    private const string ReadRange = $"""
        select {EventReader.Columns} from events e where e.chat_id = $1 and e.sequence between $2 and $3 order by e.sequence
        """;

    private const string IsStored = """
        select exists (select from events where chat_id = $1 and sender_id = $2 and client_message_id = $3)
        """;

    private readonly PageReader _pages = new(source);

    /// <summary>
    /// A page of what the principal may see: the lowest events above <paramref name="after"/>, or the highest below
    /// <paramref name="before"/>, or with neither the newest. Null if it never was in the chat.
    /// </summary>
    /// <param name="limit">Most events.</param>
    /// <param name="maxTextBytes">Most bytes of text (UTF-8) in the page; one event always fits.</param>
    public Task<HistoryPage?> ReadAsync(
        long chatId, long principalId, long? after, long? before, int limit, int maxTextBytes, CancellationToken ct) =>
        _pages.ReadAsync(new PageRequest(chatId, principalId, after, before, limit, maxTextBytes)).WaitAsync(ct);

    /// <summary>Whether the sender has stored something in the chat under this id.</summary>
    public async Task<bool> IsStoredAsync(long chatId, long senderId, Guid clientMessageId, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(IsStored);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = chatId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = senderId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = clientMessageId });
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>The pinned messages of a chat that the principal may see, ascending; null if it is not in the chat now.</summary>
    public async Task<IReadOnlyList<EventRow>?> ReadPinnedAsync(long chatId, long principalId, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { Command(IsMember, chatId, principalId), Command(ReadPinned, chatId, principalId) },
        };
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        if (!reader.GetBoolean(0)) return null;
        await reader.NextResultAsync(ct);
        var pinned = new List<EventRow>();
        while (await reader.ReadAsync(ct)) pinned.Add(ShownEvent.Read(reader, 0));
        return pinned;
    }

    /// <summary>All events of a chat between two sequences, both included, whoever may see them: for the repair of holes.</summary>
    public async Task<IReadOnlyList<EventRow>> ReadRangeAsync(long chatId, long from, long to, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(ReadRange);
        foreach (long value in (long[])[chatId, from, to])
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        var events = new List<EventRow>();
        while (await reader.ReadAsync(ct))
            events.Add(EventReader.Read(reader, 0));
        return events;
    }

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<long> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (long value in values)
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        return command;
    }
}
