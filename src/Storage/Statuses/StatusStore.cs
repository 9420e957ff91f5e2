using Chat.Storage.Chats;
using Chat.Storage.Media;
using Dapper;
using Npgsql;

namespace Chat.Storage.Statuses;

/// <summary>
/// Posts and deletes statuses, and keeps for whom the next ones are. Changes of one person come one after another, under the
/// lock of their inbox, which tells their devices; nobody else's log is written to (ADR 0021). Thread-safe.
/// </summary>
public sealed class StatusStore(NpgsqlDataSource source, ICommittedEvents sink)
{
    private const string FindPosted = $"""
        select {StatusSql.Columns}, false as "IsSeen", s.kind = @Kind and s.text is not distinct from @Text
            and s.background is not distinct from @Background and s.font is not distinct from @Font
            and s.media is not distinct from @Media::jsonb as "IsSame"
        from statuses s where s.author_id = @authorId and s.client_status_id = @ClientStatusId
        """;

    // Of a node that has not been heard of for a minute nothing comes any more.
    private const string FindOlderNode = """
        select exists (
            select from nodes where schema_version < 9 and ended_at is null and renewed_at > clock_timestamp() - interval '1 minute')
        """;

    // Not now(): that is when the transaction began, and it may have waited.
    private const string CountAlive = """
        select count(*) from statuses where author_id = @authorId and deleted_at is null and expires_at > clock_timestamp()
        """;

    private const string FindPrivacy = """
        select audience as "Audience", listed as "Listed" from status_privacy where principal_id = @principalId
        """;

    // The job that deletes files finds the row locked and passes it by, or has deleted it before.
    private const string LockFile = """
        select content_type = @ContentType and bytes = @Bytes from blobs
        where id = @BlobId and owner_id = @authorId and purpose = 4 and state = 2 and not was_shown and expires_at > clock_timestamp()
        for update
        """;

    private const string ShowFile = """
        update blobs set was_shown = true, expires_at = @expiresAt, kept_until = @expiresAt where id = @BlobId
        """;

    private const string Insert = $"""
        with s as (
            insert into statuses (
                author_id, client_status_id, kind, text, background, font, media, blob_id, audience, listed, created_at, expires_at)
            values (
                @authorId, @ClientStatusId, @Kind, @Text, @Background, @Font, @Media::jsonb, @BlobId, @Audience, @Listed, @createdAt, @expiresAt)
            returning *
        )
        select {StatusSql.Columns}, false as "IsSeen" from s
        """;

    private const string Find = "select exists (select from statuses where id = @id and author_id = @authorId)";

    private const string End = """
        update statuses set deleted_at = clock_timestamp()
        where id = @id and author_id = @authorId and deleted_at is null and expires_at > clock_timestamp()
        """;

    // Only one status shows it.
    private const string DropFile = $"""
        with gone as (
            update blobs b set state = 3, deleted_at = clock_timestamp() from statuses s
            where s.id = @id and b.id = s.blob_id and b.state = 2
            returning b.id, b.owner_id, b.object_id, b.bytes
        ), {DeletedBlobs.Release}
        """;

    private const string PutPrivacy = """
        insert into status_privacy (principal_id, audience, listed) values (@principalId, @Audience, @Listed)
        on conflict (principal_id) do update set audience = excluded.audience, listed = excluded.listed
        """;

    private static readonly StatusPrivacyRow ForAllContacts = new(StatusAudiences.Contacts, []);

