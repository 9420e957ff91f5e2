-- min_compatible_version: 1
-- What a chat is to each of its members alone, what a group or channel is beside its name, who may do what in it, invite links, drafts.
-- An older node beside this one shows nothing of it and does not honour it: it takes messages of members where only admins write, and
-- shows history that was cleared. Everything has a default, so it need not know.

-- Roles: 1 member, 2 admin; the least that may. A new group is as groups were: all write, admins change it and add people. Checks are not
-- validated against what is there, which all has the default: that would read both tables while nobody can use them.
alter table chats
    add column description text,
    add column avatar text,
    add column theme text,
    add column send_role smallint not null default 1,
    add column edit_role smallint not null default 2,
    add column add_role smallint not null default 2,
    add column handle text;
alter table chats add constraint chats_roles check (send_role between 1 and 2 and edit_role between 1 and 2 and add_role between 1 and 2) not valid;

-- Only channels have a public name, and their rows get it once: the update of a message stays heap-only.
create unique index chats_handle on chats (handle) where handle is not null;

-- muted_until and pinned are there since 0001. archived, of then, was never read or written: whether a chat is in the archive follows from
-- what came since archived_at_sequence, the head when it was put there. unread_mark: how far one had read when one marked it as unread.
-- removed: an admin ended this membership, so that no link and no public name leads back; an admin who adds the person takes it away.
alter table members
    drop column archived,
    add column theme text,
    add column archived_at_sequence bigint,
    add column unread_mark bigint,
    add column cleared_up_to bigint not null default 0,
    add column removed boolean not null default false;

-- The chats in which send_role is 2. A send looks a plain member's chat up here, in a few pages that are always at hand, and not in chats.
create table admin_only_chats (
    chat_id bigint primary key references chats (id)
);

-- What one person began to write in a chat. version is the event of the person's inbox that said so.
create table drafts (
    principal_id bigint not null,
    chat_id bigint not null,
    text text not null,
    reply_to bigint,
    version bigint not null,
    primary key (principal_id, chat_id)
) with (fillfactor = 70);

-- Whoever has the code may join, while who made it may add people. max_uses null is any number; a link that was revoked or is over stays for
-- a while, so that it is told from one that never was.
create table invites (
    code text primary key,
    chat_id bigint not null references chats (id),
    created_by bigint not null references principals (id),
    created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
    expires_at timestamptz,
    max_uses integer check (max_uses > 0),
    uses integer not null default 0,
    revoked_at timestamptz
) with (fillfactor = 80);
create index invites_chat on invites (chat_id, created_at desc, code);
-- Which are to be deleted.
create index invites_over on invites (least(revoked_at, expires_at)) where revoked_at is not null or expires_at is not null;
create index invites_used_up on invites (created_at) where uses >= max_uses;
