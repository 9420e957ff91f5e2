using Chat.Storage.People;
using Dapper;
using Npgsql;

namespace Chat.Storage.Statuses;

/// <summary>Reads what a person may see of others' statuses, each statement by the one rule of <see cref="StatusSql"/>. Thread-safe.</summary>
public sealed class StatusReads(NpgsqlDataSource source)
{
    // From the viewer's contacts on, the join to the author's being the other half of the rule; both are looked up by key.
    private static readonly string ListAuthors = $"""
        with shown as (
            select s.author_id, max(s.id) as newest_id, count(*) as total, count(*) filter (where w.status_id is null) as unseen
            from contacts mine
            join contacts theirs on theirs.principal_id = mine.contact_id and theirs.contact_id = mine.principal_id
            join statuses s on s.author_id = mine.contact_id and {StatusSql.IsAlive} and {StatusSql.Admits("@viewerId")}
            left join status_views w on w.status_id = s.id and w.viewer_id = @viewerId
            where mine.principal_id = @viewerId and {StatusSql.AreAtPeace("mine.contact_id", "@viewerId")}
            group by s.author_id
        ), page as (
            select * from shown where newest_id < @before order by newest_id desc limit @limit
        )
        select p.id as "AuthorId", p.name, mine.name as "OwnName", {Visibility.Avatar("@viewerId")} as avatar, page.total as "Total",
            page.unseen as "Unseen", page.newest_id as "NewestId", floor(extract(epoch from n.created_at) * 1000)::bigint as "NewestAtMs"
        from page
        join principals p on p.id = page.author_id
        join contacts mine on mine.principal_id = @viewerId and mine.contact_id = page.author_id
        join statuses n on n.id = page.newest_id
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
            where c.principal_id = (select author_id from statuses where id = @id) and c.contact_id > @after order by c.contact_id limit @limit
        )
        select p.id as "PrincipalId", p.inbox_chat_id as "InboxChatId", {StatusSql.IsFor("k.contact_id")} as "IsFor"
        from k join principals p on p.id = k.contact_id join statuses s on s.id = @id order by k.contact_id
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

    /// <summary>Contacts of a status's author in the order of their ids, and whether it is for them.</summary>
    /// <param name="after">The last one of the page before; 0 for the first page.</param>
    public async Task<IReadOnlyList<StatusListener>> ListAudienceAsync(long id, long after, int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return
        [
            .. await connection.QueryAsync<StatusListener>(
                new CommandDefinition(ListAudience, new { id, after, limit }, cancellationToken: ct)),
        ];
    }
}

/// <summary>A contact of a status's author.</summary>
/// <param name="IsFor">The status is for them.</param>
public sealed record StatusListener(long PrincipalId, long InboxChatId, bool IsFor);
