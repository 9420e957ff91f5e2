using Dapper;
using Npgsql;

namespace Chat.Storage.Chats;

/// <summary>
/// Links by which people join groups and channels. Whose role lets people in may make, list and revoke them; theirs end with that. Thread-safe.
/// </summary>
public sealed class InviteStore(NpgsqlDataSource source, ICommittedEvents sink)
{
    /// <summary>Links of one chat that can be used at a time.</summary>
    public const int MaxLinks = 100;

    /// <summary>
    /// How long a link that was revoked or is over is kept, and one that is used up from when it was made: until then it is told from one that
    /// never was.
    /// </summary>
    public static readonly TimeSpan DeadKept = TimeSpan.FromDays(30);

    // Who made it must be able to let people in still: so a link ends with its maker's rights, whichever way they go.
    private const string MayInvite = """
        exists (select from members maker where maker.chat_id = c.id and maker.principal_id = i.created_by and maker.left_at_sequence is null
            and maker.role >= c.add_role)
        """;

    /// <summary>Of an invite "i" and its chat "c".</summary>
    private const string Columns = $"""
        i.code as "Code", i.chat_id as "ChatId", i.created_by as "CreatedBy",
            floor(extract(epoch from i.created_at) * 1000)::bigint as "CreatedAtMs",
            floor(extract(epoch from i.expires_at) * 1000)::bigint as "ExpiresAtMs", i.max_uses as "MaxUses", i.uses as "Uses",
            i.revoked_at is not null or not {MayInvite} as "IsRevoked"
        """;

    /// <summary>Of an invite "i" and its chat "c": it lets people in, and look.</summary>
    internal const string IsUsable = $"""
        i.revoked_at is null and (i.expires_at is null or i.expires_at > clock_timestamp()) and (i.max_uses is null or i.uses < i.max_uses)
            and {MayInvite}
        """;

    private const string Judge = """
        select c.kind in (2, 3) and m.role >= c.add_role from chats c join members m on m.chat_id = c.id
        where c.id = @chatId and m.principal_id = @actorId and m.left_at_sequence is null
        """;

    private const string CountUsable = $"""
        select count(*) from invites i join chats c on c.id = i.chat_id where i.chat_id = @chatId and {IsUsable}
        """;

    private const string Insert = $"""
        with i as (
            insert into invites (code, chat_id, created_by, expires_at, max_uses) values (@code, @chatId, @actorId, @expiresAt, @maxUses)
            returning *
        )
        select {Columns} from i join chats c on c.id = i.chat_id
        """;

    private const string List = $"""
        select {Columns} from invites i join chats c on c.id = i.chat_id
        where i.chat_id = @chatId and (i.created_at, i.code) < (@before, @beforeCode)
        order by i.created_at desc, i.code desc limit @limit
        """;

    private const string Revoke = """
        update invites set revoked_at = coalesce(revoked_at, clock_timestamp()) where code = @code and chat_id = @chatId
        """;

    private const string FindChat = $"""
        select {ChannelStore.PreviewColumns}, {IsUsable} as "IsUsable" from invites i join chats c on c.id = i.chat_id where i.code = @code
        """;

    // The chat is locked, so that uses are counted one after another, and roles stay as they are; a revocation waits for the row.
    private const string Use = $"""
        update invites i set uses = i.uses + 1 from chats c where i.code = @code and c.id = i.chat_id and {IsUsable}
        """;

    // Whose maker has no rights any more is not looked for: rights come back, and where nobody leaves there is nothing to find.
    private const string DeleteDead = """
        delete from invites where code = any(array(
            select code from invites
            where (revoked_at is not null or expires_at is not null) and least(revoked_at, expires_at) < now() - make_interval(secs => @kept)
                or uses >= max_uses and created_at < now() - make_interval(secs => @kept)
            limit @limit for update skip locked
        ))
        """;

