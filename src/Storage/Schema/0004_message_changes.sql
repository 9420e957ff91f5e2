-- min_compatible_version: 1
-- What became of messages: edits, deletion for everyone, reactions, pins. Each of them is an event of its chat's log, which stays what it
-- was. These tables hold what the events about one message add up to, so that a page of history need not gather them. They are written
-- in the transaction of the event, with the chat's row locked. An older node beside a newer one shows messages as they were sent,
-- passes the events on, and reads none of the texts that are kept from it (events.attributes->>'withheld').

-- One row a message that was changed. as_of is the sequence of the newest change that is counted in. reactions: emoji to how many.
create table message_changes (
    chat_id bigint not null,
    sequence bigint not null,
    as_of bigint not null,
    edited_as bigint,
    edited_at timestamptz,
    deleted_by bigint,
    deleted_at timestamptz,
    pinned_by bigint,
    pinned_at timestamptz,
    reactions jsonb,
    primary key (chat_id, sequence),
    check ((deleted_by is null) = (deleted_at is null)),
    check ((pinned_by is null) = (pinned_at is null))
) with (fillfactor = 70);
create index message_changes_pinned on message_changes (chat_id, sequence) where pinned_at is not null;

-- Which events edited a message: one who left sees the text as it was then, a moderator all of them. The texts are the events' own.
create table message_edits (
    chat_id bigint not null,
    message_sequence bigint not null,
    edit_sequence bigint not null,
    primary key (chat_id, message_sequence, edit_sequence)
);

-- One reaction a person and message; a null emoji was taken back. event_sequence is the event that said so last.
create table message_reactions (
    chat_id bigint not null,
    sequence bigint not null,
    principal_id bigint not null,
    emoji text,
    event_sequence bigint not null,
    primary key (chat_id, sequence, principal_id)
) with (fillfactor = 70);

-- Events that nobody has to read: all that are no message. ordinal counts them per chat from 1, so that how many lie between two sequences
-- is known from two rows. What was written before, or by an older node beside a newer one, is not here and counts as unread, as it did.
create table quiet_events (
    chat_id bigint not null,
    sequence bigint not null,
    ordinal bigint not null,
    primary key (chat_id, sequence) include (ordinal)
);

-- What one person starred, for that person alone. event_sequence is the event of the person's inbox that said so last; a row whose star was
-- taken away is deleted. The list runs by it, the newest first.
create table starred_messages (
    principal_id bigint not null,
    chat_id bigint not null,
    sequence bigint not null,
    event_sequence bigint not null,
    primary key (principal_id, chat_id, sequence)
);
create index starred_messages_newest on starred_messages (principal_id, event_sequence desc);

-- What one person deleted for themselves, for good: nothing that this person is shown has it. event_sequence as above.
create table hidden_messages (
    principal_id bigint not null,
    chat_id bigint not null,
    sequence bigint not null,
    event_sequence bigint not null,
    primary key (principal_id, chat_id, sequence)
);
