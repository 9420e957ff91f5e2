using Dapper;
using Npgsql;

namespace Chat.Storage.Accounts;

/// <summary>
/// What an operator does to accounts. Rows are locked in the order of every change of an account: its codes, the account, its devices.
/// Thread-safe.
/// </summary>
public sealed class OperatorStore(NpgsqlDataSource source)
{
    private const string Columns = $"""
        select p.id as "PrincipalId", p.name as "Name", a.email as "Email", a.phone as "Phone", a.created_at as "CreatedAt",
            p.last_seen_at as "LastSeenAt", a.blocked_at as "BlockedAt", a.blocked_reason as "BlockedReason",
            {TwoStepStore.IsOn} as "HasTwoStep", {PasskeyStore.Count} as "Passkeys",
            (select count(*)::int from devices d where d.principal_id = a.principal_id and d.revoked_at is null) as "Devices",
            (select x.issuer from issued_accounts x where x.principal_id = a.principal_id) as "Issuer"
        from accounts a join principals p on p.id = a.principal_id
        """;

    private const string Show = Columns + " where a.email = @normalizedLogin or a.phone = @normalizedLogin";

    private const string ShowIssued = Columns
        + " where a.principal_id = (select x.principal_id from issued_accounts x where x.issuer = @issuer and x.subject = @subject)";

    // A sign-in that creates its device holds the account for share: it is over before this, and its device is found below, or it waits for
    // this, and creates none.
    private const string Lock = "select blocked_at is not null from accounts where principal_id = @principalId for no key update";

    private const string Block = """
        update accounts set blocked_at = coalesce(blocked_at, clock_timestamp()), blocked_reason = coalesce(@reason, blocked_reason)
        where principal_id = @principalId
        """;

    private const string Unblock = "update accounts set blocked_at = null, blocked_reason = null where principal_id = @principalId";

    private const string DeleteCodes = "delete from account_codes where principal_id = @PrincipalId";

    private const string SetPassword = "update accounts set password_hash = @PasswordHash where principal_id = @PrincipalId";

    private const string DeleteTwoStep = """
        delete from two_step where principal_id = @PrincipalId;
        delete from passkeys where principal_id = @PrincipalId
        """;

    private const string Issue = """
        insert into account_orders (principal_id, kind, device_ids, issued_by) values (@principalId, @kind, @deviceIds, @issuedBy)
        """;

    private const string ListOrders = """
        select id, principal_id, kind, device_ids, issued_by, issued_at
        from account_orders where issued_at > clock_timestamp() - $1 and id <> all($2) order by id limit $3
        """;

    /// <param name="normalizedLogin">An e-mail address in lower case, or a phone number as E.164.</param>
    /// <returns>Null when no account has it.</returns>
    public async Task<OperatorView?> FindAsync(string normalizedLogin, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<OperatorView>(new CommandDefinition(Show, new { normalizedLogin }, cancellationToken: ct));
    }

    /// <param name="issuer">The app at which the person signs in.</param>
    /// <param name="subject">What it calls them.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Null when no account is of them.</returns>
    public async Task<OperatorView?> FindIssuedAsync(string issuer, string subject, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<OperatorView>(new CommandDefinition(ShowIssued, new { issuer, subject }, cancellationToken: ct));
    }

    /// <summary>Lets nobody sign in with the account, and signs all its devices out. Of one that is blocked a new reason takes the place of the old.</summary>
    /// <returns>Null when there is no such account.</returns>
    public Task<OperatorOutcome?> BlockAsync(long principalId, string? reason, string issuedBy, CancellationToken ct) => ChangeAsync(async change =>
    {
        if (await change.LockAsync(principalId) is not { } wasBlocked) return null;
        await change.ExecuteAsync(Block, new { principalId, reason });
        long[] signedOut = await change.SignOutAsync(principalId);
        if (!wasBlocked || signedOut.Length > 0) await change.IssueAsync(principalId, AccountOrderKind.Blocked, signedOut, issuedBy);
        return new OperatorOutcome(!wasBlocked, signedOut);
    }, ct);

    /// <summary>Lets the account sign in again.</summary>
    /// <returns>Null when there is no such account.</returns>
    public Task<OperatorOutcome?> UnblockAsync(long principalId, string issuedBy, CancellationToken ct) => ChangeAsync(async change =>
    {
        if (await change.LockAsync(principalId) is not { } wasBlocked) return null;
        if (!wasBlocked) return new OperatorOutcome(false, []);
        await change.ExecuteAsync(Unblock, new { principalId });
        await change.IssueAsync(principalId, AccountOrderKind.Unblocked, [], issuedBy);
        return new OperatorOutcome(true, []);
    }, ct);

    /// <summary>Gives the account another password, voids the codes that were sent to its addresses, and signs all its devices out.</summary>
    /// <returns>Null when there is no such account.</returns>
    public Task<OperatorOutcome?> ResetPasswordAsync(OperatorReset reset, string issuedBy, CancellationToken ct) => ChangeAsync(async change =>
    {
        await change.ExecuteAsync(DeleteCodes, reset); // first, as who spends one does
        if (await change.ExecuteAsync(SetPassword, reset) == 0) return null;
        if (reset.RemovesTwoStep) await change.ExecuteAsync(DeleteTwoStep, reset);
        long[] signedOut = await change.SignOutAsync(reset.PrincipalId);
        await change.IssueAsync(reset.PrincipalId, AccountOrderKind.PasswordReset, signedOut, issuedBy);
        return new OperatorOutcome(true, signedOut);
    }, ct);

    /// <summary>What operators did within the last time, as PostgreSQL's clock has it, the oldest first.</summary>
    /// <param name="known">Orders that are left out.</param>
    public async Task<IReadOnlyList<AccountOrder>> ListOrdersAsync(TimeSpan within, long[] known, int limit, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(ListOrders);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = within });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = known });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        List<AccountOrder> orders = [];
        while (await reader.ReadAsync(ct))
        {
            orders.Add(new AccountOrder(
                reader.GetInt64(0), reader.GetInt64(1), (AccountOrderKind)reader.GetInt16(2), await reader.GetFieldValueAsync<long[]>(3, ct), reader.GetString(4),
                reader.GetDateTime(5)));
        }

        return orders;
    }

    private async Task<OperatorOutcome?> ChangeAsync(Func<Change, Task<OperatorOutcome?>> work, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        OperatorOutcome? outcome = await work(new Change(connection, transaction, ct));
        if (outcome is not null) await transaction.CommitAsync(ct);
        return outcome;
    }

    /// <summary>The statements of one transaction.</summary>
    private sealed class Change(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct)
    {
        /// <returns>Whether it is blocked; null when there is no such account.</returns>
        public Task<bool?> LockAsync(long principalId) => connection.ExecuteScalarAsync<bool?>(In(Lock, new { principalId }));

        public Task<int> ExecuteAsync(string sql, object values) => connection.ExecuteAsync(In(sql, values));

        public async Task<long[]> SignOutAsync(long principalId) =>
            [.. await connection.QueryAsync<long>(In(DeviceStore.RevokeOthers, new { principalId, exceptDeviceId = 0L }))];

        public Task<int> IssueAsync(long principalId, AccountOrderKind kind, long[] deviceIds, string issuedBy) =>
            ExecuteAsync(Issue, new { principalId, kind = (short)kind, deviceIds, issuedBy });

        private CommandDefinition In(string sql, object values) => new(sql, values, transaction, cancellationToken: ct);
    }
}
