-- min_compatible_version: 1
-- Reactions to a person's messages (ADR 0037), the newest at its end. Each reaction is read once to build it, and none enters it but what was stored
-- since the file before: nobody reacts meanwhile.
create index message_reactions_author on message_reactions (author_id, reacted_at, chat_id, sequence, principal_id)
    where author_id is not null and emoji is not null;
