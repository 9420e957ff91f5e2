using Npgsql;

namespace Chat.Scenario.State;

/// <summary>A message that was stored before the server was killed, whoever may still see it.</summary>
internal readonly record struct WrittenMessage(long ChatId, long Sequence, long SenderId);

/// <summary>Reads what had been written when the server was killed: a person may have cleared or hidden it since.</summary>
internal static class CrashLog
{
    private const string Written = """
        select chat_id, sequence, sender_id from events where kind = 1 and created_at <= to_timestamp($1 / 1000.0)
        """;

    /// <summary>By chat.</summary>
    public static async Task<ILookup<long, WrittenMessage>> ReadAsync(string connectionString, long killedAtMs, CancellationToken ct)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString);
        await using NpgsqlCommand command = source.CreateCommand(Written);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = killedAtMs });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        List<WrittenMessage> found = [];
        while (await reader.ReadAsync(ct)) found.Add(new WrittenMessage(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)));
        return found.ToLookup(message => message.ChatId);
    }
}
