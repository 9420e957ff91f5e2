using Dapper;
using Npgsql;

namespace Chat.Storage.Accounts;

/// <summary>The codes that were sent to people's addresses, of which only hashes are known here. Thread-safe.</summary>
public sealed class AccountCodeStore(NpgsqlDataSource source)
{
    // The pause is judged by the row that it replaces, so that two who ask at once get one code.
    private const string Issue = """
        insert into account_codes as present (principal_id, purpose, target, code_hash, attempts_left, expires_at)
        values (@PrincipalId, @Purpose, @Target, @CodeHash, @Attempts, clock_timestamp() + @Lifetime)
        on conflict (principal_id, purpose) do update
        set target = excluded.target, code_hash = excluded.code_hash, attempts_left = excluded.attempts_left,
            expires_at = excluded.expires_at, created_at = clock_timestamp(),
            issued = case when present.created_at < clock_timestamp() - interval '1 day' then 1 else least(present.issued + 1, 1000) end
        where present.created_at <= clock_timestamp() - case when present.issued < @SoonAgain then @Pause else @LongPause end
        """;

    private const string FindWait = """
        select ceil(extract(epoch from created_at + case when issued < @SoonAgain then @Pause else @LongPause end - clock_timestamp()) * 1000)::bigint
        from account_codes where principal_id = @PrincipalId and purpose = @Purpose
        """;

    // Each guess costs one of the attempts before it is looked at. It need not outlive a crash, and that a commit waits for the disk would tell
    // who has a code.
    private const string Guess = """
        update account_codes set attempts_left = attempts_left - 1
        where principal_id = @principalId and purpose = @purpose and attempts_left > 0 and expires_at > clock_timestamp()
        returning code_hash
        """;

    private const string Take = "delete from account_codes where principal_id = @PrincipalId and purpose = @Purpose and code_hash = @CodeHash returning target";

    private const string Verify = """
        update accounts set email_verified_at = case when email = @target then clock_timestamp() else email_verified_at end,
            phone_verified_at = case when phone = @target then clock_timestamp() else phone_verified_at end
        where principal_id = @principalId
        """;

    private const string SetPassword = "update accounts set password_hash = @passwordHash where principal_id = @principalId and blocked_at is null";

    private const string DeleteExpired = """
        delete from account_codes where (principal_id, purpose) in (
            select principal_id, purpose from account_codes where expires_at < clock_timestamp() - interval '1 day' limit @limit
            for update skip locked
        )
        """;

    /// <summary>Keeps a code in the place of the one before, unless that is younger than the pause between two.</summary>
    /// <returns>Null when it is kept, else how long to wait.</returns>
    public async Task<TimeSpan?> IssueAsync(NewAccountCode code, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        if (await connection.ExecuteAsync(new CommandDefinition(Issue, code, cancellationToken: ct)) > 0) return null;

        long waitMs = await connection.ExecuteScalarAsync<long>(new CommandDefinition(FindWait, code, cancellationToken: ct));
        return TimeSpan.FromMilliseconds(Math.Max(1, waitMs));
    }

    /// <summary>Counts one guess.</summary>
    /// <returns>The hash of the code to compare with; null when there is none, it has expired, or was guessed at too often.</returns>
    public async Task<byte[]?> GuessAsync(long principalId, short purpose, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("set local synchronous_commit = off", transaction: transaction, cancellationToken: ct));
        byte[]? hash = await connection.QuerySingleOrDefaultAsync<byte[]>(
            new CommandDefinition(Guess, new { principalId, purpose }, transaction, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        return hash;
    }

    /// <summary>Spends the code: the address to which it was sent is verified.</summary>
    /// <returns>False when the code is another one by now, or was spent.</returns>
    public async Task<bool> TakeAsync(SpentCode code, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        if (!await TryTakeAsync(connection, transaction, code, ct)) return false;

        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Spends the code, which verifies its address too, gives the account another password and signs all its devices out.</summary>
    /// <returns>The devices that were signed out; null when the code is another one by now, or was spent, or the account is blocked.</returns>
    public async Task<IReadOnlyList<long>?> ResetPasswordAsync(SpentCode code, string passwordHash, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        if (!await TryTakeAsync(connection, transaction, code, ct)) return null;

        CommandDefinition setting = new(SetPassword, new { code.PrincipalId, passwordHash }, transaction, cancellationToken: ct);
        if (await connection.ExecuteAsync(setting) == 0) return null;

        IEnumerable<long> signedOut = await connection.QueryAsync<long>(
            new CommandDefinition(DeviceStore.RevokeOthers, new { code.PrincipalId, exceptDeviceId = 0L }, transaction, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        return [.. signedOut];
    }

    /// <summary>Deletes some of the codes that nobody can use any more.</summary>
    public async Task<int> DeleteExpiredAsync(int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(DeleteExpired, new { limit }, cancellationToken: ct));
    }

    private static async Task<bool> TryTakeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, SpentCode code, CancellationToken ct)
    {
        string? target = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(Take, code, transaction, cancellationToken: ct));
        if (target is null) return false;

        await connection.ExecuteAsync(new CommandDefinition(Verify, new { code.PrincipalId, target }, transaction, cancellationToken: ct));
        return true;
    }
}

/// <summary>A code that is to be sent.</summary>
public sealed record NewAccountCode
{
    public required long PrincipalId { get; init; }

    /// <summary>1 verifies the e-mail, 2 the phone, 3 resets the password.</summary>
    public required short Purpose { get; init; }

    /// <summary>Where it is sent: an address as the account has it.</summary>
    public required string Target { get; init; }

    /// <summary>Its keyed hash.</summary>
    public required byte[] CodeHash { get; init; }

    /// <summary>How many guesses it bears.</summary>
    public required short Attempts { get; init; }

    /// <summary>How long it can be used.</summary>
    public required TimeSpan Lifetime { get; init; }

    /// <summary>How old the code before it must be.</summary>
    public required TimeSpan Pause { get; init; }

    /// <summary>Likewise, once <see cref="SoonAgain"/> codes were sent and none was used.</summary>
    public required TimeSpan LongPause { get; init; }

    public required short SoonAgain { get; init; }
}

/// <summary>A code that was given back.</summary>
public sealed record SpentCode(long PrincipalId, short Purpose, byte[] CodeHash);
