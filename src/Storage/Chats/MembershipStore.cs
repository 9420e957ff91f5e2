using Chat.Storage.Calls;
using Dapper;
using Npgsql;

namespace Chat.Storage.Chats;

/// <summary>
/// Makes chats and changes who is in them. Each change is one transaction: the chats' rows locked in id order (the inboxes among them),
/// checked, members and numbered events written, committed, told to the sink. Thread-safe.
/// </summary>
public sealed class MembershipStore(NpgsqlDataSource source, ICommittedEvents sink)
{
    /// <summary>The one direct chat of two principals, made if there was none.</summary>
    public Task<MembershipOutcome> OpenDirectAsync(long a, long b, CancellationToken ct) => ChatTransaction.RepeatAsync(async () =>
    {
        if (a == b) return Refused(MembershipStatus.NotAllowed);
        var pair = new { low = Math.Min(a, b), high = Math.Max(a, b) };
        if (await FindDirectAsync(pair, ct) is { } there) return new MembershipOutcome(MembershipStatus.AlreadyThere, there);
        Dictionary<long, long> inboxes = await FindInboxesAsync([a, b], ct);
        if (inboxes.Count < 2) return Refused(MembershipStatus.PrincipalNotFound);

        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        if (await transaction.ScalarAsync<long?>(MembershipSql.InsertDirect, pair, ct) is not { } chatId)
            return new MembershipOutcome(MembershipStatus.AlreadyThere, (await FindDirectAsync(pair, ct)).GetValueOrDefault());
        await transaction.LockAsync([chatId, .. inboxes.Values], ct);
        if (await IsBlockedAsync(transaction, a, [b], ct)) return Refused(MembershipStatus.Blocked);
        transaction.Add(chatId, EventKinds.ChatCreated, a);
        await InsertMembersAsync(
            transaction, chatId, [new(a, MemberRoles.Member, 1, 1), new(b, MemberRoles.Member, 1, 1)], ct);
        TellInboxes(transaction, EventKinds.ChatAdded, inboxes.Values, a, chatId);
        await transaction.CommitAsync(sink, ct);
        return Done(chatId);
    });

    /// <summary>A group with its first members; the creator is its admin. All see it from its first event.</summary>
    /// <param name="memberIds">In the order of their events; the creator and repetitions are left out.</param>
    /// <param name="maxMembers">Most members of a group, the creator included.</param>
    public Task<MembershipOutcome> CreateGroupAsync(
        long creatorId,
        string name,
        IReadOnlyList<long> memberIds,
        int maxMembers,
        CancellationToken ct) => ChatTransaction.RepeatAsync(async () =>
    {
        long[] others = [.. memberIds.Where(id => id != creatorId).Distinct()];
        if (others.Length + 1 > maxMembers) return Refused(MembershipStatus.TooManyMembers);
        Dictionary<long, long> inboxes = await FindInboxesAsync([creatorId, .. others], ct);
        if (inboxes.Count < others.Length + 1) return Refused(MembershipStatus.PrincipalNotFound);

        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        long chatId = await transaction.ScalarAsync<long>(MembershipSql.InsertGroup, new { name }, ct);
        await transaction.LockAsync([chatId, .. inboxes.Values], ct);
        if (await IsBlockedAsync(transaction, creatorId, others, ct)) return Refused(MembershipStatus.Blocked);
        long head = transaction.Add(chatId, EventKinds.ChatCreated, creatorId, text: name);
        foreach (long id in others)
            head = transaction.Add(chatId, EventKinds.MemberAdded, creatorId, id, MemberRoles.Member);
        await InsertMembersAsync(
            transaction,
            chatId,
            [new(creatorId, MemberRoles.Admin, 1, head), .. others.Select(id => new NewMember(id, MemberRoles.Member, 1, head))],
            ct);
        TellInboxes(transaction, EventKinds.ChatAdded, inboxes.Values, creatorId, chatId);
        await transaction.CommitAsync(sink, ct);
        return Done(chatId);
    });

