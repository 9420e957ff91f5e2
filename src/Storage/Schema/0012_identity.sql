-- min_compatible_version: 1
-- Codes by which people prove that an e-mail address or a phone number is theirs, or get a new password, and the second step of a sign-in.

alter table accounts add column email_verified_at timestamptz, add column phone_verified_at timestamptz;

-- One code a purpose (1 verifies the e-mail, 2 the phone, 3 resets the password): a newer one voids it. target is where it was sent, so that a code
-- for an address that was changed meanwhile proves nothing about the new one.
create table account_codes (
    principal_id bigint not null references accounts (principal_id),
    purpose smallint not null check (purpose between 1 and 3),
    target text not null,
    code_hash bytea not null,
    attempts_left smallint not null,
    issued smallint not null default 1,
    created_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null,
    primary key (principal_id, purpose)
);

-- secret is encrypted. Until confirmed_at it asks nothing of anybody. last_step is the newest time step whose code was taken: none is taken
-- twice (RFC 6238 §5.2).
create table two_step (
    principal_id bigint primary key references accounts (principal_id),
    secret bytea not null,
    last_step bigint not null default 0,
    created_at timestamptz not null default clock_timestamp(),
    confirmed_at timestamptz
);

create table recovery_codes (
    principal_id bigint not null references two_step (principal_id) on delete cascade,
    code_hash bytea not null,
    primary key (principal_id, code_hash)
);
