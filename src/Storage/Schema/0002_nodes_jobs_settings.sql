-- min_compatible_version: 1
-- What many nodes on one database need: who runs, which jobs are due, who changed a setting, and which programs may use this schema.

-- The oldest program (by the version of its own schema) that works beside this one: each file names it in its first line. An older node
-- starts as long as no landed file asks for more than it has.
alter table schema_migrations add column min_compatible_version integer not null default 1;

-- One row a node, by name; a restart takes the row over. Who holds the name is decided by an advisory lock, not here. renewed_at is
-- written every few seconds: room in the page, and no index over it, keep the update heap-only.
create table nodes (
    id text primary key,
    incarnation bigint not null,
    version text not null,
    protocol_version integer not null,
    schema_version integer not null,
    address text not null,
    started_at timestamptz not null default clock_timestamp(),
    renewed_at timestamptz not null default clock_timestamp(),
    ended_at timestamptz
) with (fillfactor = 50);

-- Work that one node does for all. run counts the leases that were given: whoever ends or renews a run names its number, so one that lost
-- its lease can change nothing. All times are this server's.
create table jobs (
    name text primary key,
    run bigint not null default 0,
    lease_owner text,
    lease_until timestamptz,
    last_started_at timestamptz,
    last_ended_at timestamptz,
    last_outcome text,
    next_at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);

-- Every change of a row of settings. A null value took the setting back to what the node is configured with.
create table settings_history (
    id bigint generated always as identity primary key,
    name text not null,
    value jsonb,
    changed_by text not null,
    changed_at timestamptz not null
);
create index settings_history_name on settings_history (name, id);

-- The job that deletes expired tokens finds them by this.
create index refresh_tokens_expiry on refresh_tokens (expires_at);
