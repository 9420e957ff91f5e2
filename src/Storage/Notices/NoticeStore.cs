using Chat.Storage.Chats;
using Chat.Storage.Messages;
using Npgsql;
using NpgsqlTypes;

namespace Chat.Storage.Notices;

/// <summary>
/// What happened to a person, read from what is stored for other reasons (ADR 0037); of its own there is only how far the person has read it.
/// Thread-safe.
/// </summary>
public sealed class NoticeStore(NpgsqlDataSource source, ICommittedEvents sink)
{
    private static readonly NoticeSource[] Sources = Enum.GetValues<NoticeSource>();

    /// <summary>Where the first page starts: a key for each source.</summary>
    public static IReadOnlyList<NoticeKey> Beginning { get; } = [.. Sources.Select(_ => NoticeKey.Start)];

    /// <summary>A page of the person's notices of the last 30 days, the newest first.</summary>
    /// <param name="after">A key for each source, by its number.</param>
    /// <param name="limit">Notices that are looked at; what the person is not shown is not in the page.</param>
    /// <returns>Null where there is no such person.</returns>
    public async Task<NoticePage?> ListAsync(long principalId, IReadOnlyList<NoticeKey> after, int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        (IReadOnlyList<NoticeRow> found, long? readUpToMs) = await FindAsync(connection, principalId, after, limit + 1, ct);
        if (readUpToMs is not { } readUpTo) return null;
        (IReadOnlyList<NoticeRow> looked, NoticeKey[] next) = NewestOf(found, after, limit);
        NoticeRow[] shown = await ShowAsync(connection, principalId, looked, ct);
        bool isMore = found.Count > looked.Count || looked is [.., { IsLast: true }];
        return new NoticePage(shown, isMore ? next : null, readUpTo);
    }

    /// <summary>Raises how far the person has read their notices, and tells their devices; no change where it is there already, or further.</summary>
    /// <param name="upToMs">Unix milliseconds; later than now is now.</param>
    /// <returns>False where there is no such person.</returns>
    public Task<bool> ReadUpToAsync(long principalId, long upToMs, CancellationToken ct) => ChatTransaction.RepeatAsync(async () =>
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        if (await transaction.LockInboxAsync(principalId, ct) is not { } inbox) return false;
        var values = new { principalId, upTo = upToMs, now = transaction.AtMs };
        if (await transaction.ScalarAsync<long?>(NoticeSql.Raise, values, ct) is not { } raised) return true;

        transaction.Add(inbox, EventKinds.NoticesRead, principalId, target: raised);
        await transaction.CommitAsync(sink, ct);
        return true;
    });

    /// <summary>
    /// Takes the newest of all sources, each of which keeps its own order, and says how far it went in each. Where the look into one of them ended,
    /// so does the page: what lies behind may be newer than what the others have.
    /// </summary>
    private static (IReadOnlyList<NoticeRow> Rows, NoticeKey[] Next) NewestOf(IReadOnlyList<NoticeRow> found, IReadOnlyList<NoticeKey> after, int limit)
    {
        Queue<NoticeRow>[] waiting = [.. Sources.Select(one => new Queue<NoticeRow>(found.Where(row => row.Source == one)))];
        NoticeKey[] next = [.. after];
        List<NoticeRow> rows = [];
        while (rows.Count < limit && waiting.Where(queue => queue.Count > 0).MaxBy(queue => queue.Peek().AtMs) is { } newest)
        {
            NoticeRow row = newest.Dequeue();
            next[(int)row.Source] = row.Key;
            rows.Add(row);
            if (row.IsLast) break;
        }

        return (rows, next);
    }

    private static async Task<(IReadOnlyList<NoticeRow> Found, long? ReadUpToMs)> FindAsync(
        NpgsqlConnection connection, long principalId, IReadOnlyList<NoticeKey> after, int most, CancellationToken ct)
    {
        (NoticeKey replies, NoticeKey reactions, NoticeKey roles) =
            (after[(int)NoticeSource.Replies], after[(int)NoticeSource.Reactions], after[(int)NoticeSource.Roles]);
        long[] keys =
        [
            after[(int)NoticeSource.Inbox].First, after[(int)NoticeSource.Mentions].First, replies.First, replies.Second, replies.Third,
            reactions.First, reactions.Second, reactions.Third, reactions.Fourth, roles.First, roles.Second, roles.Third,
        ];
        await using NpgsqlCommand command = new(NoticeSql.Read, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = principalId });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = most });
        foreach (long key in keys) command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = key });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        List<NoticeRow> found = [];
        long? readUpToMs = null;
        while (await reader.ReadAsync(ct))
        {
            readUpToMs = reader.GetInt64(0);
            if (ReadRow(reader) is { } row) found.Add(row);
        }

        return (found, readUpToMs);
    }

    /// <summary>Null where there is nothing, and the row says only how far is read.</summary>
    private static NoticeRow? ReadRow(NpgsqlDataReader reader) => reader.IsDBNull(1) ? null : new NoticeRow(
        (NoticeSource)reader.GetInt32(1), new NoticeKey(reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5)),
        (NoticeKind)reader.GetInt32(7), reader.GetInt64(6), Number(reader, 10) ?? 0)
    {
        ChatId = Number(reader, 8),
        Sequence = Number(reader, 9),
        SubjectId = Number(reader, 11),
        Text = Text(reader, 12),
        Role = reader.IsDBNull(13) ? null : reader.GetInt16(13),
        IsLast = reader.GetBoolean(14),
    };

    private static async Task<NoticeRow[]> ShowAsync(
        NpgsqlConnection connection, long principalId, IReadOnlyList<NoticeRow> looked, CancellationToken ct)
    {
        NoticeRow[] asked = [.. looked.Where(row => row.Kind != NoticeKind.None)];
        if (asked.Length == 0) return [];
        await using NpgsqlCommand command = new(NoticeSql.Show, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = principalId });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. Enumerable.Range(0, asked.Length)] });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. asked.Select(row => (int)row.Kind)] });
        foreach (Func<NoticeRow, long?> column in (Func<NoticeRow, long?>[])[row => row.ChatId, row => row.Sequence])
        {
            command.Parameters.Add(
                new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint, Value = asked.Select(column).ToArray() });
        }

        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        var shown = new NoticeRow?[asked.Length];
        while (await reader.ReadAsync(ct))
        {
            int place = reader.GetInt32(0);
            shown[place] = asked[place] with
            {
                ChatName = Text(reader, 1),
                Message = reader.GetBoolean(2) ? ShownEvent.Read(reader, 3) : null,
            };
        }

        return [.. shown.OfType<NoticeRow>()];
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static long? Number(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
}
