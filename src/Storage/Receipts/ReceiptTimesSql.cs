using Npgsql;

namespace Chat.Storage.Receipts;

/// <summary>Writes minutes of members, all of a batch in one statement.</summary>
internal static class ReceiptTimesSql
{
    /// <summary>Most rows of one statement: it ends well within its five seconds.</summary>
    public const int MaxRows = 2_000;

    // Twice is as once: the least before, the most after, where it moved at all; as WatermarkMove does it in memory. Of readings that do not
    // meet only the later one is kept, since what lies between may have been hidden; if another node has it, a time is lost and none is wrong.
    private const string Write = """
        insert into receipt_minutes as r (chat_id, principal_id, minute, delivered_before, delivered, read_before, read)
        select * from unnest($1, $2, $3, $4, $5, $6, $7)
        on conflict (chat_id, principal_id, minute) do update set
            delivered_before = case
                when r.delivered = 0 then excluded.delivered_before
                when excluded.delivered = 0 then r.delivered_before
                else least(r.delivered_before, excluded.delivered_before) end,
            delivered = greatest(r.delivered, excluded.delivered),
            read_before = case
                when r.read = 0 then excluded.read_before
                when excluded.read = 0 then r.read_before
                when greatest(r.read_before, excluded.read_before) <= least(r.read, excluded.read) then least(r.read_before, excluded.read_before)
                else greatest(r.read_before, excluded.read_before) end,
            read = greatest(r.read, excluded.read)
        """;

    /// <param name="connection">An open one.</param>
    /// <param name="rows">In the order of their keys, each key once, at most <see cref="MaxRows"/>.</param>
    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<KeyValuePair<ReceiptMinuteKey, ReceiptMoves>> rows)
    {
        await using var command = new NpgsqlCommand(Write, connection);
        Add(row => row.Key.ChatId);
        Add(row => row.Key.PrincipalId);
        Add(row => row.Key.Minute);
        Add(row => row.Value.Delivered.Before);
        Add(row => row.Value.Delivered.After);
        Add(row => row.Value.Read.Before);
        Add(row => row.Value.Read.After);
        await command.ExecuteNonQueryAsync();

        void Add<T>(Func<KeyValuePair<ReceiptMinuteKey, ReceiptMoves>, T> column) =>
            command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. rows.Select(column)] });
    }
}
