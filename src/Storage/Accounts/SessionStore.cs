using Npgsql;

namespace Chat.Storage.Accounts;

/// <summary>What sessions need at hello, for many at once: a reconnect storm is one query, not thousands (D6). Thread-safe.</summary>
public sealed class SessionStore(NpgsqlDataSource source)
{
    private const string ReadSeeds = """
        select k.ordinal, p.name, p.inbox_chat_id, m.chat_id, c.kind, c.epoch, c.head_sequence, m.joined_at_sequence
        from unnest($1, $2) with ordinality as k (principal_id, device_id, ordinal)
        join devices d on d.id = k.device_id and d.principal_id = k.principal_id and d.revoked_at is null
        join principals p on p.id = k.principal_id
        join members m on m.principal_id = p.id and m.left_at_sequence is null
        join chats c on c.id = m.chat_id
        order by k.ordinal
        """;

    private const string ReadHeads = """
        select c.id, c.epoch,
            case when bool_or(m.left_at_sequence is null) then c.head_sequence else max(m.left_at_sequence) end,
            bool_or(m.left_at_sequence is null)
        from members m join chats c on c.id = m.chat_id
        where m.principal_id = $1 and m.chat_id = any($2)
        group by c.id
        """;

    private const string IsSignedIn = """
        select exists (select from devices where id = $1 and principal_id = $2 and revoked_at is null)
        """;

    /// <summary>One seed a key, in the order of the keys; null for a device that is unknown, of another principal, or signed out.</summary>
    public async Task<IReadOnlyList<SessionSeed?>> ReadAsync(IReadOnlyList<SessionKey> keys, CancellationToken ct)
    {
        var seeds = new SessionSeed?[keys.Count];
        if (keys.Count == 0) return seeds;
        await using NpgsqlCommand command = source.CreateCommand(ReadSeeds);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. keys.Select(key => key.PrincipalId)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. keys.Select(key => key.DeviceId)] });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        List<SessionMembership> memberships = [];
        while (await reader.ReadAsync(ct))
        {
            int index = (int)reader.GetInt64(0) - 1;
            if (seeds[index] is null)
            {
                memberships = [];
                seeds[index] = new SessionSeed(reader.GetString(1), reader.GetInt64(2), memberships);
            }
            memberships.Add(new SessionMembership(
                reader.GetInt64(3), reader.GetInt16(4), reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7)));
        }
        return seeds;
    }

    /// <summary>False for a device that is unknown, of another principal, or signed out. Reads its row and nothing else.</summary>
    public async Task<bool> IsSignedInAsync(SessionKey key, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(IsSignedIn);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = key.DeviceId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = key.PrincipalId });
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>How far the principal may see in each of these chats; chats it was never in are absent.</summary>
    public async Task<IReadOnlyList<PositionHead>> ReadHeadsAsync(long principalId, IReadOnlyList<long> chatIds, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(ReadHeads);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = principalId });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. chatIds] });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        var heads = new List<PositionHead>(chatIds.Count);
        while (await reader.ReadAsync(ct))
            heads.Add(new PositionHead(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetBoolean(3)));
        return heads;
    }
}
