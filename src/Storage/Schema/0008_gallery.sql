-- min_compatible_version: 1
-- The gallery: messages that are more than text, by what they are. Plain text, nearly all there is, is not in it and pays for the question
-- alone. Building it reads each partition once; messages wait meanwhile (a second for a few millions), and nothing else does: it is a file of
-- its own, so that no lock on another table is held for as long.
create index events_content on events (chat_id, ((attributes->'content'->>'kind')), sequence) where (attributes->'content') is not null;
