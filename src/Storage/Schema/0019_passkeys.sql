-- min_compatible_version: 1
-- Passkeys (WebAuthn): what an account signs in with in the place of its password and its code. An older node beside this one knows none.

-- What is needed to verify a signature and to name the passkey, and no more: the attestation is not kept. id names it to its owner.
create table passkeys (
    credential_id bytea primary key check (octet_length(credential_id) between 1 and 1023),
    id bigint generated always as identity unique,
    principal_id bigint not null references accounts (principal_id),
    public_key bytea not null,
    sign_count bigint not null,
    transports text[] not null,
    is_backup_eligible boolean not null,
    is_backed_up boolean not null,
    name text not null,
    created_at timestamptz not null default clock_timestamp(),
    last_used_at timestamptz
);

create index passkeys_of_account on passkeys (principal_id, id);

-- Ceremonies that were finished: each is good once, on whatever node. A row outlives its ceremony, which has not its time from this clock.
create table passkey_ceremonies (
    hash bytea primary key,
    expires_at timestamptz not null
);

create index passkey_ceremonies_expired on passkey_ceremonies (expires_at);
