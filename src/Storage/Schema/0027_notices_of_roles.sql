-- min_compatible_version: 1
-- Whom somebody gave another role (ADR 0037). As the file before: all that writes to the log waits while it is built.
create index events_roles on events (subject_id, created_at, chat_id, sequence) where kind = 7;
