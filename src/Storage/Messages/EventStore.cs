using Npgsql;

namespace Chat.Storage.Messages;

/// <summary>Reads a chat's log by sequence. Thread-safe.</summary>
public sealed class EventStore(NpgsqlDataSource source)
{
    private const string ReadRange = $"""
        select {EventReader.Columns} from events e where e.chat_id = $1 and e.sequence between $2 and $3 order by e.sequence
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
}
