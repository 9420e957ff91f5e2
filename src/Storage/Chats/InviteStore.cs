using Dapper;
using Npgsql;

namespace Chat.Storage.Chats;

/// <summary>Links by which people join groups and channels. Whose role lets people in may make, list and revoke them. Thread-safe.</summary>
public sealed class InviteStore(NpgsqlDataSource source, ICommittedEvents sink)
{
    /// <summary>Links of one chat that can be used at a time.</summary>
    public const int MaxLinks = 100;

    private const string Columns = """
        i.code as "Code", i.chat_id as "ChatId", i.created_by as "CreatedBy",
            floor(extract(epoch from i.created_at) * 1000)::bigint as "CreatedAtMs",
            floor(extract(epoch from i.expires_at) * 1000)::bigint as "ExpiresAtMs", i.max_uses as "MaxUses", i.uses as "Uses",
            i.revoked_at is not null as "IsRevoked"
        """;

    private const string IsUsable =
        "i.revoked_at is null and (i.expires_at is null or i.expires_at > clock_timestamp()) and (i.max_uses is null or i.uses < i.max_uses)";

    private const string Judge = $"""
        select c.kind in (2, 3) and m.role >= c.add_role as "IsAllowed", (
                select count(*) from invites i where i.chat_id = c.id and {IsUsable}
            ) as "Links"
        from chats c join members m on m.chat_id = c.id
        where c.id = @chatId and m.principal_id = @actorId and m.left_at_sequence is null
        """;

    private const string Insert = $"""
        insert into invites as i (code, chat_id, created_by, expires_at, max_uses) values (@code, @chatId, @actorId, @expiresAt, @maxUses)
        returning {Columns}
        """;

    private const string List = $"""
        select {Columns} from invites i
        where i.chat_id = @chatId and (i.created_at, i.code) < (@before, @beforeCode)
        order by i.created_at desc, i.code desc limit @limit
        """;

    private const string Revoke = """
        update invites set revoked_at = coalesce(revoked_at, clock_timestamp()) where code = @code and chat_id = @chatId
        """;

    private const string FindChat = $"""
        select {ChannelStore.PreviewColumns}, {IsUsable} as "IsUsable" from invites i join chats c on c.id = i.chat_id where i.code = @code
        """;

    // The chat is locked, so that uses are counted one after another; a revocation waits for the row.
    private const string Use = $"""
        update invites i set uses = i.uses + 1 where i.code = @code and {IsUsable}
        """;

    /// <param name="code">Made by the caller: 128 random bits.</param>
    public async Task<(MembershipStatus Status, InviteRow? Invite)> CreateAsync(
        long chatId, long actorId, string code, (DateTimeOffset? ExpiresAt, int? MaxUses) bounds, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        (MembershipStatus status, long links) = await JudgeAsync(connection, chatId, actorId, ct);
        if (status != MembershipStatus.Done) return (status, null);
        if (links >= MaxLinks) return (MembershipStatus.TooManyMembers, null);

        var values = new { code, chatId, actorId, expiresAt = bounds.ExpiresAt?.UtcDateTime, maxUses = bounds.MaxUses };
        return (MembershipStatus.Done, await connection.QuerySingleAsync<InviteRow>(new CommandDefinition(Insert, values, cancellationToken: ct)));
    }

    /// <summary>The newest first, those that cannot be used any more among them.</summary>
    /// <param name="after">The last one of the page before; null for the first page.</param>
    public async Task<(MembershipStatus Status, IReadOnlyList<InviteRow> Invites)> ListAsync(
        long chatId, long actorId, (long CreatedAtMs, string Code)? after, int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        (MembershipStatus status, _) = await JudgeAsync(connection, chatId, actorId, ct);
        if (status != MembershipStatus.Done) return (status, []);

        DateTime before = after is { } last ? DateTimeOffset.FromUnixTimeMilliseconds(last.CreatedAtMs).UtcDateTime : DateTime.MaxValue;
        var values = new { chatId, before = DateTime.SpecifyKind(before, DateTimeKind.Utc), beforeCode = after?.Code ?? "", limit };
        return (MembershipStatus.Done, [.. await connection.QueryAsync<InviteRow>(new CommandDefinition(List, values, cancellationToken: ct))]);
    }

