namespace Chat.Load.History;

/// <summary>
/// Statements that fill a fresh database with what the product's own statements would have left: <c>AccountStore</c>, <c>MembershipStore</c>,
/// the chat log's writer, the receipts' writer. Everything follows from ids by arithmetic, so two runs make the same rows but for the
/// clients' message ids.
/// </summary>
internal static class HistorySql
{
    /// <summary>The plan of the chats and members; dropped in the end.</summary>
    public const string CreateScratch = """
        create unlogged table seed_chats (
            id bigint primary key, kind smallint, low bigint, high bigint, number bigint, size bigint, first_member bigint, creator bigint,
            made bigint, messages bigint, created_at timestamptz);
        create unlogged table seed_members (
            chat_id bigint, principal_id bigint, place bigint, kind smallint, made bigint, head bigint, created_at timestamptz);
        create unlogged table seed_texts (n bigint primary key, body text)
        """;

    public const string DropScratch = "drop table seed_chats, seed_members, seed_texts";

    /// <summary>
    /// $1 people, $2 direct chats, $3 groups, $4 the busy one's direct chats, $5 the busy one's groups, $6 messages. "made" counts the
    /// events of a chat's making: chat_created, and member_added for each other member of a group. Half of the chats have few messages,
    /// five in a hundred have many.
    /// </summary>
    public const string PlanChats = """
        insert into seed_chats
        select id, kind, low, high, number, size, first_member,
            case when kind = 1 then low when number <= $5 then $1 + 1 else 1 + first_member end,
            case when kind = 1 then 1 else size end,
            case when number = 1 then $6 / 10
                else round((case when luck < 50 then 20 when luck < 80 then 60 when luck < 95 then 200 else 640 end) * (0.01 * $6 / ($2 + $3)))
            end,
            timestamptz '2025-11-01 00:00Z' + make_interval(secs => id * 104729 % 86400)
        from (
            select $1 + 1 + i as id, 1 as kind, least(a, b) as low, greatest(a, b) as high, null::bigint as number, 2 as size, 0 as first_member
            from (
                select i, case when i <= $4 then i else 1 + (i - $4 - 1) % $1 end as a,
                    case when i <= $4 then $1 + 1 else 1 + ((i - $4 - 1) % $1 + 1 + 37 * ((i - $4 - 1) / $1)) % $1 end as b
                from generate_series(1, $2) i
            ) pairs
            union all
            select $1 + 1 + $2 + g, 2, null, null, g,
                case when g <= ($3 + 99) / 100 then 256 when g <= $3 / 20 then 64 when g <= $3 * 3 / 20 then 32 else 10 end, g * 7919 % $1
            from generate_series(1, $3) g
        ) chats
        cross join lateral (select id * 2654435761 / 1024 % 100 as luck) l
        """;

    /// <summary>$1 people, $2 the distance of members. A group's creator has place 0.</summary>
    public const string PlanMembers = """
        insert into seed_members
        select c.id, m.principal_id, m.place, c.kind, c.made, c.made + c.messages, c.created_at
        from seed_chats c
        cross join lateral (
            select c.low as principal_id, 0 as place where c.kind = 1
            union all select c.high, 1 where c.kind = 1
            union all select case when p = 0 then c.creator else 1 + (c.first_member + p * $2) % $1 end, p
            from generate_series(0, c.size - 1) p where c.kind = 2
        ) m
        """;

    public const string PlanTexts = """
        insert into seed_texts
        select i, left(string_agg(md5(i || '-' || j), ' '), 20 + (i * 37 % 160)::integer)
        from generate_series(0, 1023) i, generate_series(1, 6) j group by i
        """;

    /// <summary>$1 people, the busy one included.</summary>
    public const string InsertPeople = """
        insert into chats (id, kind, member_count) overriding system value select i, 5, 1 from generate_series(1, $1) i
        """;

    public const string InsertPrincipals = """
        insert into principals (id, kind, name, inbox_chat_id) overriding system value
        select i, 1, 'Person ' || i, i from generate_series(1, $1) i
        """;

    public const string InsertAccounts = """
        insert into accounts (principal_id, email, password_hash)
        select i, 'person-' || i || '@load.invalid', 'no password: made by bench/Load' from generate_series(1, $1) i
        """;

    /// <summary>A device a person, with the person's id. Its refresh token's hash is that of no token.</summary>
    public const string InsertDevices = """
        insert into devices (id, principal_id, name) overriding system value select i, i, 'load' from generate_series(1, $1) i
        """;

    public const string InsertTokens = """
        insert into refresh_tokens (token_hash, device_id, expires_at)
        select sha256(('load-' || i)::bytea), i, clock_timestamp() + interval '60 days' from generate_series(1, $1) i
        """;

    public const string InsertChats = """
        insert into chats (id, kind, head_sequence, member_count, name, low_principal_id, high_principal_id, created_at, last_activity_at)
            overriding system value
        select id, kind, made + messages, size, 'Group ' || number, low, high, created_at, created_at from seed_chats order by id
        """;

