using Chat.Storage.Chats;
using Dapper;
using Npgsql;

namespace Chat.Storage.Accounts;

/// <summary>Signed-in devices and their refresh tokens, of which only hashes are known here. Thread-safe.</summary>
public sealed class DeviceStore(NpgsqlDataSource source, ICommittedEvents sink)
{
    /// <summary>A new device with its first refresh token, of the principal that the part <c>account</c> before it gives; none where that is empty.</summary>
    internal const string Make = """
        device as (insert into devices (principal_id, name) select principal_id, @name from account returning id),
        token as (insert into refresh_tokens (token_hash, device_id, expires_at) select @refreshTokenHash, id, @expiresAt from device)
        select id from device
        """;

    // Who signs in with a password that is being changed, or with an account that is being blocked, waits for that, and then has no account with
    // that password, or none that is not blocked; one who came first has a device that the change finds and signs out.
    private const string Create = $"""
        with account as (
            select principal_id from accounts where principal_id = @principalId and password_hash = @passwordHash and blocked_at is null for share
        ),
        {Make}
        """;

    // What one registers with is no news.
    private const string HasOlder = "select exists (select from devices where principal_id = @principalId and id < @deviceId)";

    // The device's row is locked, so that two who present tokens of one device take turns, with an operator who blocks the account, too: that
    // signs the device out. The account is looked at afterwards, in a statement of its own: one that waited for the lock would see the account as
    // it was before.
    private const string FindToken = $"""
        select d.principal_id as "PrincipalId", d.id as "DeviceId", t.rotated_at is not null as "Spent",
            t.expires_at > clock_timestamp() as "Lives", d.revoked_at is null as "SignedIn"
        from refresh_tokens t join devices d on d.id = t.device_id
        where t.token_hash = @presentedHash for update of d, t;
        {IsBlocked}
        """;

    // Of the devices of a blocked account one that was signed out before is told no more than any that was signed out. One that is signed in was let
    // in by a node that knows of no blocks.
    private const string IsBlocked = """
        select exists (
            select from refresh_tokens t join devices d on d.id = t.device_id join accounts a on a.principal_id = d.principal_id
            where t.token_hash = @presentedHash and a.blocked_at <= coalesce(d.revoked_at, 'infinity')
        )
        """;

    private const string Rotate = """
        delete from refresh_tokens where device_id = @deviceId and expires_at < clock_timestamp();
        update refresh_tokens set rotated_at = clock_timestamp() where token_hash = @presentedHash;
        insert into refresh_tokens (token_hash, device_id, expires_at) values (@newHash, @deviceId, @expiresAt);
        update devices set last_used_at = clock_timestamp() where id = @deviceId
        """;

    private const string List = """
        select id, name, floor(extract(epoch from created_at) * 1000)::bigint as "CreatedAtMs",
            floor(extract(epoch from coalesce(last_used_at, created_at)) * 1000)::bigint as "LastUsedAtMs"
        from devices where principal_id = @principalId and revoked_at is null and id < @after order by id desc limit @limit
        """;

    /// <summary>Signs a principal's devices out, all but one, or all for 0; returns those that were signed in.</summary>
    internal const string RevokeOthers = """
        update devices set revoked_at = clock_timestamp()
        where principal_id = @principalId and id <> @exceptDeviceId and revoked_at is null returning id
        """;

    private const string Revoke = "update devices set revoked_at = clock_timestamp() where id = @deviceId and revoked_at is null";

    private const string FindRevoked = "select id from devices where id = any($1) and revoked_at is not null";

    // A row that a sign-in holds just now is left for the next time.
    private const string DeleteExpired = """
        delete from refresh_tokens where token_hash = any(array(
            select token_hash from refresh_tokens where expires_at < clock_timestamp() order by expires_at limit $1 for update skip locked
        ))
        """;