    /// <summary>
    /// Adds all of them or none. Each sees the group from the event of its own coming. Whom an admin removed, an admin alone brings back; into
    /// a channel nobody else is brought: people subscribe.
    /// </summary>
    public Task<MembershipOutcome> AddMembersAsync(
        long chatId, long actorId, IReadOnlyList<long> ids, int maxMembers, CancellationToken ct) => ChatTransaction.RepeatAsync(async () =>
    {
        long[] added = [.. ids.Distinct()];
        Dictionary<long, long> inboxes = await FindInboxesAsync(added, ct);
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        (MembershipStatus? refusal, LockedChat chat, Dictionary<long, short> roles) =
            await EnterAsync(transaction, chatId, actorId, inboxes.Values, added, group => group.AddRole, ct);
        if (refusal is { } status) return Refused(status);
        if (inboxes.Count < added.Length) return Refused(MembershipStatus.PrincipalNotFound);
        if (added.Any(roles.ContainsKey)) return Refused(MembershipStatus.AlreadyAMember);
        if (await IsBlockedAsync(transaction, actorId, added, ct)) return Refused(MembershipStatus.Blocked);
        if (added.Length == 0) return new MembershipOutcome(MembershipStatus.AlreadyThere, chatId);
        long removed = await Joining.CountRemovedAsync(transaction, chatId, added, ct);
        if (removed > 0 && roles[actorId] != MemberRoles.Admin) return Refused(MembershipStatus.NotAllowed);
        if (chat.Kind == ChatKinds.Channel)
        {
            if (removed < added.Length) return Refused(MembershipStatus.NotAllowed);
            foreach (long id in added) await Joining.SubscribeAsync(transaction, (chatId, id, inboxes[id]), actorId, ct);
            await transaction.CommitAsync(sink, ct);
            return Done(chatId);
        }

        if (chat.MemberCount + added.Length > maxMembers) return Refused(MembershipStatus.TooManyMembers);
        if (removed > 0) await Joining.ForgiveAsync(transaction, chatId, added, ct);
        var members = new List<NewMember>(added.Length);
        foreach (long id in added)
        {
            long joined = transaction.Add(chatId, EventKinds.MemberAdded, actorId, id, MemberRoles.Member);
            members.Add(new NewMember(id, MemberRoles.Member, joined, joined));
        }
        await InsertMembersAsync(transaction, chatId, members, ct);
        TellInboxes(transaction, EventKinds.ChatAdded, inboxes.Values, actorId, chatId);
        return await FinishAsync(transaction, chatId, ct);
    });

    /// <summary>Ends a member's interval with the event that says so, the last one that it sees.</summary>
    public Task<MembershipOutcome> RemoveMemberAsync(long chatId, long actorId, long memberId, CancellationToken ct) =>
        actorId == memberId ? LeaveAsync(chatId, actorId, ct) : ChatTransaction.RepeatAsync(async () =>
    {
        Dictionary<long, long> inboxes = await FindInboxesAsync([memberId], ct);
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        (MembershipStatus? refusal, LockedChat chat, Dictionary<long, short> roles) =
            await EnterAsync(transaction, chatId, actorId, inboxes.Values, [memberId], Admins, ct);
        if (refusal is { } status) return Refused(status);
        if (!roles.ContainsKey(memberId)) return Refused(MembershipStatus.NotAMember);
        if (chat.Kind == ChatKinds.Channel) return await EndSubscriptionAsync(transaction, (chatId, memberId, inboxes[memberId]), actorId, ct);

        long sequence = transaction.Add(chatId, EventKinds.MemberRemoved, actorId, memberId);
        await EndIntervalAsync(transaction, (chatId, memberId), sequence, isRemoved: true, ct);
        TellInboxes(transaction, EventKinds.ChatRemoved, inboxes.Values, actorId, chatId);
        return await FinishAsync(transaction, chatId, ct);
    });

