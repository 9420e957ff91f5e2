using Chat.Storage.People;
using Dapper;
using Npgsql;

namespace Chat.Storage.Accounts;

/// <summary>Principals as others may see them. Thread-safe.</summary>
public sealed class PrincipalStore(NpgsqlDataSource source)
{
    // An inbox has one member, so sharing it is being oneself; that case is said outright. Both sides' memberships are read once and hashed:
    // looked up for each of the ids, those of an asker with thousands of chats would be walked through as often. Readers of one channel are
    // strangers to each other.
    private static readonly string FindSharing = $"""
        with mine as materialized (
            select chat_id, left_at_sequence from members where principal_id = @askerId
        ),
        theirs as materialized (
            select chat_id, principal_id, left_at_sequence from members where principal_id = any(@ids)
        ),
        shared as materialized (
            select theirs.principal_id, bool_or(mine.left_at_sequence is null and theirs.left_at_sequence is null) as now
            from theirs join mine on mine.chat_id = theirs.chat_id
            where (select c.kind from chats c where c.id = theirs.chat_id) <> 3
            group by theirs.principal_id
        )
        select p.id, p.kind, p.name, floor(extract(epoch from p.last_seen_at) * 1000)::bigint as "LastSeenAtMs",
            p.id = @askerId or coalesce(shared.now, false) as "SharesNow",
            {Visibility.Shows("last_seen_audience", "@askerId")} as "ShowsPresence",
            {Visibility.About("@askerId")} as about, {Visibility.Avatar("@askerId")} as avatar
        from principals p
        left join shared on shared.principal_id = p.id
        {Visibility.Joins("@askerId")}
        where p.id = any(@ids) and (p.id = @askerId or shared.now is not null)
        order by p.id
        """;

    private static readonly string FindByLogin = $"""
        select p.id, p.kind, p.name, floor(extract(epoch from p.last_seen_at) * 1000)::bigint as "LastSeenAtMs", false as "SharesNow",
            {Visibility.Shows("last_seen_audience", "@askerId")} as "ShowsPresence",
            {Visibility.About("@askerId")} as about, {Visibility.Avatar("@askerId")} as avatar
        from accounts a join principals p on p.id = a.principal_id
        {Visibility.Joins("@askerId")}
        where a.email = @login or a.phone = @login
        """;

    // Only for who is of the same issuer: to anybody else its people have no such names.
    private static readonly string FindBySubject = $"""
        select p.id, p.kind, p.name, floor(extract(epoch from p.last_seen_at) * 1000)::bigint as "LastSeenAtMs", false as "SharesNow",
            {Visibility.Shows("last_seen_audience", "@askerId")} as "ShowsPresence",
            {Visibility.About("@askerId")} as about, {Visibility.Avatar("@askerId")} as avatar
        from issued_accounts x join principals p on p.id = x.principal_id
        {Visibility.Joins("@askerId")}
        where x.issuer = @issuer and x.subject = @subject
            and exists (select from issued_accounts mine where mine.principal_id = @askerId and mine.issuer = x.issuer)
        """;

    private static readonly string FindWhoMaySee = $"""
        select w.id from unnest(@viewerIds) as w (id) join principals p on p.id = @shownId
        {Visibility.Joins("w.id")}
        where {Visibility.Shows("last_seen_audience", "w.id")}
        """;

    private const string Touch = """
        update principals p set last_seen_at = t.at from unnest(@ids, @times) as t (id, at)
        where p.id = t.id and (p.last_seen_at is null or p.last_seen_at < t.at)
        """;

    /// <summary>
    /// Those of <paramref name="ids"/> that share, or shared, a chat with the asker, and the asker; in the order of their ids.
    /// </summary>
    public async Task<IReadOnlyList<PrincipalRow>> FindSharingChatAsync(long askerId, IReadOnlyList<long> ids, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<PrincipalRow>(
            new CommandDefinition(FindSharing, new { askerId, ids = ids.ToArray() }, cancellationToken: ct))];
    }

    /// <summary>By exact e-mail address (lower case) or phone (E.164). SharesNow is not looked up.</summary>
    public async Task<PrincipalRow?> FindByEmailOrPhoneAsync(long askerId, string login, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<PrincipalRow>(
            new CommandDefinition(FindByLogin, new { askerId, login }, cancellationToken: ct));
    }

    /// <summary>By what an issuer calls the person, for an asker of the same issuer. SharesNow is not looked up.</summary>
    public async Task<PrincipalRow?> FindBySubjectAsync(long askerId, string issuer, string subject, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<PrincipalRow>(
            new CommandDefinition(FindBySubject, new { askerId, issuer, subject }, cancellationToken: ct));
    }

    /// <summary>Those of <paramref name="viewerIds"/> who may know when a principal is online, by privacy and blocks alone.</summary>
    public async Task<IReadOnlyList<long>> FindWhoMaySeePresenceAsync(long shownId, IReadOnlyList<long> viewerIds, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<long>(
            new CommandDefinition(FindWhoMaySee, new { shownId, viewerIds = viewerIds.ToArray() }, cancellationToken: ct))];
    }

    /// <summary>Moves "last seen" forward; an earlier time than the stored one has no effect.</summary>
    public async Task TouchLastSeenAsync(IReadOnlyList<(long PrincipalId, DateTimeOffset At)> seen, CancellationToken ct)
    {
        if (seen.Count == 0) return;
        // In id order and once each, so that two nodes cannot wait for each other.
        (long Id, DateTime At)[] latest =
        [
            .. seen.GroupBy(one => one.PrincipalId).OrderBy(group => group.Key)
                .Select(group => (group.Key, group.Max(one => one.At).UtcDateTime)),
        ];
        var arguments = new { ids = latest.Select(one => one.Id).ToArray(), times = latest.Select(one => one.At).ToArray() };
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Touch, arguments, cancellationToken: ct));
    }
}
