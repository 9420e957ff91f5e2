using Chat.Storage.People;
using Dapper;
using Npgsql;

namespace Chat.Storage.Search;

/// <summary>Which words are in names, and who is found by them. Thread-safe.</summary>
/// <param name="words">What a name is found by.</param>
public sealed class NameStore(NpgsqlDataSource source, Func<string, IReadOnlyCollection<string>> words)
{
    private const string TakeNews = """
        with news as (
            select kind, scope_id, subject_id from search_name_news order by kind, scope_id, subject_id limit @limit for update skip locked
        ), taken as (
            delete from search_name_news n using news s
            where n.kind = s.kind and n.scope_id = s.scope_id and n.subject_id = s.subject_id
            returning n.kind, n.scope_id, n.subject_id
        )
        select kind as "Kind", scope_id as "ScopeId", subject_id as "SubjectId" from taken
        """;

    // After the news were taken: a name that changes behind this is noted again.
    private const string ReadNames = """
        select n.kind as "Kind", n.scope_id as "ScopeId", n.subject_id as "SubjectId", case n.kind
            when 1 then (select p.name from principals p where p.id = n.subject_id)
            when 2 then (select c.name from chats c where c.id = n.subject_id)
            else (select k.name from contacts k where k.principal_id = n.scope_id and k.contact_id = n.subject_id) end as "Name"
        from unnest(@kinds, @scopes, @subjects) as n (kind, scope_id, subject_id)
        """;

    private const string DeleteWords = """
        delete from search_names s using unnest(@kinds, @scopes, @subjects) as n (kind, scope_id, subject_id)
        where s.kind = n.kind and s.scope_id = n.scope_id and s.subject_id = n.subject_id
        """;

    private const string InsertWords = """
        insert into search_names (kind, scope_id, word, subject_id)
        select * from unnest(@kinds, @scopes, @words, @subjects) on conflict do nothing
        """;

    // What was there before the triggers were: in pages, each table once.
    private static readonly (string Walk, string Sql)[] Walks =
    [
        ("principals", """
            with page as (select id from principals where id > @position order by id limit @limit), noted as (
                insert into search_name_news select 1, id, id from page on conflict do nothing)
            select max(id) from page
            """),
        ("chat_names", """
            with page as (select id, name from chats where id > @position order by id limit @limit), noted as (
                insert into search_name_news select 2, id, id from page where name is not null on conflict do nothing)
            select max(id) from page
            """),
        ("contacts", """
            with page as (select id from principals where id > @position order by id limit @limit), noted as (
                insert into search_name_news select 3, k.principal_id, k.contact_id from page join contacts k on k.principal_id = page.id
                where k.name is not null on conflict do nothing)
            select max(id) from page
            """),
    ];

    /// <summary>
    /// Of @owner's contacts and of those it has a direct chat with, by their own names or the owner's for them; every word wanted is the beginning
    /// of one. Each person is looked up by key.
    /// </summary>
    private static readonly string People = $"""
        with known as (
            select k.contact_id as id from contacts k where k.principal_id = @owner and k.contact_id > @after
            union
            select case when c.low_principal_id = @owner then c.high_principal_id else c.low_principal_id end
            from members m join chats c on c.id = m.chat_id and c.kind = 1
            where m.principal_id = @owner and case when c.low_principal_id = @owner then c.high_principal_id else c.low_principal_id end > @after
        )
        select p.id as "PrincipalId", p.name as "Name", own.name as "OwnName", {Visibility.About("@owner")} as "About",
            {Visibility.Avatar("@owner")} as "Avatar", direct.id as "ChatId"
        from known join principals p on p.id = known.id
        left join contacts own on own.principal_id = @owner and own.contact_id = p.id
        left join chats direct on direct.kind = 1 and direct.low_principal_id = least(@owner, p.id) and direct.high_principal_id = greatest(@owner, p.id)
        {Visibility.Joins("@owner")}
        where (select bool_and(
            exists (select from search_names s where s.kind = 1 and s.scope_id = p.id and s.word >= w.low and s.word < w.high)
            or exists (
                select from search_names s where s.kind = 3 and s.scope_id = @owner and s.subject_id = p.id and s.word >= w.low and s.word < w.high))
            from unnest(@lows, @highs) as w (low, high))
        order by p.id limit @limit
        """;

