using Npgsql;

namespace Chat.Storage.Settings;

/// <param name="Value">The stored JSON value as text, a string without its quotes.</param>
public sealed record StoredSetting(string Name, string Value, DateTimeOffset UpdatedAt);

/// <summary>Settings that hold for all nodes, and the history of their changes. Thread-safe.</summary>
public sealed class SettingStore(NpgsqlDataSource source)
{
    private const string Read = "select name, value #>> '{}', updated_at from settings order by name";

    // A change is always newer than the one before it, whatever the server's clock did in between.
    private const string Set = """
        with changed as (
            insert into settings as s (name, value) values ($1, to_jsonb($2::double precision))
            on conflict (name) do update
                set value = excluded.value, updated_at = greatest(excluded.updated_at, s.updated_at + interval '1 microsecond')
            returning name, value, updated_at
        )
        insert into settings_history (name, value, changed_by, changed_at) select name, value, $3, updated_at from changed
        """;

    private const string Remove = """
        with removed as (delete from settings where name = $1 returning name)
        insert into settings_history (name, value, changed_by, changed_at) select name, null, $2, clock_timestamp() from removed
        """;

    public async Task<IReadOnlyList<StoredSetting>> ReadAsync(CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(Read);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        List<StoredSetting> rows = [];
        while (await reader.ReadAsync(ct))
        {
            string value = await reader.IsDBNullAsync(1, ct) ? "null" : reader.GetString(1); // a JSON null has no text
            rows.Add(new StoredSetting(reader.GetString(0), value, await reader.GetFieldValueAsync<DateTimeOffset>(2, ct)));
        }

        return rows;
    }

    /// <summary>Stores a number under its name, and takes out what stands under names that it had before: all of it or nothing.</summary>
    /// <param name="formerNames">Taken out where they are stored.</param>
    /// <param name="name">The name of today.</param>
    /// <param name="value">Null takes the setting out, too.</param>
    /// <param name="changedBy">Who asked for it, for the history.</param>
    /// <param name="ct">Gives up.</param>
    public async Task ReplaceAsync(IEnumerable<string> formerNames, string name, double? value, string changedBy, CancellationToken ct)
    {
        await using NpgsqlBatch batch = source.CreateBatch(); // one transaction
        foreach (string former in formerNames) batch.BatchCommands.Add(Removing(former, changedBy));
        batch.BatchCommands.Add(value is { } number ? Setting(name, number, changedBy) : Removing(name, changedBy));
        await batch.ExecuteNonQueryAsync(ct);
    }

    private static NpgsqlBatchCommand Setting(string name, double value, string changedBy)
    {
        NpgsqlBatchCommand command = new(Set);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        command.Parameters.Add(new NpgsqlParameter<double> { TypedValue = value });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = changedBy });
        return command;
    }

    private static NpgsqlBatchCommand Removing(string name, string changedBy)
    {
        NpgsqlBatchCommand command = new(Remove);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = changedBy });
        return command;
    }
}