    /// <summary>Judges and stores under the chat's lock: no link is made by who loses the right to meanwhile, and never too many.</summary>
    /// <param name="code">Made by the caller: 128 random bits.</param>
    public Task<(MembershipStatus Status, InviteRow? Invite)> CreateAsync(
        long chatId,
        long actorId,
        string code,
        (DateTimeOffset? ExpiresAt, int? MaxUses) bounds,
        CancellationToken ct) => ChatTransaction.RepeatAsync<(MembershipStatus, InviteRow?)>(async () =>
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        await transaction.LockAsync([chatId], ct);
        MembershipStatus status = Name(await transaction.ScalarAsync<bool?>(Judge, new { chatId, actorId }, ct));
        if (status != MembershipStatus.Done) return (status, null);
        if (await transaction.ScalarAsync<long>(CountUsable, new { chatId }, ct) >= MaxLinks) return (MembershipStatus.TooManyInvites, null);

        DateTime? expiresAt = bounds.ExpiresAt is { } end ? FarTime.Clamp(end) : null;
        var values = new { code, chatId, actorId, expiresAt, maxUses = bounds.MaxUses };
        InviteRow made = (await transaction.QueryAsync<InviteRow>(Insert, values, ct)).Single();
        await transaction.CommitAsync(sink, ct);
        return (MembershipStatus.Done, made);
    });

    /// <summary>The newest first, those that cannot be used any more among them.</summary>
    /// <param name="after">The last one of the page before; null for the first page.</param>
    public async Task<(MembershipStatus Status, IReadOnlyList<InviteRow> Invites)> ListAsync(
        long chatId, long actorId, (long CreatedAtMs, string Code)? after, int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        MembershipStatus status = await JudgeAsync(connection, chatId, actorId, ct);
        if (status != MembershipStatus.Done) return (status, []);

        DateTime before = after is { } last ? DateTimeOffset.FromUnixTimeMilliseconds(last.CreatedAtMs).UtcDateTime : DateTime.MaxValue;
        var values = new { chatId, before = DateTime.SpecifyKind(before, DateTimeKind.Utc), beforeCode = after?.Code ?? "", limit };
        return (MembershipStatus.Done, [.. await connection.QueryAsync<InviteRow>(new CommandDefinition(List, values, cancellationToken: ct))]);
    }

    /// <summary>Nobody joins by it any more. Twice is no failure.</summary>
    public async Task<MembershipStatus> RevokeAsync(long chatId, long actorId, string code, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        MembershipStatus status = await JudgeAsync(connection, chatId, actorId, ct);
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
        if (await transaction.ScalarAsync<long?>(MembershipSql.FindInbox, new { principalId }, ct) is not { } inbox)
            return new MembershipOutcome(MembershipStatus.PrincipalNotFound, 0);
        await transaction.LockAsync([found.ChatId, inbox], ct);
        status = await Joining.EnterAsync(transaction, (found.ChatId, principalId, inbox), maxMembers, ct);
        if (status != MembershipStatus.Done) return new MembershipOutcome(status, found.ChatId);
        if (await transaction.ChangeAsync(Use, new { code }, ct) == 0) return new MembershipOutcome(MembershipStatus.InviteExpired, 0);
        await transaction.CommitAsync(sink, ct);
        return new MembershipOutcome(MembershipStatus.Done, found.ChatId);
    });

    /// <summary>Deletes links that let nobody in any more, see <see cref="DeadKept"/>, as many as the limit; returns how many.</summary>
    public async Task<int> DeleteDeadAsync(int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(
            new CommandDefinition(DeleteDead, new { kept = DeadKept.TotalSeconds, limit }, cancellationToken: ct));
    }

    private static async Task<MembershipStatus> JudgeAsync(NpgsqlConnection connection, long chatId, long actorId, CancellationToken ct) =>
        Name(await connection.ExecuteScalarAsync<bool?>(new CommandDefinition(Judge, new { chatId, actorId }, cancellationToken: ct)));

    private static MembershipStatus Name(bool? isAllowed) => isAllowed switch
    {
        null => MembershipStatus.ChatNotFound,
        true => MembershipStatus.Done,
        false => MembershipStatus.NotAllowed,
    };

    private sealed record FoundChat(
        long ChatId, short Kind, string? Name, string? Description, string? Avatar, int MemberCount, bool IsMember, bool IsUsable);
}

/// <summary>An invite link.</summary>
/// <param name="IsRevoked">Also when who made it may not let people in any more.</param>
/// <param name="MaxUses">Null is any number.</param>
public sealed record InviteRow(
    string Code, long ChatId, long CreatedBy, long CreatedAtMs, long? ExpiresAtMs, int? MaxUses, int Uses, bool IsRevoked);
