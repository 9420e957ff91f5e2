using Dapper;
using Npgsql;

namespace Chat.Storage.Accounts;

/// <summary>Accounts: those who sign in with a password, and those who sign in at an app of their own. Thread-safe.</summary>
public sealed class AccountStore(NpgsqlDataSource source)
{
    private const string Select = $"""
        select p.id as "PrincipalId", p.kind, p.name, a.email, a.phone, a.password_hash as "PasswordHash", p.inbox_chat_id as "InboxChatId",
            floor(extract(epoch from a.created_at) * 1000)::bigint as "CreatedAtMs",
            floor(extract(epoch from p.last_seen_at) * 1000)::bigint as "LastSeenAtMs", p.about, p.avatar,
            a.email_verified_at is not null as "IsEmailVerified", a.phone_verified_at is not null as "IsPhoneVerified",
            {TwoStepStore.IsOn} as "HasTwoStep",
            a.blocked_at is not null as "IsBlocked"
        from accounts a join principals p on p.id = a.principal_id
        """;

    // One statement: the inbox, the principal, its membership and the account come together or not at all.
    private const string Create = """
        with inbox as (insert into chats (kind, member_count) values (5, 1) returning id),
        principal as (insert into principals (kind, name, inbox_chat_id) select 1, @Name, id from inbox returning id, inbox_chat_id),
        member as (
            insert into members (chat_id, principal_id, role, joined_at_sequence) select inbox_chat_id, id, 1, 1 from principal
        ),
        account as (
            insert into accounts (principal_id, email, phone, password_hash) select id, @Email, @Phone, @PasswordHash from principal
        )
        select id, inbox_chat_id from principal
        """;

    private const string ChangePassword =
        "update accounts set password_hash = @NewHash where principal_id = @PrincipalId and password_hash = @PresentHash and blocked_at is null";

    /// <param name="normalizedLogin">An e-mail address in lower case, or a phone number as E.164.</param>
    public Task<AccountRow?> FindByLoginAsync(string normalizedLogin, CancellationToken ct) =>
        FindAsync(Select + " where a.email = @normalizedLogin or a.phone = @normalizedLogin", new { normalizedLogin }, ct);

    public Task<AccountRow?> FindAsync(long principalId, CancellationToken ct) =>
        FindAsync(Select + " where a.principal_id = @principalId", new { principalId }, ct);

    /// <summary>Makes the account with its principal and its inbox.</summary>
    public async Task<CreateAccountResult> CreateAsync(NewAccount account, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        try
        {
            (long principalId, long inboxChatId) = await connection.QuerySingleAsync<(long, long)>(
                new CommandDefinition(Create, account, cancellationToken: ct));
            return new CreateAccountResult(CreateAccountStatus.Created, principalId, inboxChatId);
        }
        catch (PostgresException exception) when (exception.ConstraintName is "accounts_email")
        {
            return new CreateAccountResult(CreateAccountStatus.EmailTaken, 0, 0);
        }
        catch (PostgresException exception) when (exception.ConstraintName is "accounts_phone")
        {
            return new CreateAccountResult(CreateAccountStatus.PhoneTaken, 0, 0);
        }
    }

    /// <summary>Changes the password and signs all devices but one out, or does neither.</summary>
    /// <returns>The devices that were signed out; null when the present password is another one by now.</returns>
    public async Task<IReadOnlyList<long>?> ChangePasswordAsync(PasswordChange change, long exceptDeviceId, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.ExecuteAsync(new CommandDefinition(ChangePassword, change, transaction, cancellationToken: ct)) == 0) return null;

        IEnumerable<long> signedOut = await connection.QueryAsync<long>(
            new CommandDefinition(DeviceStore.RevokeOthers, new { change.PrincipalId, exceptDeviceId }, transaction, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        return [.. signedOut];
    }

    private async Task<AccountRow?> FindAsync(string sql, object arguments, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<AccountRow>(new CommandDefinition(sql, arguments, cancellationToken: ct));
    }
}