    /// <summary>
    /// Leaves. If nobody else is an admin, the longest-standing member becomes one first, so the log knows no moment without.
    /// </summary>
    public Task<MembershipOutcome> LeaveAsync(long chatId, long actorId, CancellationToken ct) => ChatTransaction.RepeatAsync(async () =>
    {
        Dictionary<long, long> inboxes = await FindInboxesAsync([actorId], ct);
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        (MembershipStatus? refusal, LockedChat chat, Dictionary<long, short> roles) =
            await EnterAsync(transaction, chatId, actorId, inboxes.Values, [], static _ => MemberRoles.Member, ct);
        if (refusal is { } status) return Refused(status);

        var actor = new { chatId, principalId = actorId };
        if (chat.Kind == ChatKinds.Channel)
        {
            // Nobody who merely reads is made the one who speaks to all.
            bool isLast = roles[actorId] == MemberRoles.Admin && await transaction.ScalarAsync<long>(MembershipSql.OtherAdmins, actor, ct) == 0;
            if (isLast) return Refused(MembershipStatus.NotAllowed);
            return await EndSubscriptionAsync(transaction, (chatId, actorId, inboxes[actorId]), actorId, ct);
        }

        if (roles[actorId] == MemberRoles.Admin
            && await transaction.ScalarAsync<long>(MembershipSql.OtherAdmins, actor, ct) == 0
            && await transaction.ScalarAsync<long?>(MembershipSql.LongestStanding, actor, ct) is { } heir)
        {
            transaction.Add(chatId, EventKinds.RoleChanged, actorId, heir, MemberRoles.Admin);
            await transaction.ExecuteAsync(MembershipSql.SetRole, new { chatId, principalId = heir, role = MemberRoles.Admin }, ct);
        }
        long sequence = transaction.Add(chatId, EventKinds.MemberLeft, actorId, actorId);
        await EndIntervalAsync(transaction, (chatId, actorId), sequence, isRemoved: false, ct);
        TellInboxes(transaction, EventKinds.ChatRemoved, inboxes.Values, actorId, chatId);
        await transaction.CommitAsync(sink, ct);
        return Done(chatId);
    });

