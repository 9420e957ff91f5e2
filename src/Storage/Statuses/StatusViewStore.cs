using Chat.Storage.People;
using Dapper;
using Npgsql;

namespace Chat.Storage.Statuses;

/// <summary>
/// Who has looked at which status, and the end of both. A view is one row, written once; no log is written to. Thread-safe.
/// </summary>
public sealed class StatusViewStore(NpgsqlDataSource source)
{
    /// <summary>Statuses that are deleted at a time .</summary>
    public const int MaxDeleted = 100;

    private static readonly string Look = $"""
        with seen as (
            select s.id, s.author_id from statuses s where s.id = @id and {StatusSql.IsVisibleTo("@viewerId")}
        ), added as (
            insert into status_views (status_id, viewer_id, hidden)
            select seen.id, v.id, not (v.read_receipts and a.read_receipts)
            from seen join principals v on v.id = @viewerId join principals a on a.id = seen.author_id where seen.author_id <> @viewerId
            on conflict (status_id, viewer_id) do nothing returning hidden
        )
        select seen.author_id as "AuthorId", a.inbox_chat_id as "AuthorInbox", v.inbox_chat_id as "ViewerInbox",
            added.hidden is not null as "IsNew", coalesce(not added.hidden, false) as "IsTold"
        from seen join principals a on a.id = seen.author_id join principals v on v.id = @viewerId left join added on true
        """;

    private const string FindOwn = $"""
        select p.read_receipts from statuses s join principals p on p.id = s.author_id
        where s.id = @id and s.author_id = @authorId and {StatusSql.IsAlive}
        """;

    // Of whom has turned receipts off since, or is blocked since, nothing is shown either.
    private static readonly string IsShown = $"""
        v.status_id = @id and not v.hidden and p.read_receipts and {StatusSql.AreAtPeace("p.id", "@authorId")}
        """;

    private static readonly string Count = $"""
        select count(*) from status_views v join principals p on p.id = v.viewer_id where {IsShown}
        """;

    private static readonly string List = $"""
        select p.id as "ViewerId", p.name, {Visibility.Avatar("@authorId")} as avatar,
            floor(extract(epoch from v.viewed_at) * 1000)::bigint as "ViewedAtMs"
        from status_views v join principals p on p.id = v.viewer_id
        {Visibility.Joins("@authorId")}
        where {IsShown} and (v.viewed_at, v.viewer_id) < (@before, @beforeId)
        order by v.viewed_at desc, v.viewer_id desc limit @limit
        """;

    // A status may have thousands of views: they go first, so that the rows of a hundred statuses end with nothing to cascade to.
    private const string DeleteViews = """
        with past as (
            select id from statuses where expires_at < now() order by expires_at, id limit @statuses
        ), doomed as (
            select v.status_id, v.viewer_id from past join status_views v on v.status_id = past.id limit @limit
        )
        delete from status_views v using doomed d where v.status_id = d.status_id and v.viewer_id = d.viewer_id
        """;

    private const string DeletePast = """
        delete from statuses where id = any(array(
            select s.id from statuses s where s.expires_at < now() and not exists (select from status_views v where v.status_id = s.id)
            order by s.expires_at, s.id limit @limit for update skip locked))
        """;

    /// <summary>Notes that somebody has looked at a status, if they may; null if there is none for them. Their own is looked at without a note.</summary>
    public async Task<StatusLook?> LookAsync(long id, long viewerId, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        try
        {
            return await connection.QuerySingleOrDefaultAsync<StatusLook>(
                new CommandDefinition(Look, new { id, viewerId }, cancellationToken: ct));
        }
        catch (PostgresException gone) when (gone.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return null; // its time was over between our look and our note, and its row is deleted
        }
    }

    /// <summary>Who has looked at a status, the last one first; null unless it is the author's, and there. None to an author without read receipts.</summary>
    /// <param name="after">The last one of the page before; null for the first page.</param>
    public async Task<StatusViewers?> ListAsync(
        long id, long authorId, (long ViewedAtMs, long ViewerId)? after, int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        var own = new { id, authorId };
        bool? showsReceipts = await connection.ExecuteScalarAsync<bool?>(new CommandDefinition(FindOwn, own, cancellationToken: ct));
        if (showsReceipts is null) return null;
        if (showsReceipts == false) return new StatusViewers([], 0);

        long total = await connection.ExecuteScalarAsync<long>(new CommandDefinition(Count, own, cancellationToken: ct));
        DateTime before = after is { } last ? DateTimeOffset.FromUnixTimeMilliseconds(last.ViewedAtMs).UtcDateTime : DateTime.MaxValue;
        var values = new
        {
            id,
            authorId,
            before = DateTime.SpecifyKind(before, DateTimeKind.Utc),
            beforeId = after?.ViewerId ?? long.MaxValue,
            limit,
        };
        return new StatusViewers([.. await connection.QueryAsync<StatusViewerRow>(new CommandDefinition(List, values, cancellationToken: ct))], total);
    }

    /// <summary>Deletes up to <paramref name="limit"/> views of statuses whose time is over; how many.</summary>
    public Task<int> DeleteViewsAsync(int limit, CancellationToken ct) => DeleteAsync(DeleteViews, new { statuses = MaxDeleted, limit }, ct);

    /// <summary>Deletes up to <paramref name="limit"/> statuses whose time is over and whose views are deleted; how many.</summary>
    public Task<int> DeletePastAsync(int limit, CancellationToken ct) => DeleteAsync(DeletePast, new { limit }, ct);

    private async Task<int> DeleteAsync(string sql, object values, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(sql, values, cancellationToken: ct));
    }
}
