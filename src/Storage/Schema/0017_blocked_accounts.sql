-- min_compatible_version: 1
-- What an operator does to an account: blocks it, takes that back, gives it another password. An older node beside this one does not know of
-- blocks: it lets a blocked account sign in again, and sends what it scheduled.

-- Both columns are null, or blocked_at is set. Who writes the reason bounds it: a check would read the whole table under a lock.
alter table accounts add column blocked_at timestamptz, add column blocked_reason text;

-- What operators did, for good; and what each node does with it: it ends the sessions of these devices, refuses their access tokens, and after
-- a reset forgets who guessed at the account's password. kind: 1 blocked, 2 unblocked, 3 password reset.
create table account_orders (
    id bigint generated always as identity primary key,
    principal_id bigint not null references accounts (principal_id),
    kind smallint not null check (kind between 1 and 3),
    device_ids bigint[] not null,
    issued_by text not null,
    issued_at timestamptz not null default clock_timestamp()
);

-- Nodes read the newest every second or two.
create index account_orders_issued on account_orders (issued_at);
