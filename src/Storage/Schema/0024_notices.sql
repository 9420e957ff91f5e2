-- min_compatible_version: 1
-- What a person's list of notices is read from, beside the log (ADR 0037). An older node beside this one knows nothing of it: a reaction that it
-- stores is in nobody's list, unless it takes the place of one that this one stored, which keeps its time; and neither are sign-ins at it. No row is
-- read or written here; the indexes have files of their own, so that no lock of these is held while they are built.

-- How far the person has read their notices, Unix ms; it only rises.
alter table principals add column notices_read_up_to bigint not null default 0;

-- Whose message it was that somebody else reacted to, and when (Unix ms), for the author's list. Null for one's own message, and for what was
-- there before.
alter table message_reactions add column author_id bigint, add column reacted_at bigint;
