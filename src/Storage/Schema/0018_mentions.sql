-- min_compatible_version: 1
-- Whom messages mention (ADR 0032). Written with the message by whichever node stores it, an older one too: so the rule of whom a mention
-- tells stands in one place, sees the members as they are under the chat's lock, and costs what appends messages nothing but a look.

-- One row a person and message. id runs in the order in which they were written: a person's list goes by it.
create table mentions (
    principal_id bigint not null,
    chat_id bigint not null,
    sequence bigint not null,
    id bigint not null generated always as identity,
    primary key (principal_id, chat_id, sequence)
);
create index mentions_newest on mentions (principal_id, id desc);

-- When a message is edited or deleted, and when devices are told of it.
create index mentions_message on mentions (chat_id, sequence);

-- Those who are in the chat when the message is stored: the writer holds the chat's row, and each statement of this function sees what the
-- holder before committed. Not the sender, not who has blocked the sender, nobody in a channel, where who is in it is not known to others.
-- Of more people than 50 those with the lowest ids, so that a message has few rows however many it names.
create function note_mentions() returns trigger language plpgsql as $$
begin
    insert into mentions (principal_id, chat_id, sequence)
    select m.principal_id, new.chat_id, new.sequence
    from (
        select distinct (mark->>'principalId')::bigint as principal_id
        from jsonb_array_elements(new.attributes #> '{content,marks}') as marks (mark) where mark->>'kind' = '5'
        order by principal_id limit 50
    ) named
    join members m on m.chat_id = new.chat_id and m.principal_id = named.principal_id and m.left_at_sequence is null
    join chats c on c.id = new.chat_id and c.kind in (1, 2)
    where m.principal_id <> new.sender_id
        and not exists (select from blocks b where b.principal_id = m.principal_id and b.blocked_id = new.sender_id)
    order by m.principal_id;
    return null;
end $$;

-- What is passed on mentions nobody: its marks are of another chat.
create trigger events_note_mentions after insert on events for each row
    when (new.kind = 1 and new.attributes is not null and new.attributes #> '{content,forwarded}' is null
        and new.attributes @? '$.content.marks[*].principalId')
    execute function note_mentions();

-- An edit takes the marks away, and with them whom they mention.
create function drop_mentions() returns trigger language plpgsql as $$
begin
    delete from mentions where chat_id = new.chat_id and sequence = new.target_sequence;
    return null;
end $$;
create trigger events_drop_mentions after insert on events for each row when (new.kind in (10, 11)) execute function drop_mentions();
