-- min_compatible_version: 1
-- Messages that their senders want to be sent later. An older node beside this one knows nothing of them and sends none; one that knows does.

-- state: 1 waiting, 2 sending, 3 failed, 4 sent, 5 cancelled. What the message says is here as long as it may still be sent; afterwards the log
-- has it, or nobody: the row stays for a while, so that a repeated request is answered as the first one was. digest is of what was asked
-- first. next_at is when a node looks at it: when it is due, when a node that failed tries again, or when the lease of the
-- one that sends it is over. attempts tells one claim from the next;
-- faults counts those that ended without a message and without a refusal.
create table scheduled_messages (
    id bigint generated always as identity primary key,
    sender_id bigint not null references principals (id),
    chat_id bigint not null references chats (id),
    client_message_id uuid not null,
    digest bytea not null,
    body text,
    reply_to bigint,
    content jsonb,
    blob_id uuid references blobs (id),
    due_at timestamptz not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    version integer not null default 1,
    state smallint not null default 1 check (state between 1 and 5),
    next_at timestamptz,
    attempts integer not null default 0,
    faults integer not null default 0,
    reason smallint,
    sequence bigint,
    gone_at timestamptz,
    check ((state <= 2) = (next_at is not null)),
    check ((state >= 3) = (gone_at is not null)),
    check ((state = 3) = (reason is not null)),
    check ((state = 4) = (sequence is not null)),
    check ((state <= 3) = (body is not null))
);
create unique index scheduled_messages_client_message_id on scheduled_messages (sender_id, client_message_id);
create index scheduled_messages_next on scheduled_messages (next_at, id) where next_at is not null;
-- What a person still sees; in it, too, who is in front of whom.
create index scheduled_messages_open on scheduled_messages (sender_id, chat_id, due_at, id) where state <= 3;
create index scheduled_messages_blob on scheduled_messages (blob_id) where blob_id is not null;
create index scheduled_messages_gone on scheduled_messages (gone_at) where gone_at is not null;
