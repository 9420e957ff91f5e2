using Npgsql;

namespace Chat.Peers.SignalR;

/// <summary>One row a message, one statement a row: numbered by an identity, found again by room. Thread-safe.</summary>
internal sealed class MessageTable : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;

    private MessageTable(NpgsqlDataSource source) => _source = source;

    public static async Task<MessageTable> OpenAsync(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 50, MaxAutoPrepare = 10 };
        NpgsqlDataSource source = NpgsqlDataSource.Create(settings.ConnectionString);
        await using NpgsqlCommand create = source.CreateCommand("""
            create table if not exists signalr_messages (
                id bigint generated always as identity primary key, room text not null, body text not null, at timestamptz not null default now()
            );
            create index if not exists signalr_messages_room on signalr_messages (room, id)
            """);
        await create.ExecuteNonQueryAsync();
        return new MessageTable(source);
    }

    public async Task InsertAsync(string room, string text)
    {
        await using NpgsqlCommand insert = _source.CreateCommand("insert into signalr_messages (room, body) values ($1, $2) returning id");
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = room });
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = text });
        await insert.ExecuteScalarAsync();
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