    private const string Chats = """
        select c.id as "ChatId", c.kind as "Kind", c.name as "Name", c.avatar as "Avatar" from members m join chats c on c.id = m.chat_id
        where m.principal_id = @owner and m.chat_id > @after and m.left_at_sequence is null and c.name is not null and (select bool_and(
            exists (select from search_names s where s.kind = 2 and s.scope_id = m.chat_id and s.word >= w.low and s.word < w.high))
            from unnest(@lows, @highs) as w (low, high))
        order by m.chat_id limit @limit
        """;

    // Above every code point, and so above every word that begins with what is in front of it.
    private const string Above = "\U0010FFFF";

    /// <summary>Makes the words of names anew that were given or changed.</summary>
    /// <returns>How many names.</returns>
    public async Task<int> IndexAsync(int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        List<NameKey> taken = [.. await connection.QueryAsync<NameKey>(new CommandDefinition(TakeNews, new { limit }, transaction, cancellationToken: ct))];
        if (taken.Count == 0) return 0;

        var keys = new
        {
            kinds = taken.Select(key => key.Kind).ToArray(),
            scopes = taken.Select(key => key.ScopeId).ToArray(),
            subjects = taken.Select(key => key.SubjectId).ToArray(),
        };
        IEnumerable<NamedKey> names = await connection.QueryAsync<NamedKey>(new CommandDefinition(ReadNames, keys, transaction, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition(DeleteWords, keys, transaction, cancellationToken: ct));
        List<(NamedKey Key, string Word)> rows =
            [.. names.Where(name => name.Name is not null).SelectMany(name => words(name.Name!).Select(word => (name, word)))];
        var inserted = new
        {
            kinds = rows.Select(row => row.Key.Kind).ToArray(),
            scopes = rows.Select(row => row.Key.ScopeId).ToArray(),
            words = rows.Select(row => row.Word).ToArray(),
            subjects = rows.Select(row => row.Key.SubjectId).ToArray(),
        };
        await connection.ExecuteAsync(new CommandDefinition(InsertWords, inserted, transaction, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        return taken.Count;
    }

    /// <summary>Notes some of the names that were there before any were noted. False: all have been.</summary>
    public async Task<bool> WalkAsync(int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        foreach ((string walk, string sql) in Walks)
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
            long? position = await connection.ExecuteScalarAsync<long?>(
                new CommandDefinition(SearchIndexSql.Position, new { name = walk }, transaction, cancellationToken: ct));
            if (position is not { } at) continue;
            long? next = await connection.ExecuteScalarAsync<long?>(new CommandDefinition(sql, new { position = at, limit }, transaction, cancellationToken: ct));
            var moved = new { name = walk, position = next ?? at, ended = next is null };
            await connection.ExecuteAsync(new CommandDefinition(SearchIndexSql.Move, moved, transaction, cancellationToken: ct));
            await transaction.CommitAsync(ct);
            return true;
        }

        return false;
    }

    /// <summary>People whom the owner knows, in the order of their ids.</summary>
    /// <param name="beginnings">Folded; each is the beginning of a word of the name.</param>
    public async Task<IReadOnlyList<FoundPerson>> FindPeopleAsync(
        long ownerId, IReadOnlyList<string> beginnings, long after, int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<FoundPerson>(new CommandDefinition(People, Wanted(ownerId, beginnings, after, limit), cancellationToken: ct))];
    }

    /// <summary>Groups and channels that the owner is in, in the order of their ids.</summary>
    public async Task<IReadOnlyList<FoundChat>> FindChatsAsync(
        long ownerId, IReadOnlyList<string> beginnings, long after, int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<FoundChat>(new CommandDefinition(Chats, Wanted(ownerId, beginnings, after, limit), cancellationToken: ct))];
    }

    private static object Wanted(long owner, IReadOnlyList<string> beginnings, long after, int limit) => new
    {
        owner,
        after,
        limit,
        lows = beginnings.ToArray(),
        highs = beginnings.Select(low => low + Above).ToArray(),
    };

    private sealed record NameKey(short Kind, long ScopeId, long SubjectId);

    private sealed record NamedKey(short Kind, long ScopeId, long SubjectId, string? Name);
}
