using Chat.Storage.Chats;
using Dapper;
using Npgsql;

namespace Chat.Storage.Accounts;

/// <summary>
/// The passkeys of accounts, and which ceremonies were finished. Rows are locked in the order inbox, account, ceremony,
/// passkey, device. Thread-safe.
/// </summary>
public sealed class PasskeyStore(NpgsqlDataSource source, ICommittedEvents sink)
{
    /// <summary>Passkeys of one account.</summary>
    public const int MaxPerAccount = 10;

    /// <summary>How many passkeys an account has, <c>a</c> in the query around it.</summary>
    internal const string Count = "(select count(*)::int from passkeys k where k.principal_id = a.principal_id)";

    private const string Columns = """
        id as "Id", principal_id as "PrincipalId", credential_id as "CredentialId", public_key as "PublicKey", sign_count as "SignCount",
            array_to_string(transports, ' ') as "Transports", is_backup_eligible as "IsBackupEligible", is_backed_up as "IsBackedUp", name as "Name",
            floor(extract(epoch from created_at) * 1000)::bigint as "CreatedAtMs",
            floor(extract(epoch from last_used_at) * 1000)::bigint as "LastUsedAtMs"
        """;

    private const string List = $"""
        select {Columns} from passkeys where principal_id = @principalId order by id
        """;

    private const string Find = $"""
        select {Columns} from passkeys where credential_id = @credentialId
        """;

    private const string FindOwn = Find + " and principal_id = @principalId";

    // Those who add to one account take turns, so that they count each other's; a change of the password and a block wait, or are waited for.
    private const string LockToAdd = """
        select password_hash = @PasswordHash as "HasPassword", blocked_at is not null as "IsBlocked"
        from accounts where principal_id = @PrincipalId for no key update
        """;

    // Kept much longer than a ceremony lives, whatever nodes' clocks have it: else one could be finished again.
    private const string Finish = """
        insert into passkey_ceremonies (hash, expires_at) values (@CeremonyHash, clock_timestamp() + interval '1 day') on conflict do nothing
        """;

    private const string CountOwn = "select count(*)::int from passkeys where principal_id = @PrincipalId";

    private const string Insert = $"""
        insert into passkeys (credential_id, principal_id, public_key, sign_count, transports, is_backup_eligible, is_backed_up, name)
        values (@CredentialId, @PrincipalId, @PublicKey, @SignCount, @Transports, @IsBackupEligible, @IsBackedUp, @Name)
        on conflict do nothing returning {Columns}
        """;

    private const string Rename = $"""
        update passkeys set name = @name where id = @id and principal_id = @principalId returning {Columns}
        """;

    private const string Remove = "delete from passkeys where id = @id and principal_id = @principalId";

    // An operator who blocks the account waits for this, and finds the device; or this waits, and makes none.
    private const string LockToUse = """
        select a.blocked_at is not null as "IsBlocked", p.name as "Name", p.kind as "Kind"
        from accounts a join principals p on p.id = a.principal_id where a.principal_id = @PrincipalId for share of a
        """;

    // One that never counts has 0 for ever (WebAuthn §6.1.1).
    private const string Use = """
        update passkeys set sign_count = @SignCount, is_backed_up = @IsBackedUp, last_used_at = clock_timestamp()
        where credential_id = @CredentialId and principal_id = @PrincipalId and (sign_count < @SignCount or sign_count = 0 and @SignCount = 0)
        """;

    private const string IsThere = "select exists (select from passkeys where credential_id = @CredentialId and principal_id = @PrincipalId)";

    private const string MakeDevice = $"""
        with account as (select @principalId::bigint as principal_id),
        {DeviceStore.Make}
        """;

    private const string DeleteExpired = """
        delete from passkey_ceremonies where hash = any(array(
            select hash from passkey_ceremonies where expires_at < clock_timestamp() order by expires_at limit @limit for update skip locked
        ))
        """;

