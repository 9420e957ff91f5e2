using Dapper;
using Npgsql;

namespace Chat.Storage.Chats;

/// <summary>Makes channels, finds them by their public name, and lets people subscribe. Thread-safe.</summary>
public sealed class ChannelStore(NpgsqlDataSource source, ICommittedEvents sink)
{
    private const string InsertChannel = """
        insert into chats (kind, name, description, avatar, handle, send_role) values (3, @name, @description, @avatar, @handle, 2) returning id
        """;

    private const string InsertCreator = """
        insert into members (chat_id, principal_id, role, joined_at_sequence, delivered_up_to, read_up_to) values (@chatId, @creatorId, 2, 1, 1, 1)
        """;

    private const string FindByHandle = $"""
        select {PreviewColumns} from chats c where c.handle = @handle
        """;

    /// <summary>Of a chat "c", for <c>@principalId</c>.</summary>
    internal const string PreviewColumns = """
        c.id as "ChatId", c.kind as "Kind", c.name as "Name", c.description as "Description", c.avatar as "Avatar", c.member_count as "MemberCount",
            exists (select from members m where m.chat_id = c.id and m.principal_id = @principalId and m.left_at_sequence is null) as "IsMember"
        """;

    // Its first admin is in it from its first event on; nobody else ever is.
    private const string FindOwn = """
        select c.id from chats c join members m on m.chat_id = c.id and m.principal_id = @creatorId
        where c.handle = @handle and m.joined_at_sequence = 1 and m.left_at_sequence is null and m.role = 2
            and c.name = @name and c.description is not distinct from @description and c.avatar is not distinct from @avatar
        """;

    /// <summary>A channel with its first admin; AlreadyThere if they have made just this one, its public name included.</summary>
    public async Task<MembershipOutcome> CreateAsync(long creatorId, NewChannel channel, CancellationToken ct)
    {
        try
        {
            return await ChatTransaction.RepeatAsync(() => TryCreateAsync(creatorId, channel, ct));
        }
        catch (PostgresException taken) when (IsHandleTaken(taken))
        {
            return await FindOwnAsync(creatorId, channel, ct) is { } own
                ? new MembershipOutcome(MembershipStatus.AlreadyThere, own)
                : new MembershipOutcome(MembershipStatus.HandleTaken, 0);
        }
    }

    /// <summary>Null if no channel has this public name.</summary>
    public async Task<ChatPreview?> FindAsync(string handle, long principalId, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<ChatPreview>(
            new CommandDefinition(FindByHandle, new { handle, principalId }, cancellationToken: ct));
    }

    /// <summary>Subscribes to the channel with a public name; twice is once.</summary>
    public Task<MembershipOutcome> SubscribeAsync(
        string handle, long principalId, CancellationToken ct) => ChatTransaction.RepeatAsync(async () =>
    {
        if (await FindAsync(handle, principalId, ct) is not { } found) return new MembershipOutcome(MembershipStatus.InviteNotFound, 0);

        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        if (await transaction.ScalarAsync<long?>(MembershipSql.FindInbox, new { principalId }, ct) is not { } inbox)
            return new MembershipOutcome(MembershipStatus.PrincipalNotFound, 0);
        await transaction.LockAsync([found.ChatId, inbox], ct);
        MembershipStatus status = await Joining.EnterAsync(transaction, (found.ChatId, principalId, inbox), maxMembers: int.MaxValue, ct);
        if (status == MembershipStatus.Done) await transaction.CommitAsync(sink, ct);
        return new MembershipOutcome(status, found.ChatId);
    });

    internal static bool IsHandleTaken(PostgresException fault) =>
        fault is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "chats_handle" };

    private async Task<long?> FindOwnAsync(long creatorId, NewChannel channel, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        var values = new { creatorId, handle = channel.Handle, name = channel.Name, description = channel.Description, avatar = channel.Avatar };
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(FindOwn, values, cancellationToken: ct));
    }

    private async Task<MembershipOutcome> TryCreateAsync(long creatorId, NewChannel channel, CancellationToken ct)
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        if (await transaction.ScalarAsync<long?>(MembershipSql.FindInbox, new { principalId = creatorId }, ct) is not { } inbox)
            return new MembershipOutcome(MembershipStatus.PrincipalNotFound, 0);
        long chatId = await transaction.ScalarAsync<long>(
            InsertChannel, new { name = channel.Name, description = channel.Description, avatar = channel.Avatar, handle = channel.Handle }, ct);
        await transaction.LockAsync([chatId, inbox], ct);
        transaction.Add(chatId, EventKinds.ChatCreated, creatorId, text: channel.Name);
        await transaction.ExecuteAsync(InsertCreator, new { chatId, creatorId }, ct);
        await transaction.ExecuteAsync(ChatDetailsStore.Restrict, new { chatId }, ct);
        transaction.Find(chatId)!.MemberCount = 1;
        transaction.Add(inbox, EventKinds.ChatAdded, creatorId, chatId);
        await transaction.CommitAsync(sink, ct);
        return new MembershipOutcome(MembershipStatus.Done, chatId);
    }
}

/// <param name="Handle">The public name; null: only by invite link.</param>
public sealed record NewChannel(string Name, string? Description, string? Avatar, string? Handle);

/// <summary>What one learns of a group or channel before one is in it.</summary>
public sealed record ChatPreview(
    long ChatId, short Kind, string? Name, string? Description, string? Avatar, int MemberCount, bool IsMember);