    /// <summary>Seven in ten have read everything, a quarter is up to thirty messages behind, the rest anywhere. Nobody is behind the chat's making.</summary>
    public const string InsertMembers = """
        insert into members (chat_id, principal_id, role, joined_at_sequence, delivered_up_to, read_up_to)
        select chat_id, principal_id, case when kind = 2 and place = 0 then 2 else 1 end, 1, greatest(made, head - lag / 2), greatest(made, head - lag)
        from (
            select m.*, case when luck < 70 then 0 when luck < 95 then depth % 30 else depth % head end as lag
            from seed_members m
            cross join lateral (
                select (chat_id * 7919 + principal_id * 104729) % 100 as luck, (chat_id * 40503 + principal_id * 2654435761) / 128 % 100003 as depth
            ) l
        ) r
        order by chat_id, place
        """;

    /// <summary>Each in their own inbox, which has one event for each of their chats and is read to its end.</summary>
    public const string InsertInboxMembers = """
        insert into members (chat_id, principal_id, role, joined_at_sequence, delivered_up_to, read_up_to)
        select i, i, 1, 1, coalesce(c.chats, 0), coalesce(c.chats, 0)
        from generate_series(1, $1) i
        left join (select principal_id, count(*) as chats from seed_members group by principal_id) c on c.principal_id = i
        """;

    public const string SetInboxHeads = """
        update chats c set head_sequence = m.read_up_to, last_activity_at = m.last
        from (
            select m.chat_id, m.read_up_to, max(s.created_at) as last
            from members m join seed_members s on s.principal_id = m.principal_id where m.chat_id <= $1 group by m.chat_id, m.read_up_to
        ) m
        where c.id = m.chat_id
        """;

    public const string InsertInboxEvents = """
        insert into events (chat_id, sequence, kind, sender_id, created_at, subject_id)
        select m.principal_id, row_number() over (partition by m.principal_id order by m.created_at, m.chat_id), 8, c.creator, m.created_at, m.chat_id
        from seed_members m join seed_chats c on c.id = m.chat_id
        order by m.created_at, m.chat_id
        """;

    public const string InsertMakingEvents = """
        insert into events (chat_id, sequence, kind, sender_id, created_at, subject_id, subject_role, body)
        select m.chat_id, m.place + 1, case when m.place = 0 then 2 else 3 end, c.creator, m.created_at,
            case when m.place > 0 then m.principal_id end, case when m.place > 0 then 1 end, case when m.place = 0 then 'Group ' || c.number end
        from seed_members m join seed_chats c on c.id = m.chat_id
        where m.kind = 2 or m.place = 0
        order by m.created_at, m.chat_id, m.place
        """;

    /// <summary>
    /// One slice of time, for the chats of one writer, in the order of time: what is next to each other in a chat is far apart on the disk,
    /// as it is in life. $1 slice, $2 slices, $3 writer, $4 writers, $5 people, $6 the distance of members.
    /// </summary>
    public const string InsertMessages = """
        insert into events (chat_id, sequence, kind, sender_id, created_at, client_message_id, body)
        select chat_id, sequence, 1, sender_id, at, gen_random_uuid(), t.body
        from (
            select c.id as chat_id, c.made + k as sequence, luck,
                case
                    when c.kind = 1 then case when luck % 2 = 0 then c.low else c.high end
                    when luck % c.size = 0 then c.creator
                    else 1 + (c.first_member + luck % c.size * $6) % $5
                end as sender_id,
                date_trunc('milliseconds', timestamptz '2025-11-02 00:00Z' + interval '365 days' * ((k - 0.5 + (luck % 80 - 40) / 100.0) / c.messages)) as at
            from seed_chats c
            cross join lateral generate_series(
                floor($1 * c.messages / $2::float8 + 0.5)::bigint + 1, floor(($1 + 1) * c.messages / $2::float8 + 0.5)::bigint) k
            cross join lateral (select (k * 2654435761 + c.id * 40503) / 64 % 1000003 as luck) l
            where c.id % $4 = $3
        ) m
        join seed_texts t on t.n = m.luck % 1024
        order by at
        """;

    /// <summary>A chat's last activity is its newest event's time. $1 people, the busy one included.</summary>
    public const string SetActivity = """
        update chats c set last_activity_at = e.created_at from events e where c.id > $1 and e.chat_id = c.id and e.sequence = c.head_sequence
        """;

    public const string MoveIdentities = """
        select setval(pg_get_serial_sequence('chats', 'id'), (select max(id) from chats)),
            setval(pg_get_serial_sequence('principals', 'id'), (select max(id) from principals)),
            setval(pg_get_serial_sequence('devices', 'id'), (select max(id) from devices))
        """;

    /// <summary>What a chat's rows say of each other; every column must be 0.</summary>
    public const string CountFaults = """
        select count(*) filter (where e.events is distinct from c.head_sequence or e.highest is distinct from c.head_sequence),
            count(*) filter (where m.members is distinct from c.member_count or m.highest > c.head_sequence)
        from chats c
        left join (select chat_id, count(*) as events, max(sequence) as highest from events group by chat_id) e on e.chat_id = c.id
        left join (select chat_id, count(*) as members, max(delivered_up_to) as highest from members group by chat_id) m on m.chat_id = c.id
        """;
}
