using Chat.Storage.People;
using Dapper;
using Npgsql;

namespace Chat.Storage.Search;

/// <summary>Which words are in names, and who is found by them. Thread-safe.</summary>
/// <param name="words">What a name is found by.</param>
public sealed class NameStore(NpgsqlDataSource source, Func<string, IReadOnlyCollection<string>> words)
{
    private const string News = """
        select kind as "Kind", scope_id as "ScopeId", subject_id as "SubjectId" from search_name_news order by kind, scope_id, subject_id limit @limit
        """;

    // What is locked is noted again at the moment, or in another node's hands.
    private const string TakeNews = """
        with news as (
            select n.kind, n.scope_id, n.subject_id from unnest(@kinds, @scopes, @subjects) as t (kind, scope_id, subject_id)
            join search_name_news n on n.kind = t.kind and n.scope_id = t.scope_id and n.subject_id = t.subject_id
            for update of n skip locked
        )
        delete from search_name_news n using news s
        where n.kind = s.kind and n.scope_id = s.scope_id and n.subject_id = s.subject_id
        returning n.kind as "Kind", n.scope_id as "ScopeId", n.subject_id as "SubjectId"
        """;

    private const string Skip = "delete from search_name_news where kind = @Kind and scope_id = @ScopeId and subject_id = @SubjectId";

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
            select id as "Position", 0::bigint as "Below" from page order by id desc limit 1
            """),
        ("chat_names", """
            with page as (select id, name from chats where id > @position order by id limit @limit), noted as (
                insert into search_name_news select 2, id, id from page where name is not null on conflict do nothing)
            select id as "Position", 0::bigint as "Below" from page order by id desc limit 1
            """),
        ("contacts", """
            with page as (
                select principal_id, contact_id, name from contacts where (principal_id, contact_id) > (@position, @below)
                order by principal_id, contact_id limit @limit
            ), noted as (
                insert into search_name_news select 3, principal_id, contact_id from page where name is not null on conflict do nothing)
            select principal_id as "Position", contact_id as "Below" from page order by principal_id desc, contact_id desc limit 1
            """),
    ];

    // @owner's contacts and those it has a direct chat with.
    private const string KnownPeople = """
        select k.id from (
            (select contact_id as id from contacts where principal_id = @owner and contact_id > @after order by contact_id limit @window)
            union
            select peer.id from members m join chats c on c.id = m.chat_id and c.kind = 1
            cross join lateral (select case when c.low_principal_id = @owner then c.high_principal_id else c.low_principal_id end as id) peer
            where m.principal_id = @owner and peer.id > @after
        ) k order by k.id limit @window
        """;

    private const string JoinedChats = """
        select m.chat_id from members m where m.principal_id = @owner and m.chat_id > @after and m.left_at_sequence is null
        order by m.chat_id limit @window
        """;

    // Of @ids those with all the words wanted, each the beginning of one. What is under the owner's own names is read once for each
    // word; each other is looked up by key, and the first word that is missing ends it.
    private const string MatchPeople = """
        with wanted as (
            select * from unnest(@lows, @highs) with ordinality as w (low, high, place)
        ), own as materialized (
            select w.place, s.subject_id from wanted w
            join search_names s on s.kind = 3 and s.scope_id = @owner and s.word >= w.low and s.word < w.high
        ), matched as materialized (
            select known.id from unnest(@ids) as known (id)
            where not exists (
                select from wanted w where (w.place, known.id) not in (select o.place, o.subject_id from own o)
                    and not exists (
                        select from search_names s where s.kind = 1 and s.scope_id = known.id and s.word >= w.low and s.word < w.high))
            order by known.id limit @limit
        )
        """;

    private static readonly string People = $"""
        {MatchPeople}
        select p.id as "PrincipalId", p.name as "Name", own.name as "OwnName", {Visibility.About("@owner")} as "About",
            {Visibility.Avatar("@owner")} as "Avatar", direct.id as "ChatId"
        from matched join principals p on p.id = matched.id
        left join contacts own on own.principal_id = @owner and own.contact_id = p.id
        left join chats direct on direct.kind = 1 and direct.low_principal_id = least(@owner, p.id) and direct.high_principal_id = greatest(@owner, p.id)
        {Visibility.Joins("@owner")}
        order by p.id
        """;

    private const string Chats = """
        with matched as materialized (
            select known.id from unnest(@ids) as known (id)
            where not exists (
                select from unnest(@lows, @highs) as w (low, high) where not exists (
                    select from search_names s where s.kind = 2 and s.scope_id = known.id and s.word >= w.low and s.word < w.high))
            order by known.id limit @limit
        )
        select c.id as "ChatId", c.kind as "Kind", c.name as "Name", c.avatar as "Avatar"
        from matched join chats c on c.id = matched.id where c.name is not null order by c.id
        """;

    /// <summary>Some of the names that were given or changed.</summary>
    public async Task<IReadOnlyList<NameKey>> ListNewsAsync(int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<NameKey>(new CommandDefinition(News, new { limit }, cancellationToken: ct))];
    }

    /// <summary>Leaves a name out of the index until it changes again.</summary>
    public async Task SkipAsync(NameKey name, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Skip, name, cancellationToken: ct));
    }

    /// <summary>Makes the words of these names anew; those that another has in hand are left to it.</summary>
    /// <returns>How many names.</returns>
    public async Task<int> IndexAsync(IReadOnlyList<NameKey> noted, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        List<NameKey> taken = [.. await connection.QueryAsync<NameKey>(new CommandDefinition(TakeNews, Keys(noted), transaction, cancellationToken: ct))];
        if (taken.Count == 0) return 0;

        object keys = Keys(taken);
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
            WalkPlace? at = await connection.QuerySingleOrDefaultAsync<WalkPlace>(
                new CommandDefinition(SearchIndexSql.Position, new { name = walk }, transaction, cancellationToken: ct));
            if (at is null) continue;
            WalkPlace? next = await connection.QuerySingleOrDefaultAsync<WalkPlace>(
                new CommandDefinition(sql, new { position = at.Position, below = at.Below, limit }, transaction, cancellationToken: ct));
            var moved = new { name = walk, position = (next ?? at).Position, below = (next ?? at).Below, ended = next is null };
            await connection.ExecuteAsync(new CommandDefinition(SearchIndexSql.Move, moved, transaction, cancellationToken: ct));
            await transaction.CommitAsync(ct);
            return true;
        }

        return false;
    }

    /// <summary>Looks through some of the people whom the owner knows, in the order of their ids. May take too long (57014).</summary>
    /// <param name="beginnings">Folded; each is the beginning of a word of the name.</param>
    /// <param name="most">How many are looked at, and how many found.</param>
    public Task<NameWindow<FoundPerson>> FindPeopleAsync(
        long ownerId, IReadOnlyList<string> beginnings, long after, (int Window, int Limit) most, CancellationToken ct) =>
        FindAsync<FoundPerson>((KnownPeople, People), ownerId, beginnings, after, most, ct);

    /// <summary>The same for the groups and channels that the owner is in.</summary>
    public Task<NameWindow<FoundChat>> FindChatsAsync(
        long ownerId, IReadOnlyList<string> beginnings, long after, (int Window, int Limit) most, CancellationToken ct) =>
        FindAsync<FoundChat>((JoinedChats, Chats), ownerId, beginnings, after, most, ct);

    private async Task<NameWindow<T>> FindAsync<T>(
        (string List, string Match) sql, long owner, IReadOnlyList<string> beginnings, long after, (int Window, int Limit) most, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(SearchSql.LimitTime, transaction: transaction, cancellationToken: ct));
        long[] ids = [.. await connection.QueryAsync<long>(new CommandDefinition(sql.List, new { owner, after, window = most.Window }, transaction, cancellationToken: ct))];
        var wanted = new
        {
            owner,
            ids,
            limit = most.Limit,
            lows = beginnings.ToArray(),
            highs = beginnings.Select(low => low + SearchSql.Above).ToArray(),
        };
        IEnumerable<T> found = await connection.QueryAsync<T>(new CommandDefinition(sql.Match, wanted, transaction, cancellationToken: ct));
        return new NameWindow<T>([.. found], ids.Length < most.Window ? null : ids[^1]);
    }

    private static object Keys(IReadOnlyList<NameKey> names) => new
    {
        kinds = names.Select(key => key.Kind).ToArray(),
        scopes = names.Select(key => key.ScopeId).ToArray(),
        subjects = names.Select(key => key.SubjectId).ToArray(),
    };

    private sealed record NamedKey(short Kind, long ScopeId, long SubjectId, string? Name);
}
