-- min_compatible_version: 1
-- The picture of a page that a message links to (ADR 0029) is a file of the message, as what it carries is. An older node beside this one
-- knows no links: it drops them from what it is sent.

create or replace function note_shown_blob() returns trigger language plpgsql as $$
declare
    named text := coalesce(new.attributes #>> '{content,media,blobId}', new.attributes #>> '{content,link,image,blobId}');
    found_blob uuid;
begin
    if named is null or named !~ '^[0-9a-f]{32}$' then
        return null;
    end if;
    select id into found_blob from blobs where id = named::uuid and state = 2 for key share;
    if found_blob is null then
        return null;
    end if;
    insert into blob_messages (chat_id, sequence, blob_id) values (new.chat_id, new.sequence, found_blob);
    update blobs set was_shown = true, expires_at = kept_until where id = found_blob and not was_shown;
    return null;
end $$;

-- Asked first whether there is anything beside the text: plain text, nearly all there is, pays no more than that.
create or replace trigger events_note_shown_blob after insert on events for each row
    when (new.kind = 1 and new.attributes is not null
        and (new.attributes #> '{content,media}' is not null or new.attributes #> '{content,link,image}' is not null))
    execute function note_shown_blob();
