-- min_compatible_version: 1
-- Full-text search (ADR 0023). All of it is derived from the log and from names, and made by nodes beside their other work: an older node
-- beside a newer one need not know of it, what it writes is found by the walks below, and what it renames by the triggers.

-- Which words are in which messages: of the texts that a message had, folded, its first 500 words of each, and some that no text has: "*" is every message, "@"
-- stands in front of its sender and "#" in front of its kind of content. It holds too much rather than too little: what is found is read as its reader may see it, and judged again.
-- sent_at (Unix ms) stands in the key, so that the newest messages of a word in a chat are the last entries of one walk.
create table search_words (
    chat_id bigint not null,
    word text collate "C" not null,
    sent_at bigint not null,
    sequence bigint not null,
    primary key (chat_id, word, sent_at, sequence)
);

-- How far each chat is indexed: all from old_below to indexed_up_to, both included. What is older follows from there backwards, when there is
-- time. The lock on a row is the claim of the node that indexes the chat, and what it indexed is committed with it.
create table search_progress (
    chat_id bigint primary key,
    indexed_up_to bigint not null,
    old_below bigint not null
) with (fillfactor = 70);
create index search_progress_old on search_progress (chat_id) where old_below > 1;

-- Events that could not be indexed, so that they held up no others; tried again at growing intervals.
create table search_skipped (
    chat_id bigint not null,
    sequence bigint not null,
    tries integer not null default 1,
    retry_at timestamptz not null default clock_timestamp() + interval '1 minute',
    primary key (chat_id, sequence)
);
create index search_skipped_due on search_skipped (retry_at);

-- How far each walk through a table is; through contacts, the contact below the person. The one through chats begins again when it ends; those for names are for what was there before.
create table search_walks (
    name text primary key,
    position bigint not null default 0,
    below bigint not null default 0,
    ended boolean not null default false
);
insert into search_walks (name) values ('chats'), ('principals'), ('chat_names'), ('contacts');

-- Words of names. kind 1: a person's own, scope_id and subject_id are the person; 2: a group's or channel's, both are the chat; 3: the one
-- under which scope_id keeps subject_id as a contact.
create table search_names (
    kind smallint not null check (kind between 1 and 3),
    scope_id bigint not null,
    word text collate "C" not null,
    subject_id bigint not null,
    primary key (kind, scope_id, word, subject_id)
);
create index search_names_subject on search_names (kind, scope_id, subject_id);

-- Names whose words are to be made anew.
create table search_name_news (
    kind smallint not null,
    scope_id bigint not null,
    subject_id bigint not null,
    primary key (kind, scope_id, subject_id)
);

-- What is noted already is written again, which locks it: whoever makes the words while the new name is not committed leaves it for later.
create function note_search_name() returns trigger language plpgsql as $$
begin
    if tg_table_name = 'contacts' and tg_op = 'DELETE' then
        insert into search_name_news values (3, old.principal_id, old.contact_id)
            on conflict (kind, scope_id, subject_id) do update set kind = excluded.kind;
    elsif tg_table_name = 'contacts' then
        insert into search_name_news values (3, new.principal_id, new.contact_id)
            on conflict (kind, scope_id, subject_id) do update set kind = excluded.kind;
    elsif tg_table_name = 'principals' then
        insert into search_name_news values (1, new.id, new.id)
            on conflict (kind, scope_id, subject_id) do update set kind = excluded.kind;
    else
        insert into search_name_news values (2, new.id, new.id)
            on conflict (kind, scope_id, subject_id) do update set kind = excluded.kind;
    end if;
    return null;
end $$;

-- A message's update of its chat does not name the column, and so does not even ask.
create trigger chats_note_new_name after insert on chats for each row when (new.name is not null) execute function note_search_name();
create trigger chats_note_name after update of name on chats for each row
    when (old.name is distinct from new.name) execute function note_search_name();
create trigger principals_note_new_name after insert on principals for each row execute function note_search_name();
create trigger principals_note_name after update of name on principals for each row
    when (old.name is distinct from new.name) execute function note_search_name();
create trigger contacts_note_new_name after insert on contacts for each row when (new.name is not null) execute function note_search_name();
create trigger contacts_note_name after update of name on contacts for each row
    when (old.name is distinct from new.name) execute function note_search_name();
create trigger contacts_note_gone after delete on contacts for each row when (old.name is not null) execute function note_search_name();
