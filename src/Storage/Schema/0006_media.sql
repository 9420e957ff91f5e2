-- min_compatible_version: 1
-- Files that people upload. The bytes are in a blob store, under names of their own; here is whose they are, and which of them count.

-- One row a file, from the moment its room is reserved. state: 1 uploading, 2 stored, 3 deleted. bytes is what was declared, and once stored
-- what there is; received is how much of an upload in chunks has come. The row of a file that was stored stays when it is deleted.
create table blobs (
    id uuid primary key,
    owner_id bigint not null references principals (id),
    chat_id bigint references chats (id),
    purpose smallint not null check (purpose between 1 and 4),
    state smallint not null default 1 check (state between 1 and 3),
    file_name text not null,
    content_type text,
    bytes bigint not null check (bytes > 0),
    received bigint not null default 0 check (received between 0 and bytes),
    object_id uuid,
    created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
    expires_at timestamptz,
    kept_until timestamptz,
    was_shown boolean not null default false,
    deleted_at timestamptz,
    check (state <> 2 or (object_id is not null and content_type is not null))
);

-- The job that deletes what is over finds it by these: uploads that were not finished, files whose time is up, rows of uploads given up.
create index blobs_expiry on blobs (expires_at) where state < 3 and expires_at is not null;
create index blobs_given_up on blobs (deleted_at) where state = 3 and object_id is null;

-- Names in the blob store that belong to a file, entered before the first byte is written: so nothing is ever left there that nobody
-- knows. start_at is a chunk's place in its file, null for an object that is to be a whole file; received is true once the chunk counts.
create table blob_objects (
    id uuid primary key,
    blob_id uuid not null references blobs (id),
    start_at bigint,
    bytes bigint not null default 0,
    received boolean not null default false
);
create index blob_objects_blob on blob_objects (blob_id, start_at);

-- Names to delete from the store, entered in the transaction that made them useless.
create table blob_garbage (
    object_id uuid primary key,
    due_at timestamptz not null default clock_timestamp()
);
create index blob_garbage_due on blob_garbage (due_at);

-- Bytes that a principal's files take, those being uploaded included. A row of its own, so that two uploads at once cannot both take the
-- last of the room.
create table blob_usage (
    principal_id bigint primary key references principals (id),
    bytes bigint not null default 0 check (bytes >= 0)
) with (fillfactor = 70);

-- Which messages show which file: who may read one of them may read the file, and the last one that is deleted for everyone takes the
-- file with it.
create table blob_messages (
    chat_id bigint not null,
    sequence bigint not null,
    blob_id uuid not null,
    primary key (chat_id, sequence)
);
create index blob_messages_blob on blob_messages (blob_id, chat_id, sequence);

-- Written with the message, whoever writes it. The lock waits for a deletion of the last other message that shows the file, and then finds
-- none: it keeps one from being committed in between. A file that is gone leaves a message without one.
create function note_shown_blob() returns trigger language plpgsql as $$
declare
    named text := new.attributes #>> '{content,media,blobId}';
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
create trigger events_note_shown_blob after insert on events for each row
    when (new.kind = 1 and new.attributes #> '{content,media}' is not null) execute function note_shown_blob();
