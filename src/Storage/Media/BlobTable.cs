using Chat.Storage.Messages;
using Chat.Storage.Statuses;
using Npgsql;

namespace Chat.Storage.Media;

/// <summary>
/// Whose files there are and which of them count. The bytes are elsewhere: a name of the blob store is entered here before it is written,
/// and handed to <see cref="BlobGarbage"/> in the transaction that makes it useless. Thread-safe.
/// </summary>
public sealed class BlobTable(NpgsqlDataSource source)
{
    // The row of blob_usage is locked by who takes room, so two uploads at once cannot both take the last of it.
    private const string Reserve = """
        with member as (
            select c.kind in (2, 3) and m.role >= c.edit_role as may_change, m.role >= c.send_role as may_write, c.blocked as is_blocked
            from members m join chats c on c.id = m.chat_id
            where m.chat_id = $3 and m.principal_id = $2 and m.left_at_sequence is null and c.kind <> 5
        ), place as (
            select where $3 is null or exists (select from member where case when $10 then may_change else may_write end and not is_blocked)
        ), room as (
            insert into blob_usage as u (principal_id, bytes) select $2, $6 from place where $6 <= $9
            on conflict (principal_id) do update set bytes = u.bytes + excluded.bytes where u.bytes + excluded.bytes <= $9
            returning principal_id
        ), made as (
            insert into blobs (id, owner_id, chat_id, purpose, file_name, bytes, expires_at)
            select $1, $2, $3, $4, $5, $6, clock_timestamp() + $8 from room returning id
        ), entered as (
            insert into blob_objects (id, blob_id) select $7, id from made where $7 is not null
        )
        select $3 is null or exists (select from member), exists (select from member where is_blocked), exists (select from place),
            exists (select from room)
        """;

    private const string Finish = """
        with done as (
            update blobs set state = 2, object_id = $2, content_type = $3, bytes = $5, received = $5, kept_until = clock_timestamp() + $6,
                expires_at = clock_timestamp() + least($6, $7)
            where id = $1 and state = 1 and bytes = $4 returning owner_id
        ), used as (
            update blob_usage u set bytes = u.bytes + $5 - $4 from done where u.principal_id = done.owner_id
        ), rest as (
            delete from blob_objects where blob_id = $1 and id <> $2 and exists (select from done) returning id, received
        ), waste as (
            insert into blob_garbage (object_id, due_at)
            select id, clock_timestamp() + case when received then interval '0' else interval '1 hour' end from rest
        )
        select count(*) from done
        """;

    private const string Delete = $"""
        with gone as (
            update blobs set state = 3, deleted_at = clock_timestamp()
            where id = $1 and state < 3 and not (purpose = 4 and was_shown and expires_at > clock_timestamp())
            returning id, owner_id, object_id, bytes
        ), {DeletedBlobs.Release}
        """;

    /// <summary>
    /// True of a file <c>b</c> that a message shows which $2 may read, by the rule of history (protocol-spec.md §8.8): what $2 cleared or
    /// deleted for themselves opens no file.
    /// </summary>
    private static readonly string IsShown = $"""
        exists (
            select from blob_messages e join members v on v.chat_id = e.chat_id and v.principal_id = $2 and e.sequence > v.cleared_up_to
                and e.sequence between v.joined_at_sequence and coalesce(v.left_at_sequence, e.sequence)
            where e.blob_id = b.id and {HiddenStore.Shows("$2")})
        """;

    /// <summary>True of the file <c>b</c> of a status that is for $2 and not over (protocol-spec.md §8.11).</summary>
    private static readonly string IsInStatus = $"""
        exists (select from statuses s where s.blob_id = b.id and {StatusSql.IsVisibleTo("$2")})
        """;

    // What is over is read by nobody, whenever the job comes by that deletes it.
    private static readonly string FindFor = $"""
        select {BlobRowReader.Columns}, coalesce({IsShown} or {IsInStatus} or {PictureSql.IsOfProfile} or {PictureSql.IsOfChat}, false),
            coalesce(c.kind in (2, 3) and m.role = 2, false), coalesce(b.expires_at <= now(), false)
        from blobs b
        left join members m on m.chat_id = b.chat_id and m.principal_id = $2 and m.left_at_sequence is null
        left join chats c on c.id = b.chat_id
        where b.id = $1
        """;

