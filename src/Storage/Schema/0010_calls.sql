-- min_compatible_version: 1
-- Voice and video calls: who called whom, who is in it, how it went (ADR 0022). An older node beside this one takes no part in it. It does
-- not take those out of a call whom it removes from a group or blocks: the next sign of life that they give does, or its absence.

-- One row a call. kind: 1 voice, 2 video. status: 1 ringing, 2 answered, 3 ended, 4 declined, 5 missed. reason, once it is over: 1 hung up,
-- 2 declined, 3 cancelled by the caller, 4 nobody answered, 5 everybody was in another call, 6 a participant was lost.
create table calls (
    id bigint generated always as identity primary key,
    chat_id bigint not null references chats (id),
    caller_id bigint not null references principals (id),
    receiver_id bigint references principals (id),
    kind smallint not null check (kind between 1 and 2),
    status smallint not null default 1 check (status between 1 and 5),
    reason smallint check (reason between 1 and 6),
    started_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
    answered_at timestamptz,
    ended_at timestamptz,
    check ((status > 2) = (ended_at is not null)),
    check ((ended_at is null) = (reason is null))
) with (fillfactor = 80);

-- One live call a chat: two who call each other at once meet in it.
create unique index calls_live on calls (chat_id) where status <= 2;

-- state: 1 ringing, 2 in the call, 3 left it, 4 declined, 5 missed, 6 was in another call. endpoint_id is made by the client: the one place
-- (an app, a tab) of device device_id that takes part. due_at: until when it rings, or until when the participant counts as there; a sign of
-- life every few seconds moves it.
create table call_participants (
    call_id bigint not null references calls (id),
    principal_id bigint not null references principals (id),
    state smallint not null check (state between 1 and 6),
    device_id bigint,
    endpoint_id uuid,
    joined_at timestamptz,
    left_at timestamptz,
    due_at timestamptz,
    talked interval not null default interval '0',
    primary key (call_id, principal_id),
    check (state <> 2 or device_id is not null and endpoint_id is not null and joined_at is not null),
    check ((state <= 2) = (due_at is not null))
) with (fillfactor = 70);

-- A person's calls, the newest first.
create index call_participants_person on call_participants (principal_id, call_id);
-- One call a person at a time, whatever races.
create unique index call_participants_in on call_participants (principal_id) where state = 2;
-- A request that is made twice is found by this.
create unique index call_participants_endpoint on call_participants (principal_id, endpoint_id) where endpoint_id is not null;
-- What is over by time; only live calls are in it.
create index call_participants_due on call_participants (due_at) where state <= 2;

-- Whose calls ring (R-150): 1 everyone's, 2 those of contacts, 3 nobody's.
alter table principals add column call_audience smallint not null default 1 check (call_audience between 1 and 3);
