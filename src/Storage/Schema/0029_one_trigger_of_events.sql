-- min_compatible_version: 1
-- What an event brings with it in other tables is written by one trigger in the place of three: PostgreSQL reads the condition of each anew
-- for every statement that inserts, which was a twentieth of what a small batch of messages takes. An older node beside this one is none the
-- wiser.

create function note_event() returns trigger language plpgsql as $$
declare
    named text;
    found_blob uuid;
begin
    -- An edit takes the marks away, and with them whom they mention; so does a deletion.
    if new.kind in (10, 11) then
        delete from mentions where chat_id = new.chat_id and sequence = new.target_sequence;
        return null;
    end if;

    -- Mentions: as 0018 says. What is passed on mentions nobody: its marks are of another chat.
    if new.attributes #> '{content,forwarded}' is null and new.attributes @? '$.content.marks[*].principalId' then
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
    end if;

    -- The file that the message shows: as 0006 and 0015 say.
    named := coalesce(new.attributes #>> '{content,media,blobId}', new.attributes #>> '{content,link,image,blobId}');
    if named ~ '^[0-9a-f]{32}$' then
        select id into found_blob from blobs where id = named::uuid and state = 2 for key share;
        if found then
            insert into blob_messages (chat_id, sequence, blob_id) values (new.chat_id, new.sequence, found_blob);
            update blobs set was_shown = true, expires_at = kept_until where id = found_blob and not was_shown;
        end if;
    end if;
    return null;
end $$;

drop trigger events_note_shown_blob on events;
drop trigger events_note_mentions on events;
drop trigger events_drop_mentions on events;
drop function note_shown_blob();
drop function note_mentions();
drop function drop_mentions();

-- Plain text, nearly all there is, pays for this condition alone.
create trigger events_note_event after insert on events for each row
    when (new.attributes is not null and new.kind = 1 or new.kind in (10, 11)) execute function note_event();
