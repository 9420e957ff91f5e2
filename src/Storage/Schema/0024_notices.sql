-- min_compatible_version: 1
-- What a person's list of notices is read from, beside the log (ADR 0037). An older node beside this one knows nothing of it: reactions that
-- it stores are in nobody's list, and neither are sign-ins at it.

-- How far the person has read their notices, Unix ms; it only rises.
alter table principals add column notices_read_up_to bigint not null default 0;

-- Whose message it was that somebody else reacted to, and when (Unix ms), for the author's list. Null for one's own message, and for what was
-- there before. Nothing is built here: no row has an author yet.
alter table message_reactions add column author_id bigint, add column reacted_at bigint;
create index message_reactions_author on message_reactions (author_id, reacted_at, chat_id, sequence, principal_id)
    where author_id is not null and emoji is not null;
