-- min_compatible_version: 1
-- How calls were to those who had left a chat before it was deleted (ADR 0035): with the chat its memberships go, which said when.

-- When the person left, where the call went on without them. Set by the deletion of the chat alone.
alter table call_participants add column gone_at timestamptz;

-- The calls of one chat, the live one apart.
create index calls_chat on calls (chat_id, id);