    /// <summary>Nobody joins by it any more. Twice is no failure.</summary>
    public async Task<MembershipStatus> RevokeAsync(long chatId, long actorId, string code, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        (MembershipStatus status, _) = await JudgeAsync(connection, chatId, actorId, ct);
        if (status != MembershipStatus.Done) return status;

        int found = await connection.ExecuteAsync(new CommandDefinition(Revoke, new { code, chatId }, cancellationToken: ct));
        return found == 0 ? MembershipStatus.InviteNotFound : MembershipStatus.Done;
    }

    /// <summary>What a link leads to, for one who is not in it yet.</summary>
    public async Task<(MembershipStatus Status, ChatPreview? Chat)> FindAsync(string code, long principalId, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        FoundChat? found = await connection.QuerySingleOrDefaultAsync<FoundChat>(
            new CommandDefinition(FindChat, new { code, principalId }, cancellationToken: ct));
        if (found is null) return (MembershipStatus.InviteNotFound, null);
        if (!found.IsUsable && !found.IsMember) return (MembershipStatus.InviteExpired, null);
        return (MembershipStatus.Done,
            new ChatPreview(found.ChatId, found.Kind, found.Name, found.Description, found.Avatar, found.MemberCount, found.IsMember));
    }

    /// <summary>Joins by a link; who is in already does not use it up.</summary>
    /// <param name="maxMembers">Most members of a group.</param>
    public Task<MembershipOutcome> JoinAsync(
        string code, long principalId, int maxMembers, CancellationToken ct) => ChatTransaction.RepeatAsync(async () =>
    {
        (MembershipStatus status, ChatPreview? found) = await FindAsync(code, principalId, ct);
        if (found is null) return new MembershipOutcome(status, 0);
        if (found.IsMember) return new MembershipOutcome(MembershipStatus.AlreadyThere, found.ChatId);

        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        if (await transaction.ScalarAsync<long?>(ChannelStore.FindInbox, new { principalId }, ct) is not { } inbox)
            return new MembershipOutcome(MembershipStatus.PrincipalNotFound, 0);
        await transaction.LockAsync([found.ChatId, inbox], ct);
        status = await Joining.EnterAsync(transaction, (found.ChatId, principalId, inbox), maxMembers, ct);
        if (status != MembershipStatus.Done) return new MembershipOutcome(status, found.ChatId);
        if (await transaction.ChangeAsync(Use, new { code }, ct) == 0) return new MembershipOutcome(MembershipStatus.InviteExpired, 0);
        await transaction.CommitAsync(sink, ct);
        return new MembershipOutcome(MembershipStatus.Done, found.ChatId);
    });

    private static async Task<(MembershipStatus Status, long Links)> JudgeAsync(
        NpgsqlConnection connection, long chatId, long actorId, CancellationToken ct)
    {
        Judged? judged = await connection.QuerySingleOrDefaultAsync<Judged>(
            new CommandDefinition(Judge, new { chatId, actorId }, cancellationToken: ct));
        if (judged is null) return (MembershipStatus.ChatNotFound, 0);
        return (judged.IsAllowed ? MembershipStatus.Done : MembershipStatus.NotAllowed, judged.Links);
    }

    private sealed record Judged(bool IsAllowed, long Links);

    private sealed record FoundChat(
        long ChatId, short Kind, string? Name, string? Description, string? Avatar, int MemberCount, bool IsMember, bool IsUsable);
}

/// <summary>An invite link.</summary>
/// <param name="MaxUses">Null is any number.</param>
public sealed record InviteRow(
    string Code, long ChatId, long CreatedBy, long CreatedAtMs, long? ExpiresAtMs, int? MaxUses, int Uses, bool IsRevoked);
