using Dapper;
using Npgsql;

namespace Chat.Storage.Accounts;

/// <summary>The second step of sign-ins: encrypted secrets and hashes of recovery codes. Thread-safe.</summary>
public sealed class TwoStepStore(NpgsqlDataSource source)
{
    /// <summary>Whether sign-ins of an account, <c>a</c> in the query around it, ask for a code.</summary>
    internal const string IsOn = "exists (select from two_step t where t.principal_id = a.principal_id and t.confirmed_at is not null)";

    private const string Find = """
        select t.secret as "Secret", t.confirmed_at is not null as "IsConfirmed",
            (select count(*)::int from recovery_codes r where r.principal_id = t.principal_id) as "RecoveryCodesLeft"
        from two_step t where t.principal_id = @principalId
        """;

    private const string Begin = """
        insert into two_step as present (principal_id, secret) values (@principalId, @secret)
        on conflict (principal_id) do update set secret = excluded.secret, last_step = 0, created_at = clock_timestamp()
        where present.confirmed_at is null
        """;

    private const string TakeStep = """
        update two_step set last_step = @step where principal_id = @principalId and last_step < @step and secret = @secret
        """;

    private const string Confirm = """
        update two_step set last_step = @step, confirmed_at = clock_timestamp()
        where principal_id = @principalId and secret = @secret and last_step < @step and confirmed_at is null
        """;

    private const string Lock = "select 1 from two_step where principal_id = @principalId and confirmed_at is not null for update";

    private const string DeleteCodes = "delete from recovery_codes where principal_id = @principalId";

    private const string AddCodes = "insert into recovery_codes (principal_id, code_hash) select @principalId, unnest(@hashes::bytea[])";

    private const string TakeCode = "delete from recovery_codes where principal_id = @principalId and code_hash = @hash";

    private const string Delete = "delete from two_step where principal_id = @principalId";

    public async Task<TwoStepRow?> FindAsync(long principalId, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<TwoStepRow>(new CommandDefinition(Find, new { principalId }, cancellationToken: ct));
    }

    /// <summary>Keeps a secret that is not asked for yet, in the place of one that was not either.</summary>
    /// <returns>False when one is asked for already.</returns>
    public Task<bool> BeginAsync(long principalId, byte[] secret, CancellationToken ct) => ChangedAsync(Begin, new { principalId, secret }, ct);

    /// <summary>From now on the secret is asked for; its recovery codes come with it.</summary>
    /// <returns>False when another secret was begun, or this one is confirmed by now.</returns>
    public async Task<bool> ConfirmAsync(TwoStepUse use, byte[][] recoveryHashes, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.ExecuteAsync(new CommandDefinition(Confirm, use, transaction, cancellationToken: ct)) == 0) return false;

        await ReplaceCodesAsync(connection, transaction, use.PrincipalId, recoveryHashes, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Takes the code of a time step, once.</summary>
    /// <returns>False when it, or a newer one, was taken before.</returns>
    public Task<bool> TakeStepAsync(TwoStepUse use, CancellationToken ct) => ChangedAsync(TakeStep, use, ct);

    /// <summary>Takes a recovery code, once.</summary>
    public Task<bool> TakeRecoveryCodeAsync(long principalId, byte[] hash, CancellationToken ct) => ChangedAsync(TakeCode, new { principalId, hash }, ct);

    /// <summary>Puts new recovery codes in the place of all before.</summary>
    /// <returns>False when no second step is asked for.</returns>
    public async Task<bool> ReplaceRecoveryCodesAsync(long principalId, byte[][] hashes, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.ExecuteScalarAsync<int?>(new CommandDefinition(Lock, new { principalId }, transaction, cancellationToken: ct)) is null)
            return false;

        await ReplaceCodesAsync(connection, transaction, principalId, hashes, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    public Task<bool> DeleteAsync(long principalId, CancellationToken ct) => ChangedAsync(Delete, new { principalId }, ct);

    private static async Task ReplaceCodesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long principalId, byte[][] hashes, CancellationToken ct)
    {
        await connection.ExecuteAsync(new CommandDefinition(DeleteCodes, new { principalId }, transaction, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition(AddCodes, new { principalId, hashes }, transaction, cancellationToken: ct));
    }

    private async Task<bool> ChangedAsync(string sql, object arguments, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(sql, arguments, cancellationToken: ct)) > 0;
    }
}

/// <param name="Secret">Encrypted.</param>
/// <param name="IsConfirmed">Whether sign-ins ask for it.</param>
/// <param name="RecoveryCodesLeft">How many codes are not used yet.</param>
public sealed record TwoStepRow(byte[] Secret, bool IsConfirmed, int RecoveryCodesLeft);

/// <param name="PrincipalId">Whose.</param>
/// <param name="Secret">Encrypted, as it was found: the step counts for this one only.</param>
/// <param name="Step">The time step whose code was given.</param>
public sealed record TwoStepUse(long PrincipalId, byte[] Secret, long Step);
