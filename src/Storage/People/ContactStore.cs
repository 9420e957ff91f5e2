using Dapper;
using Npgsql;

namespace Chat.Storage.People;

/// <summary>Whom a person keeps as a contact, under which name. Every change is told to the person's devices. Thread-safe.</summary>
public sealed class ContactStore(NpgsqlDataSource source, ICommittedEvents sink)
{
    private static readonly string Select = $"""
        select p.id as "PrincipalId", p.name, c.name as "OwnName", c.favourite, c.statuses_muted as "StatusesMuted",
            floor(extract(epoch from c.added_at) * 1000)::bigint as "AddedAtMs",
            {Visibility.About("@keeperId")} as about, {Visibility.Avatar("@keeperId")} as avatar,
            exists (select from blocks own where own.principal_id = @keeperId and own.blocked_id = p.id) as "IsBlocked"
        from contacts c join principals p on p.id = c.contact_id
        {Visibility.Joins("@keeperId")}
        """;

    private static readonly string ListAll = Select + """

        where c.principal_id = @keeperId and c.contact_id > @after order by c.contact_id limit @limit
        """;

    // A statement of its own, so that the partial index serves.
    private static readonly string ListFavourites = Select + """

        where c.principal_id = @keeperId and c.favourite and c.contact_id > @after order by c.contact_id limit @limit
        """;

    private static readonly string FindOne = Select + " where c.principal_id = @keeperId and c.contact_id = @contactId";

    private const string Count = "select count(*) from (select from contacts where principal_id = @keeperId limit @max) as counted";

    private const string Put = """
        insert into contacts (principal_id, contact_id, name, favourite) values (@keeperId, @contactId, @name, @favourite)
        on conflict (principal_id, contact_id) do update set name = excluded.name, favourite = excluded.favourite
        """;

    private const string Exists = "select exists (select from contacts where principal_id = @keeperId and contact_id = @contactId)";

    private const string FindMuted = "select statuses_muted from contacts where principal_id = @keeperId and contact_id = @contactId";

    private const string SetMuted = """
        update contacts set statuses_muted = @muted where principal_id = @keeperId and contact_id = @contactId
        """;

    private const string Delete = "delete from contacts where principal_id = @keeperId and contact_id = @contactId";

    /// <summary>In the order of their ids.</summary>
    /// <param name="after">The last one of the page before; 0 for the first page.</param>
    public async Task<ContactPage> ListAsync(long keeperId, long after, int limit, bool favouritesOnly, CancellationToken ct)
    {
        string sql = favouritesOnly ? ListFavourites : ListAll;
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        List<ContactRow> rows =
        [
            .. await connection.QueryAsync<ContactRow>(
                new CommandDefinition(sql, new { keeperId, after, limit = limit + 1 }, cancellationToken: ct)),
        ];
        return rows.Count > limit ? new ContactPage(rows[..limit], HasMore: true) : new ContactPage(rows, HasMore: false);
    }

    public async Task<ContactRow?> FindAsync(long keeperId, long contactId, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<ContactRow>(
            new CommandDefinition(FindOne, new { keeperId, contactId }, cancellationToken: ct));
    }

    /// <summary>Adds the contact, or gives it another name or star.</summary>
    public Task<PeopleStatus> PutAsync(
        long keeperId, long contactId, (string? Name, bool Favourite) kept, int maxContacts, CancellationToken ct) => InboxChange.ExecuteAsync(
        (source, sink), keeperId, contactId, EventKinds.ContactChanged,
        async transaction =>
        {
            bool isThere = await transaction.ScalarAsync<bool>(Exists, new { keeperId, contactId }, ct);
            if (!isThere && await transaction.ScalarAsync<long>(Count, new { keeperId, max = maxContacts }, ct) >= maxContacts)
                return PeopleStatus.TooMany;

            await transaction.ExecuteAsync(Put, new { keeperId, contactId, name = kept.Name, favourite = kept.Favourite }, ct);
            return PeopleStatus.Done;
        },
        ct);

    public Task<PeopleStatus> RemoveAsync(long keeperId, long contactId, CancellationToken ct) => InboxChange.ExecuteAsync(
        (source, sink), keeperId, contactId, EventKinds.ContactChanged,
        async transaction =>
        {
            if (!await transaction.ScalarAsync<bool>(Exists, new { keeperId, contactId }, ct)) return PeopleStatus.ContactNotFound;

            await transaction.ExecuteAsync(Delete, new { keeperId, contactId }, ct);
            return PeopleStatus.Done;
        },
        ct);

    /// <summary>Mutes a contact's statuses, or no longer. <see cref="PeopleStatus.AlreadyThere"/> when it is so already.</summary>
    public Task<PeopleStatus> MuteStatusesAsync(long keeperId, long contactId, bool muted, CancellationToken ct) => InboxChange.ExecuteAsync(
        (source, sink), keeperId, contactId, EventKinds.ContactChanged,
        async transaction =>
        {
            if (await transaction.ScalarAsync<bool?>(FindMuted, new { keeperId, contactId }, ct) is not { } present) return PeopleStatus.ContactNotFound;
            if (present == muted) return PeopleStatus.AlreadyThere;

            await transaction.ExecuteAsync(SetMuted, new { keeperId, contactId, muted }, ct);
            return PeopleStatus.Done;
        },
        ct);
}
