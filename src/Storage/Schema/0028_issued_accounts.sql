-- min_compatible_version: 1
-- People of apps that have users of their own and mint tokens for them (ADR 0040). An older node beside this one takes no such token; for the
-- rest such a person is to it as any other.

-- They sign in at their app: no address, and '!' where others have the hash of a password, which no password has. Who was there before had an
-- address, so the table is not read for it.
alter table accounts
    drop constraint accounts_check,
    add constraint accounts_sign_in check (email is not null or phone is not null or password_hash = '!') not valid;

-- claimed_name is what the newest token (claimed_at, its iat in seconds) calls the person: only what an app changes there takes the place of a
-- name that the person chose.
create table issued_accounts (
    issuer text not null check (char_length(issuer) between 1 and 64),
    subject text not null check (char_length(subject) between 1 and 128),
    principal_id bigint not null unique references accounts (principal_id),
    claimed_name text,
    claimed_at bigint not null,
    primary key (issuer, subject)
);

-- A device is one sign-in at the app, which names it (sid). Signed out, it stays so, whatever tokens still come.
create table issued_devices (
    device_id bigint primary key references devices (id) on delete cascade,
    principal_id bigint not null references issued_accounts (principal_id),
    session text not null check (char_length(session) between 1 and 128),
    unique (principal_id, session)
);
