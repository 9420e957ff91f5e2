-- min_compatible_version: 1
-- Where devices are reached that are not connected (ADR 0027). An older node beside this one pushes nothing of what it commits; the trigger
-- takes the subscription of a device that it signs out.

-- One row a device: signed in there by another person it is another device, and takes the endpoint over. transport: 1 web, 2 fcm, 3 apns. endpoint: an
-- address, or what the transport calls a token; its hash tells it from others, as an index takes no text that long. content, what a
-- notification may say: 1 all, 2 who wrote where, 3 that something came. faults: refusals in a row, of which one an
-- hour counts, the last at fault_at.
create table push_subscriptions (
    device_id bigint primary key references devices (id) on delete cascade,
    principal_id bigint not null references principals (id),
    transport smallint not null check (transport between 1 and 3),
    endpoint text not null,
    endpoint_hash bytea not null,
    p256dh bytea,
    auth bytea,
    content smallint not null check (content between 1 and 3),
    created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
    changed_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
    faults integer not null default 0,
    fault_at timestamptz,
    check ((transport = 1) = (p256dh is not null and auth is not null))
) with (fillfactor = 80);
create unique index push_subscriptions_endpoint on push_subscriptions (endpoint_hash);
create index push_subscriptions_principal on push_subscriptions (principal_id, device_id);

-- The key by which push services know this service, for all nodes the same. private_key is encrypted.
create table push_keys (
    id smallint primary key default 1 check (id = 1),
    public_key bytea not null,
    private_key bytea not null,
    created_at timestamptz not null default clock_timestamp()
);

create function drop_push_subscription() returns trigger language plpgsql as $$
begin
    delete from push_subscriptions where device_id = new.id;
    return null;
end $$;
create trigger devices_drop_push_subscription after update of revoked_at on devices
    for each row when (new.revoked_at is not null) execute function drop_push_subscription();
