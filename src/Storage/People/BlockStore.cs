using Chat.Storage.Calls;
using Dapper;
using Npgsql;

namespace Chat.Storage.People;

/// <summary>
/// Who blocks whom. A block and the mark on the direct chat of the two come in one transaction, which holds both inboxes: so do
/// those that open a direct chat or add somebody to a group, and whoever comes later sees what came first. Thread-safe.
/// </summary>
public sealed class BlockStore(NpgsqlDataSource source, ICommittedEvents sink)
{
    private const string List = """
        select b.blocked_id as "PrincipalId", p.name, floor(extract(epoch from b.blocked_at) * 1000)::bigint as "BlockedAtMs"
        from blocks b join principals p on p.id = b.blocked_id
        where b.principal_id = @principalId and b.blocked_id > @after order by b.blocked_id limit @limit
        """;

    private const string Exists = "select exists (select from blocks where principal_id = @principalId and blocked_id = @otherId)";

    private const string Count = "select count(*) from (select from blocks where principal_id = @principalId limit @max) as counted";

    private const string Insert = "insert into blocks (principal_id, blocked_id) values (@principalId, @otherId)";

    private const string Delete = "delete from blocks where principal_id = @principalId and blocked_id = @otherId";

    // The chat is younger than both inboxes, so its id is above theirs, and this lock comes in id order like all others.
    private const string MarkDirect = """
        update chats set blocked = exists (
            select from blocks
            where principal_id = @principalId and blocked_id = @otherId or principal_id = @otherId and blocked_id = @principalId)
        where kind = 1 and low_principal_id = least(@principalId, @otherId) and high_principal_id = greatest(@principalId, @otherId)
        """;

    private const string IsQuiet = "select blocked or kind = 3 from chats where id = $1";

    /// <summary>In the order of their ids.</summary>
    /// <param name="after">The last one of the page before; 0 for the first page.</param>
    public async Task<BlockPage> ListAsync(long principalId, long after, int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        List<BlockRow> rows =
        [
            .. await connection.QueryAsync<BlockRow>(
                new CommandDefinition(List, new { principalId, after, limit = limit + 1 }, cancellationToken: ct)),
        ];
        return rows.Count > limit ? new BlockPage(rows[..limit], HasMore: true) : new BlockPage(rows, HasMore: false);
    }

    public Task<PeopleStatus> BlockAsync(long principalId, long otherId, int maxBlocks, CancellationToken ct) => InboxChange.ExecuteAsync(
        (source, sink), principalId, otherId, EventKinds.BlockChanged,
        async transaction =>
        {
            var pair = new { principalId, otherId };
            if (await transaction.ScalarAsync<bool>(Exists, pair, ct)) return PeopleStatus.AlreadyThere;
            if (await transaction.ScalarAsync<long>(Count, new { principalId, max = maxBlocks }, ct) >= maxBlocks) return PeopleStatus.TooMany;

            await transaction.ExecuteAsync(Insert, pair, ct);
            await transaction.ExecuteAsync(MarkDirect, pair, ct);
            await transaction.ExecuteAsync(CallSql.DropBlocker, pair, ct);
            return PeopleStatus.Done;
        },
        ct);

    public Task<PeopleStatus> UnblockAsync(long principalId, long otherId, CancellationToken ct) => InboxChange.ExecuteAsync(
        (source, sink), principalId, otherId, EventKinds.BlockChanged,
        async transaction =>
        {
            var pair = new { principalId, otherId };
            if (!await transaction.ScalarAsync<bool>(Exists, pair, ct)) return PeopleStatus.AlreadyThere;

            await transaction.ExecuteAsync(Delete, pair, ct);
            await transaction.ExecuteAsync(MarkDirect, pair, ct);
            return PeopleStatus.Done;
        },
        ct);

    /// <summary>Whether nothing passes from one to the others: a direct chat of which one has blocked the other, or a channel.</summary>
    public async Task<bool> IsChatBlockedAsync(long chatId, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(IsQuiet);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = chatId });
        return await command.ExecuteScalarAsync(ct) is true;
    }
}
