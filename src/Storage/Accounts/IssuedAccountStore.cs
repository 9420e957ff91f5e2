using Chat.Storage.People;
using Dapper;
using Npgsql;

namespace Chat.Storage.Accounts;

/// <summary>
/// Accounts of people who sign in at an app of their own, with its tokens (ADR 0040): one for each issuer and subject, with a device for each
/// sign-in there. Thread-safe.
/// </summary>
public sealed class IssuedAccountStore(NpgsqlDataSource source, ICommittedEvents sink)
{
    private const string Read = """
        select i.n, x.principal_id, coalesce(d.id, 0), d.revoked_at is not null, coalesce(floor(extract(epoch from d.last_used_at))::bigint, 0),
            coalesce(x.claimed_name, ''), x.claimed_at, a.blocked_at is not null
        from unnest($1, $2, $3) with ordinality as i (issuer, subject, session, n)
        join issued_accounts x on x.issuer = i.issuer and x.subject = i.subject
        join accounts a on a.principal_id = x.principal_id
        left join issued_devices s on s.principal_id = x.principal_id and s.session = i.session
        left join devices d on d.id = s.device_id
        """;

    // One statement, as for any account. Of two first tokens of a person one fails for the other's key, once that is committed.
    private const string Create = $"""
        with inbox as (insert into chats (kind, member_count) values (5, 1) returning id),
        principal as (insert into principals (kind, name, inbox_chat_id) select 1, @shown, id from inbox returning id, inbox_chat_id),
        member as (
            insert into members (chat_id, principal_id, role, joined_at_sequence) select inbox_chat_id, id, 1, 1 from principal
        ),
        account as (insert into accounts (principal_id, password_hash) select id, '{AccountRow.NoPassword}' from principal)
        insert into issued_accounts (issuer, subject, principal_id, claimed_name, claimed_at)
        select @Issuer, @Subject, id, @claimedName, @claimedAt from principal
        """;

    // A block waits for this and finds the device, or this waits for the block and makes none.
    private const string CreateDevice = """
        with account as (select principal_id from accounts where principal_id = @principalId and blocked_at is null for share),
        device as (
            insert into devices (principal_id, name, last_used_at) select principal_id, @Issuer, to_timestamp(@usedAt) from account
            returning id, principal_id
        )
        insert into issued_devices (device_id, principal_id, session) select id, principal_id, @Session from device returning device_id
        """;

    private const string Touch = """
        update devices d set last_used_at = to_timestamp(t.at) from unnest(@ids, @times) as t (id, at)
        where d.id = t.id and d.last_used_at < to_timestamp(t.at)
        """;

    private const string TakeClaim = """
        update issued_accounts set claimed_name = @name, claimed_at = @claimedAt
        where principal_id = @principalId and claimed_at < @claimedAt and claimed_name is distinct from @name
        """;

    private const string Rename = "update principals set name = @name where id = @principalId";

    /// <summary>What there is of each, at the same place; null where the person is new.</summary>
    public async Task<IReadOnlyList<IssuedRow?>> ReadAsync(IReadOnlyList<IssuedKey> keys, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(Read);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. keys.Select(key => key.Issuer)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. keys.Select(key => key.Subject)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. keys.Select(key => key.Session)] });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        IssuedRow?[] rows = new IssuedRow?[keys.Count];
        while (await reader.ReadAsync(ct))
        {
            rows[reader.GetInt64(0) - 1] = new IssuedRow(
                reader.GetInt64(1), reader.GetInt64(2) is > 0 and var device ? device : null, reader.GetBoolean(3), reader.GetInt64(4),
                reader.GetString(5) is { Length: > 0 } name ? name : null, reader.GetInt64(6), reader.GetBoolean(7));
        }

        return rows;
    }

    /// <summary>Makes the account, unless somebody else did a moment ago: whoever reads it afterwards finds one.</summary>
    /// <param name="entry">Whose.</param>
    /// <param name="shownName">What others see.</param>
    /// <param name="ct">Gives up.</param>
    public async Task CreateAsync(IssuedEntry entry, string shownName, CancellationToken ct)
    {
        var arguments = new { entry.Key.Issuer, entry.Key.Subject, shown = shownName, claimedName = entry.Name, claimedAt = entry.IssuedAt };
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(Create, arguments, cancellationToken: ct));
        }
        catch (PostgresException taken) when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "issued_accounts_pkey" })
        {
            // The other one's account is this one's.
        }
    }

    /// <summary>Makes the device of a sign-in that was not seen before.</summary>
    /// <returns>Null where there is one by now, or the account is blocked.</returns>
    public async Task<long?> CreateDeviceAsync(long principalId, IssuedEntry entry, CancellationToken ct)
    {
        var arguments = new { principalId, entry.Key.Issuer, entry.Key.Session, usedAt = (double)entry.IssuedAt };
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        try
        {
            return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(CreateDevice, arguments, cancellationToken: ct));
        }
        catch (PostgresException taken)
            when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "issued_devices_principal_id_session_key" })
        {
            return null;
        }
    }

    /// <summary>Notes when the newest tokens of devices were made. Each device once.</summary>
    public async Task TouchAsync(IEnumerable<(long DeviceId, long UsedAt)> used, CancellationToken ct)
    {
        // In the order of their ids, so that two nodes cannot wait for each other.
        (long Id, double At)[] devices = [.. used.OrderBy(one => one.DeviceId).Select(one => (one.DeviceId, (double)one.UsedAt))];
        var arguments = new { ids = devices.Select(one => one.Id).ToArray(), times = devices.Select(one => one.At).ToArray() };
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Touch, arguments, cancellationToken: ct));
    }

    /// <summary>
    /// Calls a person as a newer token does, if that is not what the tokens before called them; their devices are told. An older token, and one
    /// that says the same, change nothing.
    /// </summary>
    public Task RenameAsync(long principalId, string name, long claimedAt, CancellationToken ct) => InboxChange.ExecuteAsync(
        (source, sink), principalId, null, EventKinds.ProfileChanged,
        async transaction =>
        {
            if (await transaction.ChangeAsync(TakeClaim, new { principalId, name, claimedAt }, ct) == 0) return PeopleStatus.AlreadyThere;
            await transaction.ExecuteAsync(Rename, new { principalId, name }, ct);
            return PeopleStatus.Done;
        },
        ct);
}
