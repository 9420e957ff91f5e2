-- min_compatible_version: 1
-- Groups and channels that were deleted for everyone (ADR 0035). Who was in one is in it no more from the moment of the deletion: its rows of
-- members go in the same transaction, so an older node beside this one, which knows nothing of it, takes nothing there and shows nothing
-- of it either. What is left of it goes in steps, by a job; the row in chats stays, without a name, because its number is in other tables.

-- Told from the locked row itself, so that whoever waited for its lock sees it.
alter table chats add column deleted_at timestamptz;

-- One row a deleted chat. sequence is the event that says so, its last. admin_ids are those who could have deleted it: asked again, they are
-- answered as the one who did. purged_at is null until nothing is left of the chat.
create table deleted_chats (
    chat_id bigint primary key references chats (id),
    sequence bigint not null,
    deleted_by bigint not null references principals (id),
    admin_ids bigint[] not null,
    deleted_at timestamptz not null default clock_timestamp(),
    purged_at timestamptz
);
create index deleted_chats_left on deleted_chats (deleted_at, chat_id) where purged_at is null;

-- Who was in them, some together; was_there: to the end, so that their inboxes are told. is_told: that is done, and what waited to be sent
-- by them, their drafts and their stars are gone. What else is kept of the chat by person is found by all of them, and a row goes with it.
create table chat_farewells (
    id bigint generated always as identity primary key,
    chat_id bigint not null references chats (id),
    principal_ids bigint[] not null,
    was_there boolean not null,
    is_told boolean not null default false
);
create index chat_farewells_untold on chat_farewells (id) where not is_told;
create index chat_farewells_chat on chat_farewells (chat_id, id);

-- An older node does not ask whether the chat that it has locked is deleted before it lets a reader in. It begins again, as after any
-- conflict, and then finds no such chat.
create function refuse_deleted_chat() returns trigger language plpgsql as $$
begin
    if exists (select from chats c where c.id = new.chat_id and c.deleted_at is not null) then
        raise exception 'chat % is deleted', new.chat_id using errcode = 'serialization_failure';
    end if;
    return new;
end $$;
create trigger members_refuse_deleted_chat before insert on members for each row execute function refuse_deleted_chat();
