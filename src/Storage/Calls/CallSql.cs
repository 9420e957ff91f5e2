namespace Chat.Storage.Calls;

/// <summary>Statements of <see cref="CallStore"/> and of what it locks.</summary>
internal static class CallSql
{
    /// <summary>Of everybody in the chat, for one who is in it; one more than may be tells that there are too many.</summary>
    public const string MemberInboxes = """
        select p.inbox_chat_id from members m join principals p on p.id = m.principal_id
        where m.chat_id = @chatId and m.left_at_sequence is null
            and exists (
                select from members own where own.chat_id = m.chat_id and own.principal_id = @callerId and own.left_at_sequence is null)
        order by p.id limit @limit
        """;

    public const string FindByEndpoint = """
        select p.call_id as "CallId", c.chat_id as "ChatId" from call_participants p join calls c on c.id = p.call_id
        where p.principal_id = @principalId and p.endpoint_id = @endpointId
        """;

    /// <summary>What decides whether somebody may call there, before anything is locked and again behind the lock.</summary>
    public const string Glance = """
        select h.kind as "Kind", h.blocked as "IsBlocked", h.send_role as "SendRole", m.role as "Role"
        from chats h join members m on m.chat_id = h.id
        where h.id = @chatId and m.principal_id = @callerId and m.left_at_sequence is null
        """;

    public const string FindLive = "select id from calls where chat_id = @chatId and status <= 2";

    /// <summary>Read while the chat is locked: roles, blocks and whose calls ring do not change meanwhile, or count from the next call on.</summary>
    public const string Called = """
        select m.principal_id as "PrincipalId", m.role as "Role", p.inbox_chat_id as "Inbox",
            exists (
                select from blocks b
                where b.principal_id = m.principal_id and b.blocked_id = @callerId or b.principal_id = @callerId and b.blocked_id = m.principal_id)
                as "IsBlocked",
            p.call_audience = 1 or p.call_audience = 2 and exists (
                select from contacts k where k.principal_id = m.principal_id and k.contact_id = @callerId) as "TakesCalls",
            exists (select from call_participants busy where busy.principal_id = m.principal_id and busy.state = 2) as "IsBusy"
        from members m join principals p on p.id = m.principal_id
        where m.chat_id = @chatId and m.left_at_sequence is null
        """;

    public const string Insert = """
        insert into calls (chat_id, caller_id, receiver_id, kind) values (@chatId, @callerId, @receiverId, @kind) returning id
        """;

    public const string InsertRung = """
        insert into call_participants (call_id, principal_id, state, due_at)
        select @callId, t.id, t.state, case when t.state = 1 then clock_timestamp() + make_interval(secs => @ringing) end from unnest(@ids, @states) as t (id, state)
        """;

    public const string Place = """
        select c.chat_id as "ChatId", c.status as "Status", s.principal_id as "PrincipalId", p.inbox_chat_id as "Inbox",
            s.due_at <= statement_timestamp() as "IsDue"
        from calls c
        join call_participants s on s.call_id = c.id join principals p on p.id = s.principal_id
        where c.id = @callId
        """;

    /// <summary>Of all who have a seat in a call.</summary>
    public const string SeatInboxes = """
        select p.inbox_chat_id from call_participants s join principals p on p.id = s.principal_id where s.call_id = @callId
        """;

    public const string Inbox = "select inbox_chat_id from principals where id = @principalId";

    public const string ReadCall = """
        select id as "Id", chat_id as "ChatId", caller_id as "CallerId", kind as "Kind", status as "Status",
            floor(extract(epoch from answered_at) * 1000)::bigint as "AnsweredAtMs"
        from calls where id = @callId
        """;

    public const string ReadSeats = """
        select s.principal_id as "PrincipalId", p.inbox_chat_id as "Inbox", s.state as "State", s.endpoint_id as "EndpointId",
            s.due_at <= clock_timestamp() as "IsDue",
            exists (
                select from members m where m.chat_id = @chatId and m.principal_id = s.principal_id and m.left_at_sequence is null)
                as "IsMember"
        from call_participants s join principals p on p.id = s.principal_id where s.call_id = @callId
        """;

    public const string IsElsewhere = """
        select exists (select from call_participants where principal_id = @principalId and state = 2 and call_id <> @callId)
        """;

