-- min_compatible_version: 1
-- The few events of the log that are notices (ADR 0037): of an inbox, and of whom somebody gave another role. A message is in neither index and
-- pays for two looks at its kind. Building them reads each partition twice; messages wait meanwhile (a second or two for a few millions), and
-- nothing else does: it is a file of its own, so that no lock on another table is held for as long.
create index events_notices on events (chat_id, sequence) where kind in (8, 9, 48, 49) or kind = 43 and body = 'missed';
create index events_roles on events (subject_id, created_at, chat_id, sequence) where kind = 7;