    // A retry is asked about no file: whatever became of it since, its message is stored.
    private static readonly string FindToSend = $"""
        select exists (select from events where chat_id = $3 and sender_id = $2 and client_message_id = $4), coalesce(b.content_type, ''),
            coalesce(b.bytes, 0), coalesce(b.owner_id = $2, false), coalesce(b.chat_id = $3, false), coalesce({IsShown}, false)
        from (select) one left join blobs b on b.id = $1 and b.state = 2 and b.purpose = 1
        """;

    private const string FindStored = $"""
        select {BlobRowReader.Columns} from blobs b where b.id = $1 and b.state = 2 and (b.expires_at is null or b.expires_at > now())
        """;

    private const string ReadUsage = "select bytes from blob_usage where principal_id = $1";

    /// <summary>Takes room for a file and makes its row, in one statement.</summary>
    /// <param name="unfinishedFor">How long it may take until it is given up.</param>
    /// <param name="quota">Most bytes that all files of the owner may take.</param>
    public async Task<ReserveStatus> ReserveAsync(NewBlob blob, TimeSpan unfinishedFor, long quota, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(Reserve);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = blob.Id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = blob.OwnerId });
        command.Parameters.Add(new NpgsqlParameter<long?> { TypedValue = blob.ChatId });
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = blob.Purpose });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = blob.FileName });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = blob.Bytes });
        command.Parameters.Add(new NpgsqlParameter<Guid?> { TypedValue = blob.ObjectId });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = unfinishedFor });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = quota });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = blob.ForChange });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        if (!reader.GetBoolean(0)) return ReserveStatus.ChatNotFound;
        if (reader.GetBoolean(1)) return ReserveStatus.Blocked;
        if (!reader.GetBoolean(2)) return ReserveStatus.NotAllowed;
        return reader.GetBoolean(3) ? ReserveStatus.Reserved : ReserveStatus.OverQuota;
    }

    /// <summary>
    /// Makes the file what everybody sees, if it is still uploading; false, and nothing changed, if it was finished or deleted meanwhile.
    /// Other names that were entered for it become garbage.
    /// </summary>
    public async Task<bool> FinishAsync(FinishedBlob blob, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(Finish);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = blob.Id });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = blob.ObjectId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = blob.ContentType });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = blob.DeclaredBytes });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = blob.Bytes });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan?> { TypedValue = blob.KeptFor });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan?> { TypedValue = blob.UnshownFor });
        return (long)(await command.ExecuteScalarAsync(ct))! > 0;
    }

    /// <summary>
    /// Deletes a file, or gives up one that is uploading; false if that was done before, or a status shows it. Its names become garbage: at once,
    /// but for one that somebody may still be writing.
    /// </summary>
    public async Task<bool> DeleteAsync(Guid id, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(Delete);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        return (long)(await command.ExecuteScalarAsync(ct))! > 0;
    }

    /// <summary>A file in any state, and what the principal is to it; null when there is none.</summary>
    public Task<BlobAccess?> FindAsync(Guid id, long principalId, CancellationToken ct) => FindAsync(id, principalId, inviteCode: null, ct);

    /// <summary>The same for who looks at a group or channel by an invite link.</summary>
    public async Task<BlobAccess?> FindAsync(Guid id, long principalId, string? inviteCode, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(FindFor);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = principalId });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = inviteCode });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return null;

        return new BlobAccess(
            BlobRowReader.Read(reader), reader.GetBoolean(BlobRowReader.Count), reader.GetBoolean(BlobRowReader.Count + 1),
            reader.GetBoolean(BlobRowReader.Count + 2));
    }

    /// <summary>What a message with the file would be judged by.</summary>
    public async Task<BlobToSend> FindToSendAsync(Guid id, long senderId, long chatId, Guid clientMessageId, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(FindToSend);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = senderId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = chatId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = clientMessageId });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new BlobToSend(
            reader.GetBoolean(0), reader.GetString(1), reader.GetInt64(2), reader.GetBoolean(3), reader.GetBoolean(4), reader.GetBoolean(5));
    }

    /// <summary>A file that can be read; null when there is none, or its time is over.</summary>
    public async Task<BlobRow?> FindStoredAsync(Guid id, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(FindStored);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? BlobRowReader.Read(reader) : null;
    }

    /// <summary>Bytes that the principal's files take, those being uploaded included.</summary>
    public async Task<long> ReadUsageAsync(long principalId, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(ReadUsage);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = principalId });
        return await command.ExecuteScalarAsync(ct) as long? ?? 0;
    }
}
