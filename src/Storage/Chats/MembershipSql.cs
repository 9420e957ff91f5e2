namespace Chat.Storage.Chats;

/// <summary>Statements of <see cref="MembershipStore"/>, some of which others share.</summary>
internal static class MembershipSql
{
    public const string Inboxes = "select id, inbox_chat_id from principals where id = any(@ids)";

    public const string FindInbox = "select inbox_chat_id from principals where id = @principalId";

    public const string FindDirect = "select id from chats where kind = 1 and low_principal_id = @low and high_principal_id = @high";

    // Waits for another who makes the same pair's chat, and returns nothing when that one commits.
    public const string InsertDirect = """
        insert into chats (kind, low_principal_id, high_principal_id) values (1, @low, @high)
        on conflict (low_principal_id, high_principal_id) where kind = 1 do nothing returning id
        """;

    public const string InsertGroup = "insert into chats (kind, name) values (2, @name) returning id";

    public const string InsertMembers = """
        insert into members (chat_id, principal_id, role, joined_at_sequence, delivered_up_to, read_up_to)
        select @chatId, principal_id, role, joined, seen, seen
        from unnest(@principalIds, @roles, @joined, @seen) as t (principal_id, role, joined, seen)
        """;

    public const string CurrentRoles = """
        select principal_id as "PrincipalId", role from members
        where chat_id = @chatId and principal_id = any(@ids) and left_at_sequence is null
        """;

    public const string OtherAdmins = """
        select count(*) from members where chat_id = @chatId and principal_id <> @principalId and role = 2 and left_at_sequence is null
        """;

    public const string LongestStanding = """
        select principal_id from members where chat_id = @chatId and principal_id <> @principalId and left_at_sequence is null
        order by joined_at_sequence, principal_id limit 1
        """;

    // Read while the inboxes of those who come are locked, as every block of theirs does.
    public const string AnyBlock = """
        select exists (
            select from unnest(@ids) as t (id) join blocks b
                on b.principal_id = @actorId and b.blocked_id = t.id or b.principal_id = t.id and b.blocked_id = @actorId)
        """;

    public const string SetRole = """
        update members set role = @role where chat_id = @chatId and principal_id = @principalId and left_at_sequence is null
        """;

    public const string EndInterval = """
        update members set left_at_sequence = @sequence, removed = @removed
        where chat_id = @chatId and principal_id = @principalId and left_at_sequence is null
        """;

    // It would be there again for who comes back, and could not be taken away meanwhile.
    public const string DropDraft = "delete from drafts where chat_id = @chatId and principal_id = @principalId";
}
