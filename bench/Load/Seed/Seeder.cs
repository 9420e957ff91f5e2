using System.Security.Cryptography;

using Chat.Domain;
using Chat.Domain.Accounts;

using Npgsql;

namespace Chat.Load.Seed;

/// <summary>
/// Makes accounts and groups directly in the database, many rows a statement, and mints their tokens: a thousand registrations over REST
/// would be a thousand password hashes. Nothing of this goes through the server, so it must happen before the connections say hello. The
/// rows are those that the product would have written, but that a group has only its first event and inboxes do not tell of it.
/// </summary>
internal sealed class Seeder(LoadTarget target, TimeProvider time)
{
    private const int StatementSeconds = 300;

    private const string InsertAccounts = """
        with inbox as (insert into chats (kind, member_count) select 5, 1 from generate_series(1, $1) returning id),
        principal as (
            insert into principals (kind, name, inbox_chat_id)
            select 1, 'Load ' || row_number() over (order by id), id from inbox order by id returning id, inbox_chat_id
        ),
        member as (
            insert into members (chat_id, principal_id, role, joined_at_sequence) select inbox_chat_id, id, 1, 1 from principal
        ),
        account as (
            insert into accounts (principal_id, email, password_hash)
            select id, 'load-' || $2 || '-' || id || '@load.invalid', 'no password: made by bench/Load' from principal
        ),
        device as (insert into devices (principal_id, name) select id, 'load' from principal returning id, principal_id)
        select principal_id, id from device order by principal_id
        """;

    private const string InsertChats = """
        with size as (select member_count, ordinal from unnest($1) with ordinality as t (member_count, ordinal)),
        chat as (
            insert into chats (kind, name, head_sequence, member_count)
            select 2, 'Load group ' || ordinal, 1, member_count from size order by ordinal returning id, epoch
        )
        select id, epoch from chat order by id
        """;

    private const string InsertMembers = """
        insert into members (chat_id, principal_id, role, joined_at_sequence, delivered_up_to, read_up_to)
        select chat_id, principal_id, role, 1, 1, 1 from unnest($1, $2, $3) as t (chat_id, principal_id, role)
        """;

    private const string InsertFirstEvents = """
        insert into events (chat_id, sequence, kind, sender_id, created_at, body)
        select chat_id, 1, 2, sender_id, c.created_at, c.name
        from unnest($1, $2) as t (chat_id, sender_id) join chats c on c.id = t.chat_id
        """;

    /// <param name="accounts">How many to make.</param>
    /// <param name="chats">The members of each chat, by their places among the accounts; the first one is its admin.</param>
    public async Task<SeededChats> SeedAsync(int accounts, int[][] chats, CancellationToken ct)
    {
        var settings = new NpgsqlConnectionStringBuilder(target.ConnectionString) { CommandTimeout = StatementSeconds, MaxPoolSize = 2, Pooling = false };
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(settings.ConnectionString);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        LoadAccount[] made = await MakeAccountsAsync(connection, accounts, ct);
        var seeded = new SeededChats(made, await MakeChatsAsync(connection, made, chats, ct));

        // The planner should know tables that were empty a moment ago. Not events: it has hardly a row yet, and a plan that is made for a table
        // known to be tiny scans it, is kept, and grows slower with every message until autovacuum comes by (half a minute here).
        await using var analyze = new NpgsqlCommand("analyze chats, principals, accounts, devices, members", connection);
        await analyze.ExecuteNonQueryAsync(ct);
        return seeded;
    }

    private async Task<LoadAccount[]> MakeAccountsAsync(NpgsqlConnection connection, int count, CancellationToken ct)
    {
        var tokens = new AccessTokens(new TokenOptions { SigningKey = target.SigningKey }, time);
        await using var command = new NpgsqlCommand(InsertAccounts, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)) });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        var made = new List<LoadAccount>(count);
        while (await reader.ReadAsync(ct))
        {
            var caller = new Caller(reader.GetInt64(0), reader.GetInt64(1));
            made.Add(new LoadAccount(caller.PrincipalId, tokens.Issue(caller, out _)));
        }

        return [.. made];
    }

    private static async Task<LoadChat[]> MakeChatsAsync(NpgsqlConnection connection, LoadAccount[] accounts, int[][] chats, CancellationToken ct)
    {
        await using var insert = new NpgsqlCommand(InsertChats, connection);
        insert.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. chats.Select(members => members.Length)] });
        var made = new List<LoadChat>(chats.Length);
        await using (NpgsqlDataReader reader = await insert.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct)) made.Add(new LoadChat(reader.GetInt64(0), reader.GetInt64(1), Head: 1, chats[made.Count]));
        }

        await using var members = new NpgsqlCommand(InsertMembers, connection);
        members.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. made.SelectMany(chat => chat.Members.Select(_ => chat.ChatId))] });
        members.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. made.SelectMany(chat => chat.Members.Select(i => accounts[i].PrincipalId))] });
        members.Parameters.Add(new NpgsqlParameter<short[]> { TypedValue = [.. made.SelectMany(chat => chat.Members.Select((_, m) => (short)(m == 0 ? 2 : 1)))] });
        await members.ExecuteNonQueryAsync(ct);

        await using var events = new NpgsqlCommand(InsertFirstEvents, connection);
        events.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. made.Select(chat => chat.ChatId)] });
        events.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. made.Select(chat => accounts[chat.Members[0]].PrincipalId)] });
        await events.ExecuteNonQueryAsync(ct);
        return [.. made];
    }
}