    /// <summary>An account's passkeys, the oldest first.</summary>
    public async Task<IReadOnlyList<PasskeyRow>> ListAsync(long principalId, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<PasskeyRow>(new CommandDefinition(List, new { principalId }, cancellationToken: ct))];
    }

    /// <summary>The passkey, whosever it is; null when there is none.</summary>
    public async Task<PasskeyRow?> FindAsync(byte[] credentialId, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<PasskeyRow>(new CommandDefinition(Find, new { credentialId }, cancellationToken: ct));
    }

    /// <summary>Finishes the ceremony, keeps the passkey and tells the account's devices. The same again does nothing and has the same outcome.</summary>
    public Task<AddPasskeyOutcome> AddAsync(NewPasskey passkey, CancellationToken ct) => ChatTransaction.RepeatAsync(async () =>
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        async Task<T?> FindAsync<T>(string sql) => (await transaction.QueryAsync<T>(sql, passkey, ct)).SingleOrDefault();

        if (await transaction.LockInboxAsync(passkey.PrincipalId, ct) is not { } inbox)
            return new AddPasskeyOutcome(AddPasskeyStatus.PasswordChanged);
        Owner? owner = await FindAsync<Owner>(LockToAdd);
        if (owner is { IsBlocked: true }) return new AddPasskeyOutcome(AddPasskeyStatus.Blocked);
        if (owner is not { HasPassword: true }) return new AddPasskeyOutcome(AddPasskeyStatus.PasswordChanged);
        if (await transaction.ChangeAsync(Finish, passkey, ct) == 0)
        {
            return await FindAsync<PasskeyRow>(FindOwn) is { } same && same.PublicKey.AsSpan().SequenceEqual(passkey.PublicKey)
                ? new AddPasskeyOutcome(AddPasskeyStatus.Added, same)
                : new AddPasskeyOutcome(AddPasskeyStatus.CeremonyUsed);
        }

        if (await transaction.ScalarAsync<int>(CountOwn, passkey, ct) >= MaxPerAccount) return new AddPasskeyOutcome(AddPasskeyStatus.TooMany);
        if (await FindAsync<PasskeyRow>(Insert) is not { } added) return new AddPasskeyOutcome(AddPasskeyStatus.Taken);
        transaction.Add(inbox, EventKinds.PasskeyAdded, passkey.PrincipalId, added.Id, text: added.Name);
        await transaction.CommitAsync(sink, ct);
        return new AddPasskeyOutcome(AddPasskeyStatus.Added, added);
    });

    /// <returns>Null when the account has no such passkey.</returns>
    public async Task<PasskeyRow?> RenameAsync(long principalId, long id, string name, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<PasskeyRow>(new CommandDefinition(Rename, new { principalId, id, name }, cancellationToken: ct));
    }

    /// <returns>False when the account has no such passkey.</returns>
    public async Task<bool> RemoveAsync(long principalId, long id, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(Remove, new { principalId, id }, cancellationToken: ct)) > 0;
    }

    /// <summary>Finishes the ceremony, notes what the passkey has signed, and makes the device: all of it, or nothing.</summary>
    public async Task<UsePasskeyOutcome> UseAsync(PasskeyUse use, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        CommandDefinition In(string sql, object? arguments = null) => new(sql, arguments ?? use, transaction, cancellationToken: ct);

        if (await connection.QuerySingleOrDefaultAsync<User>(In(LockToUse)) is not { } user) return new UsePasskeyOutcome(UsePasskeyStatus.Removed);
        if (await connection.ExecuteAsync(In(Finish)) == 0) return new UsePasskeyOutcome(UsePasskeyStatus.CeremonyUsed);
        if (await connection.ExecuteAsync(In(Use)) == 0)
        {
            bool isThere = await connection.ExecuteScalarAsync<bool>(In(IsThere));
            return new UsePasskeyOutcome(isThere ? UsePasskeyStatus.CounterBack : UsePasskeyStatus.Removed);
        }

        if (user.IsBlocked) return new UsePasskeyOutcome(UsePasskeyStatus.Blocked);
        var device = new
        {
            principalId = use.PrincipalId,
            name = use.DeviceName,
            refreshTokenHash = use.RefreshTokenHash,
            expiresAt = use.ExpiresAt.UtcDateTime,
        };
        long deviceId = await connection.ExecuteScalarAsync<long>(In(MakeDevice, device));
        await transaction.CommitAsync(ct);
        return new UsePasskeyOutcome(UsePasskeyStatus.SignedIn, deviceId, user.Name, user.Kind);
    }

    /// <summary>Forgets up to <paramref name="limit"/> ceremonies that could not be finished again whatever the clock; how many.</summary>
    public async Task<int> DeleteExpiredAsync(int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(DeleteExpired, new { limit }, cancellationToken: ct));
    }

    private sealed record Owner(bool HasPassword, bool IsBlocked);

    private sealed record User(bool IsBlocked, string Name, short Kind);
}