    /// <summary>Makes a member an admin or takes it back; the last admin cannot be taken from a group (NotAllowed).</summary>
    public Task<MembershipOutcome> SetRoleAsync(
        long chatId, long actorId, long memberId, short role, CancellationToken ct) => ChatTransaction.RepeatAsync(async () =>
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        (MembershipStatus? refusal, LockedChat chat, Dictionary<long, short> roles) =
            await EnterAsync(transaction, chatId, actorId, [], [memberId], Admins, ct);
        if (refusal is { } status) return Refused(status);
        if (!roles.TryGetValue(memberId, out short present)) return Refused(MembershipStatus.NotAMember);
        if (present == role) return new MembershipOutcome(MembershipStatus.AlreadyThere, chatId);
        var member = new { chatId, principalId = memberId, role };
        if (present == MemberRoles.Admin && await transaction.ScalarAsync<long>(MembershipSql.OtherAdmins, member, ct) == 0)
            return Refused(MembershipStatus.NotAllowed);

        transaction.Add(chatId, EventKinds.RoleChanged, actorId, memberId, role);
        await transaction.ExecuteAsync(MembershipSql.SetRole, member, ct);
        return await FinishAsync(transaction, chatId, ct);
    });

    private static short Admins(LockedChat chat) => MemberRoles.Admin;

    private static MembershipOutcome Refused(MembershipStatus status) => new(status, 0);

    private static MembershipOutcome Done(long chatId) => new(MembershipStatus.Done, chatId);

    /// <summary>Locks the group and the inboxes, and says why the actor may not, if so.</summary>
    /// <param name="needed">The least role that may.</param>
    /// <returns>The roles of the actor and of <paramref name="ids"/>, as far as they are in the chat.</returns>
    private static async Task<(MembershipStatus? Refusal, LockedChat Chat, Dictionary<long, short> Roles)> EnterAsync(
        ChatTransaction transaction,
        long chatId,
        long actorId,
        IEnumerable<long> inboxes,
        long[] ids,
        Func<LockedChat, short> needed,
        CancellationToken ct)
    {
        await transaction.LockAsync([chatId, .. inboxes], ct);
        IEnumerable<MemberRole> rows = await transaction.QueryAsync<MemberRole>(
            MembershipSql.CurrentRoles, new { chatId, ids = (long[])[actorId, .. ids] }, ct);
        Dictionary<long, short> roles = rows.ToDictionary(row => row.PrincipalId, row => row.Role);
        if (transaction.Find(chatId) is not { } chat || !roles.TryGetValue(actorId, out short role))
            return (MembershipStatus.ChatNotFound, null!, roles);
        bool allowed = chat.Kind is ChatKinds.Group or ChatKinds.Channel && role >= needed(chat);
        return (allowed ? null : MembershipStatus.NotAllowed, chat, roles);
    }

    private static Task<bool> IsBlockedAsync(ChatTransaction transaction, long actorId, long[] ids, CancellationToken ct) =>
        transaction.ScalarAsync<bool>(MembershipSql.AnyBlock, new { actorId, ids }, ct);

    private static Task InsertMembersAsync(ChatTransaction transaction, long chatId, IReadOnlyList<NewMember> members, CancellationToken ct)
    {
        transaction.Find(chatId)!.MemberCount += members.Count;
        var arguments = new
        {
            chatId,
            principalIds = members.Select(member => member.PrincipalId).ToArray(),
            roles = members.Select(member => member.Role).ToArray(),
            joined = members.Select(member => member.Joined).ToArray(),
            seen = members.Select(member => member.Seen).ToArray(),
        };
        return transaction.ExecuteAsync(MembershipSql.InsertMembers, arguments, ct);
    }

    private static async Task EndIntervalAsync(
        ChatTransaction transaction, (long ChatId, long PrincipalId) who, long sequence, bool isRemoved, CancellationToken ct)
    {
        (long chatId, long principalId) = who;
        transaction.Find(chatId)!.MemberCount--;
        await transaction.ExecuteAsync(MembershipSql.EndInterval, new { chatId, principalId, sequence, removed = isRemoved }, ct);
        await transaction.ExecuteAsync(MembershipSql.DropDraft, new { chatId, principalId }, ct);
        await transaction.ExecuteAsync(CallSql.DropMember, new { chatId, principalId }, ct);
    }

    private static void TellInboxes(ChatTransaction transaction, short kind, IEnumerable<long> inboxes, long actorId, long chatId)
    {
        foreach (long inbox in inboxes)
            transaction.Add(inbox, kind, actorId, chatId);
    }

    private async Task<MembershipOutcome> EndSubscriptionAsync(
        ChatTransaction transaction, (long ChatId, long PrincipalId, long Inbox) who, long actorId, CancellationToken ct)
    {
        await Joining.LeaveChannelAsync(transaction, who, actorId, ct);
        await transaction.CommitAsync(sink, ct);
        return Done(who.ChatId);
    }

    private async Task<MembershipOutcome> FinishAsync(ChatTransaction transaction, long chatId, CancellationToken ct)
    {
        await transaction.CommitAsync(sink, ct);
        return Done(chatId);
    }

    private async Task<long?> FindDirectAsync(object pair, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(MembershipSql.FindDirect, pair, cancellationToken: ct));
    }

    /// <summary>Principal to inbox; absent is unknown. Inboxes never change, so this needs no lock.</summary>
    private async Task<Dictionary<long, long>> FindInboxesAsync(long[] ids, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        IEnumerable<(long Id, long InboxChatId)> rows = await connection.QueryAsync<(long, long)>(
            new CommandDefinition(MembershipSql.Inboxes, new { ids }, cancellationToken: ct));
        return rows.ToDictionary(row => row.Id, row => row.InboxChatId);
    }

    private readonly record struct NewMember(long PrincipalId, short Role, long Joined, long Seen);

    private sealed record MemberRole(long PrincipalId, short Role);
}
