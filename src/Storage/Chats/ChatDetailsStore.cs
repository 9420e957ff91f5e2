using Npgsql;

namespace Chat.Storage.Chats;

/// <summary>
/// Changes what a group or channel is called and about, and who may do what in it: events of its log, with its row locked. Thread-safe.
/// </summary>
public sealed class ChatDetailsStore(NpgsqlDataSource source, ICommittedEvents sink)
{
    private const string Find = """
        select c.kind as "Kind", m.role as "Role", c.description as "Description", c.avatar as "Avatar", c.theme as "Theme",
            c.send_role as "SendRole", c.edit_role as "EditRole", c.add_role as "AddRole", c.handle as "Handle"
        from chats c join members m on m.chat_id = c.id
        where c.id = @chatId and m.principal_id = @actorId and m.left_at_sequence is null
        """;

    private const string Update = """
        update chats set description = @Description, avatar = @Avatar, theme = @Theme,
            send_role = @SendRole, edit_role = @EditRole, add_role = @AddRole, handle = @Handle
        where id = @chatId
        """;

    internal const string Restrict = "insert into admin_only_chats (chat_id) values (@chatId) on conflict do nothing";

    private const string Open = "delete from admin_only_chats where chat_id = @chatId";

    /// <summary>What is null in the change stays; an empty text clears.</summary>
    public async Task<MembershipOutcome> ChangeAsync(long chatId, long actorId, ChatDetailsChange change, CancellationToken ct)
    {
        try
        {
            return await ChatTransaction.RepeatAsync(() => TryChangeAsync(chatId, actorId, change, ct));
        }
        catch (PostgresException taken) when (ChannelStore.IsHandleTaken(taken))
        {
            return new MembershipOutcome(MembershipStatus.HandleTaken, 0);
        }
    }

    private async Task<MembershipOutcome> TryChangeAsync(long chatId, long actorId, ChatDetailsChange change, CancellationToken ct)
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        await transaction.LockAsync([chatId], ct);
        Present? present = (await transaction.QueryAsync<Present>(Find, new { chatId, actorId }, ct)).SingleOrDefault();
        if (present is null || transaction.Find(chatId) is not { } chat) return new MembershipOutcome(MembershipStatus.ChatNotFound, 0);
        if (!Allows(present, change)) return new MembershipOutcome(MembershipStatus.NotAllowed, 0);

        Present wished = change.Apply(present);
        string what = Differences(present, wished);
        bool isRenamed = change.Name is not null && change.Name != chat.Name;
        if (what.Length == 0 && !isRenamed) return new MembershipOutcome(MembershipStatus.AlreadyThere, chatId);
        if (isRenamed)
        {
            chat.Name = change.Name;
            transaction.Add(chatId, EventKinds.Renamed, actorId, text: change.Name);
        }

        if (what.Length > 0) transaction.Add(chatId, EventKinds.ChatInfoChanged, actorId, text: what);
        await transaction.ExecuteAsync(
            Update,
            new { chatId, wished.Description, wished.Avatar, wished.Theme, wished.SendRole, wished.EditRole, wished.AddRole, wished.Handle },
            ct);
        if (wished.SendRole != present.SendRole)
            await transaction.ExecuteAsync(wished.SendRole == MemberRoles.Admin ? Restrict : Open, new { chatId }, ct);
        await transaction.CommitAsync(sink, ct);
        return new MembershipOutcome(MembershipStatus.Done, chatId);
    }

    /// <summary>In a channel nothing but admins writing can be set; a handle is for channels alone.</summary>
    private static bool Allows(Present present, ChatDetailsChange change)
    {
        bool isChannel = present.Kind == ChatKinds.Channel;
        if (!isChannel && present.Kind != ChatKinds.Group) return false;
        if (isChannel ? change.ChangesRoles : change.Handle is not null) return false;
        short needed = change.ChangesRoles || change.Handle is not null ? MemberRoles.Admin : present.EditRole;
        return present.Role >= needed;
    }

    private static string Differences(Present present, Present wished)
    {
        List<string> what = [];
        if (wished.Description != present.Description) what.Add("description");
        if (wished.Avatar != present.Avatar) what.Add("avatar");
        if (wished.Theme != present.Theme) what.Add("theme");
        if (wished.Handle != present.Handle) what.Add("handle");
        if ((wished.SendRole, wished.EditRole, wished.AddRole) != (present.SendRole, present.EditRole, present.AddRole)) what.Add("permissions");
        return string.Join(' ', what);
    }

    internal sealed record Present
    {
        public short Kind { get; init; }

        public short Role { get; init; }

        public string? Description { get; init; }

        public string? Avatar { get; init; }

        public string? Theme { get; init; }

        public short SendRole { get; init; }

        public short EditRole { get; init; }

        public short AddRole { get; init; }

        public string? Handle { get; init; }
    }
}

/// <summary>What is to be changed; null stays, an empty text clears. A role is the least that may.</summary>
public sealed record ChatDetailsChange
{
    /// <summary>Not empty.</summary>
    public string? Name { get; init; }

    public string? Description { get; init; }

    public string? Avatar { get; init; }

    public string? Theme { get; init; }

    public string? Handle { get; init; }

    public short? SendRole { get; init; }

    public short? EditRole { get; init; }

    public short? AddRole { get; init; }

    internal bool ChangesRoles => SendRole is not null || EditRole is not null || AddRole is not null;

    internal ChatDetailsStore.Present Apply(ChatDetailsStore.Present present) => present with
    {
        Description = Pick(Description, present.Description),
        Avatar = Pick(Avatar, present.Avatar),
        Theme = Pick(Theme, present.Theme),
        Handle = Pick(Handle, present.Handle),
        SendRole = SendRole ?? present.SendRole,
        EditRole = EditRole ?? present.EditRole,
        AddRole = AddRole ?? present.AddRole,
    };

    private static string? Pick(string? wished, string? present) => wished is null ? present : wished.Length == 0 ? null : wished;
}
