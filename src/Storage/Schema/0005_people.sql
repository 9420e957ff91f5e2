-- min_compatible_version: 1
-- What people show of themselves, whom they keep as contacts, and whom they block. An older node beside this one shows nothing of it and
-- does not honour it; everything has a default, so it need not know. What it writes meanwhile is right afterwards: two triggers see to it.

-- Audiences: 1 everyone, 2 contacts (those whom the person keeps as such), 3 nobody. avatar is a reference that clients resolve.
alter table principals
    add column about text,
    add column avatar text,
    add column last_seen_audience smallint not null default 1 check (last_seen_audience between 1 and 3),
    add column photo_audience smallint not null default 1 check (photo_audience between 1 and 3),
    add column about_audience smallint not null default 1 check (about_audience between 1 and 3),
    add column read_receipts boolean not null default true;

-- The principal's read_receipts, turned round and kept with each membership: who reads a page of chats must not look up a principal for
-- every member of every one of them.
alter table members add column hides_reads boolean not null default false;

-- Of a direct chat: one of the two has blocked the other. Kept with the row that a send locks and updates anyway, so a send looks nothing
-- up, and none can slip past a block that was committed before it.
alter table chats add column blocked boolean not null default false;

-- When the device last got tokens; null is when it was made, which is so for those of an older node, too.
alter table devices add column last_used_at timestamptz;

create function take_read_receipts() returns trigger language plpgsql as $$
begin
    new.hides_reads := coalesce((select not p.read_receipts from principals p where p.id = new.principal_id), false);
    return new;
end $$;
create trigger members_take_read_receipts before insert on members for each row execute function take_read_receipts();

create table contacts (
    principal_id bigint not null references principals (id),
    contact_id bigint not null references principals (id),
    name text,
    favourite boolean not null default false,
    added_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
    primary key (principal_id, contact_id),
    check (principal_id <> contact_id)
);
create index contacts_favourite on contacts (principal_id, contact_id) where favourite;

create table blocks (
    principal_id bigint not null references principals (id),
    blocked_id bigint not null references principals (id),
    blocked_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
    primary key (principal_id, blocked_id),
    check (principal_id <> blocked_id)
);

create function take_block() returns trigger language plpgsql as $$
begin
    new.blocked := exists (
        select from blocks b
        where b.principal_id = new.low_principal_id and b.blocked_id = new.high_principal_id
            or b.principal_id = new.high_principal_id and b.blocked_id = new.low_principal_id);
    return new;
end $$;
create trigger chats_take_block before insert on chats for each row when (new.kind = 1) execute function take_block();