    /// <summary>Whether the person has a block, either way, with one who is in the call.</summary>
    public const string IsBlockedInside = """
        select exists (
            select from call_participants s join blocks b
                on b.principal_id = s.principal_id and b.blocked_id = @principalId or b.principal_id = @principalId and b.blocked_id = s.principal_id
            where s.call_id = @callId and s.state = 2)
        """;

    public const string Sit = """
        insert into call_participants (call_id, principal_id, state, device_id, endpoint_id, joined_at, due_at)
        values (@callId, @principalId, 2, @deviceId, @endpointId, clock_timestamp(), clock_timestamp() + make_interval(secs => @lease))
        on conflict (call_id, principal_id) do update set state = 2, device_id = excluded.device_id, endpoint_id = excluded.endpoint_id,
            joined_at = excluded.joined_at, left_at = null, due_at = excluded.due_at
        """;

    public const string Answer = """
        update calls set status = 2, answered_at = date_trunc('milliseconds', clock_timestamp()) where id = @callId and status = 1
        """;

    public const string Leave = $"""
        update call_participants s set state = @state, {Leaving}
        from calls c
        where s.call_id = @callId and s.principal_id = @principalId and c.id = s.call_id
        """;

    /// <summary>At the end of a call: of all who are in it, or rung.</summary>
    public const string LeaveAll = $"""
        update call_participants s set state = case s.state when 2 then 3 else 5 end, {Leaving}
        from calls c
        where s.call_id = @callId and s.state <= 2 and c.id = s.call_id
        """;

    public const string Finish = """
        update calls set status = @status, reason = @reason, ended_at = date_trunc('milliseconds', clock_timestamp()) where id = @callId
        returning floor(extract(epoch from ended_at) * 1000)::bigint
        """;

    /// <summary>
    /// The calls of parts that are over by time, one row a part, a bounded number. Any of them: nodes that look at once do not all begin with
    /// the same, and those that cannot be ended do not stand before the others. The time is one that bounds the index.
    /// </summary>
    public const string FindDue = """
        select call_id from call_participants where state <= 2 and due_at <= statement_timestamp() order by random() limit @limit
        """;

    /// <summary>For who is taken out of a chat: they are out of its live call with the next look at what is due.</summary>
    public const string DropMember = """
        update call_participants s set due_at = clock_timestamp() from calls c
        where c.chat_id = @chatId and c.status <= 2 and s.call_id = c.id and s.principal_id = @principalId and s.state <= 2
        """;

    /// <summary>For one who blocks another: they leave every live call that both are called to.</summary>
    public const string DropBlocker = """
        update call_participants s set due_at = clock_timestamp()
        where s.principal_id = @principalId and s.state <= 2
            and exists (select from call_participants o where o.call_id = s.call_id and o.principal_id = @otherId and o.state <= 2)
        """;

    // A sign of life counts while the participant may be there at all; whoever may not is left to what is due.
    public const string Keep = """
        update call_participants s set due_at = clock_timestamp() + make_interval(secs => @lease)
        from calls c join chats h on h.id = c.chat_id
        where s.call_id = @callId and s.principal_id = @principalId and s.endpoint_id = @endpointId and s.device_id = @deviceId and s.state = 2
            and s.due_at > clock_timestamp() and c.id = s.call_id and not h.blocked
            and exists (select from members m where m.chat_id = c.chat_id and m.principal_id = s.principal_id and m.left_at_sequence is null)
        """;

    public const string Routes = """
        select s.principal_id as "PrincipalId", s.device_id as "DeviceId", s.endpoint_id as "EndpointId",
            not h.blocked and exists (
                select from members m where m.chat_id = c.chat_id and m.principal_id = s.principal_id and m.left_at_sequence is null)
                as "IsUsable"
        from call_participants s join calls c on c.id = s.call_id join chats h on h.id = c.chat_id
        where s.call_id = @callId and s.state = 2 and c.status = 2
        """;

    // Talked is only what lies behind the answer: a caller sits in a call that rings, too.
    private const string Leaving = """
        due_at = null,
            left_at = case when s.state = 2 then clock_timestamp() else s.left_at end,
            talked = s.talked + case
                when s.state = 2 and c.answered_at is not null then clock_timestamp() - greatest(s.joined_at, c.answered_at)
                else interval '0' end
        """;
}