    /// <summary>Posts a status for whom the person's privacy names now.</summary>
    /// <param name="lifetime">How long it is seen, its file with it.</param>
    /// <param name="maxAlive">Most that one person shows at a time; 0 for any number.</param>
    /// <returns>The status with <see cref="StatusOutcome.Done"/>, that of the first time when it was posted before; and whether it was not.</returns>
    public Task<(StatusOutcome Outcome, StatusRow? Status, bool IsNew)> PostAsync(
        long authorId,
        NewStatus wished,
        TimeSpan lifetime,
        int maxAlive,
        CancellationToken ct) => ChatTransaction.RepeatAsync<(StatusOutcome, StatusRow?, bool)>(async () =>
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        if (await transaction.LockInboxAsync(authorId, ct) is not { } inbox) return (StatusOutcome.AuthorNotFound, null, false);

        var content = new
        {
            authorId,
            wished.ClientStatusId,
            wished.Kind,
            wished.Text,
            wished.Background,
            wished.Font,
            wished.File?.Media,
            wished.File?.BlobId,
        };
        Posted? before = (await transaction.QueryAsync<Posted>(FindPosted, content, ct)).SingleOrDefault();
        if (before is not null) return before.IsSame ? (StatusOutcome.Done, before.ToRow(), false) : (StatusOutcome.IdReused, null, false);
        if (await transaction.ScalarAsync<bool>(FindOlderNode, new { }, ct)) return (StatusOutcome.OlderNode, null, false);
        if (maxAlive > 0 && await transaction.ScalarAsync<long>(CountAlive, new { authorId }, ct) >= maxAlive)
            return (StatusOutcome.TooMany, null, false);

        DateTime createdAt = DateTimeOffset.FromUnixTimeMilliseconds(transaction.AtMs).UtcDateTime, expiresAt = createdAt + lifetime;
        if (wished.File is { } file)
        {
            bool? fits = await transaction.ScalarAsync<bool?>(LockFile, new { authorId, file.BlobId, file.ContentType, file.Bytes }, ct);
            if (fits != true) return (fits is null ? StatusOutcome.FileNotFound : StatusOutcome.FileDiffers, null, false);
            await transaction.ExecuteAsync(ShowFile, new { file.BlobId, expiresAt }, ct);
        }

        StatusPrivacyRow privacy = (await transaction.QueryAsync<StatusPrivacyRow>(FindPrivacy, new { principalId = authorId }, ct)).SingleOrDefault()
            ?? ForAllContacts;
        var row = new DynamicParameters(content);
        row.AddDynamicParams(new { privacy.Audience, privacy.Listed, createdAt, expiresAt });
        StatusRow posted = (await transaction.QueryAsync<StatusRow>(Insert, row, ct)).Single();
        transaction.Add(inbox, EventKinds.StatusesChanged, authorId, authorId);
        await transaction.CommitAsync(sink, ct);
        return (StatusOutcome.Done, posted, true);
    });

    /// <summary>Deletes a status of the person's, and its file. Twice is no failure, nor is one whose time is over.</summary>
    /// <returns>And whether it is gone by this.</returns>
    public Task<(StatusOutcome Outcome, bool IsNew)> DeleteAsync(
        long authorId, long id, CancellationToken ct) => ChatTransaction.RepeatAsync<(StatusOutcome, bool)>(async () =>
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        if (await transaction.LockInboxAsync(authorId, ct) is not { } inbox) return (StatusOutcome.NotFound, false);
        if (!await transaction.ScalarAsync<bool>(Find, new { authorId, id }, ct)) return (StatusOutcome.NotFound, false);
        if (await transaction.ChangeAsync(End, new { authorId, id }, ct) == 0) return (StatusOutcome.Done, false);
        await transaction.ExecuteAsync(DropFile, new { id }, ct);

        transaction.Add(inbox, EventKinds.StatusesChanged, authorId, authorId);
        await transaction.CommitAsync(sink, ct);
        return (StatusOutcome.Done, true);
    });

    public async Task<StatusPrivacyRow> ReadPrivacyAsync(long principalId, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<StatusPrivacyRow>(
            new CommandDefinition(FindPrivacy, new { principalId }, cancellationToken: ct)) ?? ForAllContacts;
    }

    /// <summary>For whom the next statuses are; those that are posted stay as they are. What is so already is no change.</summary>
    public Task<StatusOutcome> SetPrivacyAsync(
        long principalId, StatusPrivacyRow wished, CancellationToken ct) => ChatTransaction.RepeatAsync(async () =>
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        if (await transaction.LockInboxAsync(principalId, ct) is not { } inbox) return StatusOutcome.AuthorNotFound;

        StatusPrivacyRow present = (await transaction.QueryAsync<StatusPrivacyRow>(FindPrivacy, new { principalId }, ct)).SingleOrDefault()
            ?? ForAllContacts;
        if (present.Audience == wished.Audience && present.Listed.SequenceEqual(wished.Listed)) return StatusOutcome.Done;

        await transaction.ExecuteAsync(PutPrivacy, new { principalId, wished.Audience, wished.Listed }, ct);
        transaction.Add(inbox, EventKinds.StatusesChanged, principalId, principalId);
        await transaction.CommitAsync(sink, ct);
        return StatusOutcome.Done;
    });

    private sealed record Posted(
        long Id, long AuthorId, short Kind, string? Text, string? Background, short? Font, string? Media, long CreatedAtMs, long ExpiresAtMs,
        bool IsSeen, bool IsSame)
    {
        public StatusRow ToRow() => new(Id, AuthorId, Kind, Text, Background, Font, Media, CreatedAtMs, ExpiresAtMs, IsSeen);
    }
}
