using Chat.Storage.Chats;
using Npgsql;

namespace Chat.Storage.Messages;

/// <summary>
/// Messages that somebody starred for themselves: each change is an event of the person's inbox, so that all their devices follow (D11).
/// Thread-safe.
/// </summary>
public sealed class StarStore(NpgsqlDataSource source, ICommittedEvents sink)
{
    private const string Judge = """
        select exists (
                select from events e where e.chat_id = @chatId and e.sequence = @sequence and e.kind = 1 and exists (
                    select from members v where v.chat_id = @chatId and v.principal_id = @principalId
                        and @sequence between v.joined_at_sequence and coalesce(v.left_at_sequence, @sequence) and @sequence > v.cleared_up_to)
                and not exists (
                    select from message_changes c where c.chat_id = @chatId and c.sequence = @sequence and c.deleted_at is not null)
                and not exists (
                    select from hidden_messages h where h.principal_id = @principalId and h.chat_id = @chatId and h.sequence = @sequence)
            ) as "IsThere",
            exists (select from starred_messages where principal_id = @principalId and chat_id = @chatId and sequence = @sequence) as "IsStarred"
        """;

    private const string Insert = """
        insert into starred_messages (principal_id, chat_id, sequence, event_sequence) values (@principalId, @chatId, @sequence, @at)
        """;

    internal const string Delete = """
        delete from starred_messages where principal_id = @principalId and chat_id = @chatId and sequence = @sequence
        """;

    private static readonly string List = $"""
        with page as materialized (
            select s.event_sequence, e.* from starred_messages s join events e on e.chat_id = s.chat_id and e.sequence = s.sequence
            where s.principal_id = $1 and s.event_sequence < $2
                and exists (select from members v where v.chat_id = s.chat_id and v.principal_id = $1)
            order by s.event_sequence desc limit $3
        )
        select {ShownEvent.Columns("$1", "seen.until")}, e.event_sequence
        from page e
        cross join lateral (
            select case when bool_or(left_at_sequence is null) then {ShownEvent.Forever} else max(left_at_sequence) end as until
            from members where chat_id = e.chat_id and principal_id = $1
        ) seen
        {ShownEvent.Joins("$1")}
        order by e.event_sequence desc
        """;

    /// <summary>Stars a message, or takes the star away. False: there is no such message that the principal may see.</summary>
    public Task<bool> SetAsync(
        long principalId, long chatId, long sequence, bool starred, CancellationToken ct) => ChatTransaction.RepeatAsync(async () =>
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        var keys = new { principalId, chatId, sequence };
        if (await transaction.LockInboxAsync(principalId, ct) is not { } inbox) return false;
        Judged judged = (await transaction.QueryAsync<Judged>(Judge, keys, ct)).Single();
        if (judged.IsStarred == starred) return starred || judged.IsThere;
        if (starred && !judged.IsThere) return false;

        long at = transaction.Add(inbox, starred ? EventKinds.Starred : EventKinds.Unstarred, principalId, chatId, target: sequence);
        await transaction.ExecuteAsync(starred ? Insert : Delete, new { principalId, chatId, sequence, at }, ct);
        await transaction.CommitAsync(sink, ct);
        return true;
    });

    /// <summary>A page of the principal's starred messages as they are now, the one starred last first.</summary>
    /// <param name="before">Where the page before ended; null for the first page.</param>
    /// <returns>Each with the place that the next page starts from.</returns>
    public async Task<IReadOnlyList<(EventRow Message, long Place)>> ListAsync(long principalId, long? before, int limit, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(List);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = principalId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = before ?? long.MaxValue });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        List<(EventRow, long)> messages = [];
        while (await reader.ReadAsync(ct)) messages.Add((ShownEvent.Read(reader, 0), reader.GetInt64(ShownEvent.ColumnCount)));
        return messages;
    }

    private sealed record Judged(bool IsThere, bool IsStarred);
}