    /// <summary>A new device, with its first refresh token, of an account that still has the password that was verified; null when it has another one by now, or
    /// is blocked.</summary>
    public async Task<long?> CreateAsync(
        long principalId, string passwordHash, string name, byte[] refreshTokenHash, DateTimeOffset expiresAt, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        var arguments = new { principalId, passwordHash, name, refreshTokenHash, expiresAt = expiresAt.UtcDateTime };
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(Create, arguments, cancellationToken: ct));
    }

    /// <summary>
    /// Tells all devices of the account of a new one, unless it is the first. Apart from what makes the device: it waits for the inbox, and what
    /// one signs in with may be good for once.
    /// </summary>
    public Task TellOthersAsync(long principalId, long deviceId, string name, CancellationToken ct) => ChatTransaction.RepeatAsync(async () =>
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        if (!await transaction.ScalarAsync<bool>(HasOlder, new { principalId, deviceId }, ct)) return false;
        if (await transaction.LockInboxAsync(principalId, ct) is not { } inbox) return false;
        transaction.Add(inbox, EventKinds.SignedIn, principalId, deviceId, text: name);
        await transaction.CommitAsync(sink, ct);
        return true;
    });

    /// <summary>
    /// Spends one refresh token for another. A token that was spent before shows that two parties have it: the device is revoked in the
    /// same transaction.
    /// </summary>
    public async Task<RefreshOutcome> RotateAsync(byte[] presentedHash, byte[] newHash, DateTimeOffset expiresAt, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        (Token? token, bool isBlocked) = await FindTokenAsync(presentedHash, transaction, ct);
        if (token is not { Lives: true }) return new RefreshOutcome(RefreshStatus.Invalid, 0, 0);
        if (isBlocked && !token.Spent) return new RefreshOutcome(RefreshStatus.Blocked, 0, 0);
        if (!token.SignedIn) return new RefreshOutcome(RefreshStatus.Invalid, 0, 0);

        (string sql, RefreshStatus status) = token.Spent ? (Revoke, RefreshStatus.Reused) : (Rotate, RefreshStatus.Rotated);
        var arguments = new { presentedHash, newHash, deviceId = token.DeviceId, expiresAt = expiresAt.UtcDateTime };
        await connection.ExecuteAsync(new CommandDefinition(sql, arguments, transaction, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        return new RefreshOutcome(status, token.PrincipalId, token.DeviceId);
    }

    /// <summary>Signs one device out; false if it is not this principal's or was signed out before.</summary>
    public async Task<bool> RevokeAsync(long principalId, long deviceId, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(
            new CommandDefinition(Revoke + " and principal_id = @principalId", new { principalId, deviceId }, cancellationToken: ct)) > 0;
    }

    /// <summary>The devices on which a principal is signed in, the newest first.</summary>
    /// <param name="after">The id of the last one of the page before; the highest number for the first page.</param>
    public async Task<DevicePage> ListAsync(long principalId, long after, int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        List<DeviceRow> rows =
        [
            .. await connection.QueryAsync<DeviceRow>(
                new CommandDefinition(List, new { principalId, after, limit = limit + 1 }, cancellationToken: ct)),
        ];
        return rows.Count > limit ? new DevicePage(rows[..limit], HasMore: true) : new DevicePage(rows, HasMore: false);
    }

    /// <summary>Signs all devices of a principal out and returns those that were signed in.</summary>
    public async Task<IReadOnlyList<long>> RevokeAllAsync(long principalId, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<long>(new CommandDefinition(RevokeOthers, new { principalId, exceptDeviceId = 0L }, cancellationToken: ct))];
    }

    /// <summary>Those of <paramref name="deviceIds"/> that are signed out; each is an index lookup.</summary>
    public async Task<IReadOnlyList<long>> FindRevokedAsync(long[] deviceIds, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(FindRevoked);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = deviceIds });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        List<long> revoked = [];
        while (await reader.ReadAsync(ct)) revoked.Add(reader.GetInt64(0));
        return revoked;
    }

    /// <summary>Deletes up to <paramref name="limit"/> refresh tokens that have expired, the oldest first; how many. None is of use to anybody.</summary>
    public async Task<int> DeleteExpiredTokensAsync(int limit, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(DeleteExpired);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        return await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<(Token? Token, bool IsBlocked)> FindTokenAsync(byte[] presentedHash, NpgsqlTransaction transaction, CancellationToken ct)
    {
        await using SqlMapper.GridReader found = await transaction.Connection!.QueryMultipleAsync(
            new CommandDefinition(FindToken, new { presentedHash }, transaction, cancellationToken: ct));
        return (await found.ReadSingleOrDefaultAsync<Token>(), await found.ReadSingleAsync<bool>());
    }

    private sealed record Token(long PrincipalId, long DeviceId, bool Spent, bool Lives, bool SignedIn);
}
