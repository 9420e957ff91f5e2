-- min_compatible_version: 1
-- The few events of an inbox that are notices (ADR 0037). A message is not in it and pays for a look at its kind. Building it reads the log once:
-- all that writes to the log waits meanwhile, messages and whatever else is an event, and fails after the 2 s of lock_timeout. It is a file of its
-- own, so that others come in between it and the next.
create index events_notices on events (chat_id, sequence) where kind in (8, 9, 48, 49) or kind = 43 and body = 'missed';
