using Chat.Storage.People;
using Dapper;
using Npgsql;

namespace Chat.Storage.Statuses;

/// <summary>Reads what a person may see of others' statuses, each statement by the one rule of <see cref="StatusSql"/>. Thread-safe.</summary>
public sealed class StatusReads(NpgsqlDataSource source)
{
    // From the viewer's contacts on. Of each only the newest status is read to sort them, from the end of the index of those that were not
    // deleted; all are counted of those on the page alone. The other half of the rule, and blocks, are asked about in there and of the contact,
    // not the status: so they are looked up by key, once for each. Beside it, or of the status, everybody's are read, or all of its author's.
    private static readonly string ListAuthors = $"""
        with page as (
            select mine.contact_id as author_id, mine.name as own_name, mine.statuses_muted, newest.id as newest_id, newest.created_at as newest_at
            from contacts mine
            cross join lateral (
                select s.id, s.created_at from statuses s
                where s.author_id = mine.contact_id and {StatusSql.IsAlive} and {StatusSql.Admits("@viewerId")}
                    and {StatusSql.AreAtPeace("mine.contact_id", "@viewerId")}
                    and exists (select from contacts where principal_id = mine.contact_id and contact_id = @viewerId)
                order by s.id desc limit 1
            ) newest
            where mine.principal_id = @viewerId and newest.id < @before
            order by newest.id desc limit @limit
        )
        select p.id as "AuthorId", p.name, page.own_name as "OwnName", {Visibility.Avatar("@viewerId")} as avatar, shown.total as "Total",
            shown.unseen as "Unseen", page.statuses_muted as "IsMuted", page.newest_id as "NewestId",
            floor(extract(epoch from page.newest_at) * 1000)::bigint as "NewestAtMs"
        from page
        join principals p on p.id = page.author_id
        cross join lateral (
            select count(*) as total, count(*) filter (where w.status_id is null) as unseen
            from statuses s left join status_views w on w.status_id = s.id and w.viewer_id = @viewerId
            where s.author_id = page.author_id and {StatusSql.IsAlive} and {StatusSql.Admits("@viewerId")}
        ) shown
        {Visibility.Joins("@viewerId")}
        order by page.newest_id desc
        """;

    private static readonly string ListOf = $"""
        select {StatusSql.Columns}, {StatusSql.IsSeenBy("@viewerId")} from statuses s
        where s.author_id = @authorId and s.id > @after and {StatusSql.IsVisibleTo("@viewerId")} order by s.id limit @limit
        """;

    // A retry is asked about no status: whatever became of it since, its message is stored.
    private static readonly string FindToAnswer = $"""
        select exists (select from events where chat_id = @chatId and sender_id = @senderId and client_message_id = @clientMessageId) as "IsRetry",
            coalesce(s.author_id <> @senderId and {StatusSql.IsVisibleTo("@senderId")}, false) as "IsVisible",
            exists (
                select from chats c where c.id = @chatId and c.kind = 1 and c.low_principal_id = least(@senderId, s.author_id)
                    and c.high_principal_id = greatest(@senderId, s.author_id)) as "IsHere",
            coalesce(s.kind, 0::smallint) as "Kind", coalesce(s.text, '') as "Text"
        from (select) one left join statuses s on s.id = @id
        """;

    // So many contacts are judged at a time, whatever comes of it. Whether the status is there still is not asked: that it is gone is told to the
    // same people.
    private static readonly string ListAudience = $"""
        with k as (
            select c.contact_id from contacts c
            where c.principal_id = @authorId and c.contact_id > @after order by c.contact_id limit @limit
        )
        select p.id as "PrincipalId", p.inbox_chat_id as "InboxChatId",
            exists (select from statuses s where s.id = any(@ids) and {StatusSql.IsFor("k.contact_id")}) as "IsFor"
        from k join principals p on p.id = k.contact_id order by k.contact_id
        """;

    /// <summary>Those who show the viewer something, the newest status first.</summary>
    /// <param name="before">The newest status of the last one of the page before; the largest number for the first page.</param>
    public async Task<IReadOnlyList<StatusAuthorRow>> ListAuthorsAsync(long viewerId, long before, int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return
        [
            .. await connection.QueryAsync<StatusAuthorRow>(
                new CommandDefinition(ListAuthors, new { viewerId, before, limit }, cancellationToken: ct)),
        ];
    }

    /// <summary>What one person shows the viewer, in the order of posting; nothing is what one sees of somebody who shows one nothing.</summary>
    /// <param name="after">The last one of the page before; 0 for the first page.</param>
    public async Task<IReadOnlyList<StatusRow>> ListOfAsync(long authorId, long viewerId, long after, int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return
        [
            .. await connection.QueryAsync<StatusRow>(
                new CommandDefinition(ListOf, new { authorId, viewerId, after, limit }, cancellationToken: ct)),
        ];
    }

    /// <summary>What a message that answers a status is judged by.</summary>
    public async Task<StatusToAnswer> FindToAnswerAsync(long id, long senderId, long chatId, Guid clientMessageId, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.QuerySingleAsync<StatusToAnswer>(
            new CommandDefinition(FindToAnswer, new { id, senderId, chatId, clientMessageId }, cancellationToken: ct));
    }

    /// <summary>Contacts of an author in the order of their ids, and whether one of these statuses of the author's is for them.</summary>
    /// <param name="after">The last one of the page before; 0 for the first page.</param>
    public async Task<IReadOnlyList<StatusListener>> ListAudienceAsync(
        long authorId, long[] ids, long after, int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return
        [
            .. await connection.QueryAsync<StatusListener>(
                new CommandDefinition(ListAudience, new { authorId, ids, after, limit }, cancellationToken: ct)),
        ];
    }
}

/// <summary>A contact of an author.</summary>
/// <param name="IsFor">One of the statuses is for them.</param>
public sealed record StatusListener(long PrincipalId, long InboxChatId, bool IsFor);
