-- Principals, accounts, devices, chats, members and the event log.
-- Ids and sequences stay below 2^53 (protocol-spec.md §1), so every client can hold them in a double.

create table settings (
    name text primary key,
    value jsonb not null,
    updated_at timestamptz not null default clock_timestamp()
);

-- A chat's row carries its counter: the lock on it is what numbers events (D2). It is updated with every message, so the
-- table keeps room in each page, and nothing that a message changes is indexed: the update stays heap-only.
create table chats (
    id bigint generated always as identity primary key,
    kind smallint not null check (kind between 1 and 5),
    epoch bigint not null default floor(random() * 9007199254740990)::bigint + 1,
    head_sequence bigint not null default 0,
    member_count integer not null default 0,
    name text,
    low_principal_id bigint,
    high_principal_id bigint,
    created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
    last_activity_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
    check ((kind = 1) = (low_principal_id is not null and high_principal_id is not null)),
    check (low_principal_id < high_principal_id)
) with (fillfactor = 60);

-- One direct chat a pair.
create unique index chats_direct_pair on chats (low_principal_id, high_principal_id) where kind = 1;

create table principals (
    id bigint generated always as identity primary key,
    kind smallint not null check (kind between 1 and 4),
    name text not null,
    inbox_chat_id bigint not null unique references chats (id),
    last_seen_at timestamptz,
    created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp())
) with (fillfactor = 80);

-- email is stored in lower case, phone as E.164: the one who writes normalizes.
create table accounts (
    principal_id bigint primary key references principals (id),
    email text,
    phone text,
    password_hash text not null,
    created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
    constraint accounts_email unique (email),
    constraint accounts_phone unique (phone),
    check (email is not null or phone is not null)
);

create table devices (
    id bigint generated always as identity primary key,
    principal_id bigint not null references principals (id),
    name text not null,
    created_at timestamptz not null default clock_timestamp(),
    revoked_at timestamptz
);
create index devices_principal on devices (principal_id);

-- Rotated tokens stay until they expire: the second use of one is how a theft shows.
create table refresh_tokens (
    token_hash bytea primary key,
    device_id bigint not null references devices (id) on delete cascade,
    expires_at timestamptz not null,
    rotated_at timestamptz
);
create index refresh_tokens_device on refresh_tokens (device_id);

-- One row an interval of membership: from joined_at_sequence to left_at_sequence, both included; null is "still there".
-- Receipts change often: room in each page, and no index over the watermarks.
create table members (
    chat_id bigint not null references chats (id),
    principal_id bigint not null references principals (id),
    role smallint not null check (role between 1 and 2),
    joined_at_sequence bigint not null,
    left_at_sequence bigint,
    delivered_up_to bigint not null default 0,
    read_up_to bigint not null default 0,
    muted_until timestamptz,
    archived boolean not null default false,
    pinned boolean not null default false,
    primary key (chat_id, principal_id, joined_at_sequence),
    check (left_at_sequence >= joined_at_sequence)
) with (fillfactor = 70);

create unique index members_current on members (chat_id, principal_id) where left_at_sequence is null;
create index members_principal on members (principal_id, chat_id);

-- The log. Rows are written once and never updated. There is no foreign key to chats: the writer holds the chat's row locked
-- while it inserts, so the key could only cost. visibility 0 is "everybody in the chat".
create table events (
    chat_id bigint not null,
    sequence bigint not null,
    kind smallint not null,
    sender_id bigint not null,
    created_at timestamptz not null,
    client_message_id uuid,
    target_sequence bigint,
    visibility smallint not null default 0,
    subject_id bigint,
    subject_role smallint,
    body text,
    attributes jsonb,
    primary key (chat_id, sequence)
) partition by hash (chat_id);

create table events_0 partition of events for values with (modulus 8, remainder 0);
create table events_1 partition of events for values with (modulus 8, remainder 1);
create table events_2 partition of events for values with (modulus 8, remainder 2);
create table events_3 partition of events for values with (modulus 8, remainder 3);
create table events_4 partition of events for values with (modulus 8, remainder 4);
create table events_5 partition of events for values with (modulus 8, remainder 5);
create table events_6 partition of events for values with (modulus 8, remainder 6);
create table events_7 partition of events for values with (modulus 8, remainder 7);

-- A send is idempotent (D4).
create unique index events_client_message_id on events (chat_id, sender_id, client_message_id) where client_message_id is not null;
